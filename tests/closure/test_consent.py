"""Consent to one exact version (PIPL 14 to 17; SECURITY C1, C2)."""

from dataclasses import replace
from datetime import timedelta
from hashlib import sha256

import pytest
from sqlalchemy import func, select

from portal.closure import consent, verify
from portal.closure.consent import NoticeChangedError, Shown
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Kind, read
from portal.notice.register import Register
from portal.services import Services
from portal.store.tables import Journey
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import BOX, accepted, events_of, journey_of, verified, walked
from tests.fakes import FakeClock
from tests.notice.notices import DIRECTORY as TWO_VERSIONS
from tests.races import at_once

ME = CLEAN_SEEKER.id
AGREED = "我已阅读并同意《智联账号注销须知》（版本 2025V1）"


def shown(services: Services) -> Shown:
    return consent.shown_now(services, BOX, "zh-Hans")


def drafts(services: Services) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(Journey)) or 0


def bound(services: Services, token: str) -> Journey:
    verified(services, CLEAN_SEEKER, token)
    return journey_of(services, token)


def test_showing_the_notice_stores_nothing(services: Services, clock: FakeClock) -> None:
    now = shown(services)
    assert (now.version, now.language, now.shown_at) == ("2025V1", "zh-Hans", clock())
    assert drafts(services) == 0


def test_accepting_keeps_exactly_what_was_shown_and_when(
    services: Services, clock: FakeClock
) -> None:
    before = shown(services)
    clock.advance(minutes=3)
    token = consent.accept(services, before, None, None)
    journey = journey_of(services, token)
    source = (services.settings.notices / "2025V1.md").read_bytes()
    fragment = services.notices.get("2025V1").fragment
    assert journey.source_sha256 == sha256(source).hexdigest()
    assert journey.fragment_sha256 == sha256(fragment.html.encode()).hexdigest()
    assert (journey.bold_ids, len(journey.bold_ids)) == (list(fragment.bold_ids), 11)
    assert (journey.box_wording, journey.language) == (AGREED, "zh-Hans")
    assert (journey.shown_at, journey.accepted_at) == (clock() - timedelta(minutes=3), clock())


def test_a_draft_is_nobodys_and_told_to_nobody(services: Services) -> None:
    journey = journey_of(services, accepted(services))
    assert journey.account_id is None
    assert events_of(services, journey) == []


def test_only_the_tokens_hash_is_kept(services: Services) -> None:
    token = accepted(services)
    assert journey_of(services, token).token_hash == sha256(token.encode()).hexdigest()


@pytest.mark.parametrize("change", [{"version": "2024V1"}, {"fragment_sha256": "0" * 64}])
def test_another_text_than_the_one_in_force_is_not_accepted(
    services: Services, change: dict[str, str]
) -> None:
    with pytest.raises(NoticeChangedError):
        consent.accept(services, replace(shown(services), **change), None, None)
    assert drafts(services) == 0


def test_a_version_that_came_into_force_meanwhile_is_not_accepted(
    services: Services, clock: FakeClock
) -> None:
    services = replace(services, notices=Register.load(TWO_VERSIONS))
    clock.at(services.notices.get("2026V1").in_force_at - timedelta(seconds=1))
    before = shown(services)
    clock.advance(seconds=1)
    with pytest.raises(NoticeChangedError, match="2026V1"):
        consent.accept(services, before, None, None)
    assert consent.accept(services, shown(services), None, None)


def test_accepting_again_in_the_same_browser_keeps_one_draft(services: Services) -> None:
    token = accepted(services)
    assert consent.accept(services, shown(services), token, None) == token
    assert drafts(services) == 1


@pytest.mark.parametrize("token", ["", "unknown"])
def test_an_unknown_token_begins_anew(services: Services, token: str) -> None:
    assert consent.accept(services, shown(services), token, None) != token
    assert drafts(services) == 1


def test_a_submitted_journey_is_never_accepted_over(services: Services) -> None:
    token = accepted(services)
    journey = bound(services, token)
    with services.store.begin() as session:
        session.get_one(Journey, journey.id).submitted_at = services.clock()
    assert consent.accept(services, shown(services), token, ME) != token
    assert len(events_of(services, journey)) == 3


@pytest.mark.parametrize("visitor", [None, COINS.id])
def test_nobody_else_adds_to_a_journey_that_is_bound(
    services: Services, visitor: str | None
) -> None:
    token = accepted(services)
    journey = bound(services, token)
    assert consent.accept(services, shown(services), token, visitor) != token
    assert len(events_of(services, journey)) == 3


def test_a_draft_is_found_for_24_hours(services: Services, clock: FakeClock) -> None:
    token = accepted(services)
    clock.advance(hours=24, seconds=-1)
    assert journey_of(services, token)
    clock.advance(seconds=1)
    with services.store.begin() as session:
        assert consent.find(session, token, clock()) is None


def test_binding_tells_shown_accepted_and_verified_with_their_own_times(
    services: Services, clock: FakeClock
) -> None:
    before = shown(services)
    clock.advance(minutes=2)
    token = consent.accept(services, before, None, None)
    clock.advance(minutes=1)
    journey = bound(services, token)
    events = [(event.kind, event.at) for event in events_of(services, journey)]
    assert journey.account_id == ME
    assert events == [
        (Kind.NOTICE_SHOWN, clock() - timedelta(minutes=3)),
        (Kind.NOTICE_ACCEPTED, clock() - timedelta(minutes=1)),
        (Kind.CODE_VERIFIED, clock()),
    ]


def test_the_ledger_tells_the_text_openly_and_the_person_sealed(services: Services) -> None:
    journey = bound(services, accepted(services))
    _, accepted_then, verified_then = events_of(services, journey)
    assert accepted_then.facts["version"] == "2025V1"
    assert accepted_then.facts["box"] == AGREED
    assert len(accepted_then.facts["bold"]) == 11
    with services.store.begin() as session:
        assert read(session, services.vault, accepted_then, Purpose.EVIDENCE) == {"account": ME}
        assert read(session, services.vault, verified_then, Purpose.EVIDENCE) == {
            "account": ME,
            "phone": CLEAN_SEEKER.phone,
        }
    assert all(ME not in str(event.facts) for event in events_of(services, journey))


def test_accepting_a_new_version_in_mid_journey_is_told_too(services: Services) -> None:
    token = accepted(services)
    journey = bound(services, token)
    assert consent.accept(services, shown(services), token, ME) == token
    kinds = [event.kind for event in events_of(services, journey)]
    assert kinds[3:] == [Kind.NOTICE_SHOWN, Kind.NOTICE_ACCEPTED]


def test_verifying_again_tells_only_the_verification(services: Services) -> None:
    token = accepted(services)
    journey = bound(services, token)
    services.clock.advance(minutes=20)
    verified(services, CLEAN_SEEKER, token)
    assert [event.kind for event in events_of(services, journey)][3:] == [Kind.CODE_VERIFIED]


@pytest.mark.usefixtures("both_databases")
def test_two_tabs_that_bind_one_draft_at_once_tell_the_consent_once(services: Services) -> None:
    visitor = verified(services, CLEAN_SEEKER)
    token = accepted(services)
    at_once(4, lambda _: verify.bind_signed_in(services, token, visitor))
    kinds = [event.kind for event in events_of(services, journey_of(services, token))]
    assert kinds.count(Kind.NOTICE_SHOWN) == kinds.count(Kind.NOTICE_ACCEPTED) == 1
    assert len(kinds) == 6


@pytest.mark.usefixtures("both_databases")
def test_of_two_people_who_bind_one_draft_at_once_one_has_it(services: Services) -> None:
    visitors = [verified(services, person) for person in (CLEAN_SEEKER, COINS)]
    token = accepted(services)
    at_once(2, lambda number: verify.bind_signed_in(services, token, visitors[number]))
    journey = journey_of(services, token)
    events = events_of(services, journey)
    with services.store.begin() as session:
        told = [read(session, services.vault, event, Purpose.EVIDENCE) for event in events]
    assert [one["account"] for one in told if one] == [journey.account_id] * 3


def test_consent_precedes_submission_in_the_ledger(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    ready.submit(services)
    kinds = [event.kind for event in events_of(services, ready.journey)]
    assert kinds == [
        Kind.NOTICE_SHOWN,
        Kind.NOTICE_ACCEPTED,
        Kind.CODE_VERIFIED,
        Kind.CONDITIONS_CONFIRMED,
        Kind.CONSEQUENCES_SHOWN,
        Kind.SUBMITTED,
    ]
