"""One person's walk: which step is next, what each keeps, and what sends one back."""

from dataclasses import replace

import pytest

from portal.accounts.system import Account, AccountSystemUnavailableError, Identity, Role
from portal.closure import journey as walk
from portal.closure.journey import FactsChangedError, Stage, side_of, stage_of
from portal.closure.scope import UnknownSideError
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Kind, read
from portal.services import Services
from portal.store.tables import Event, Journey
from tests.cast import CLEAN_SEEKER, COINS, DEBT, MANY_IDENTITIES, RECRUITER
from tests.closure import upstream
from tests.closure.faults import Down, watched
from tests.closure.journeys import (
    Walked,
    accepted,
    confirm,
    events_of,
    journey_of,
    verified,
    walked,
)

SEEKER = Identity("s", Role.SEEKER, None)
RECRUITING = Identity("r", Role.RECRUITER, "甲公司")
SIDE = MANY_IDENTITIES.recruiter_id(1002)


def account(*identities: Identity) -> Account:
    return Account("a", "+8619900000001", identities)


def journey(**values: object) -> Journey:
    return Journey(**{"version": "V1", "account_id": "a", "side": None} | values)


DONE = {"confirmed": b"x", "consequences": b"y"}
STAGES = [
    (None, account(SEEKER), Stage.NOTICE),
    (journey(version="V0", **DONE), account(SEEKER), Stage.NOTICE),
    (journey(account_id=None), None, Stage.VERIFY),
    (journey(account_id=None), account(SEEKER), Stage.VERIFY),
    (journey(), None, Stage.VERIFY),
    (journey(account_id="b", **DONE), account(SEEKER), Stage.NOTICE),
    (journey(), account(SEEKER, RECRUITING), Stage.SIDE),
    (journey(side="gone", **DONE), account(SEEKER, RECRUITING), Stage.SIDE),
    (journey(side="r"), account(SEEKER, RECRUITING), Stage.CONDITIONS),
    (journey(), account(SEEKER), Stage.CONDITIONS),
    (journey(confirmed=b"x"), account(SEEKER), Stage.CONSEQUENCES),
    (journey(**DONE), account(SEEKER), Stage.CONFIRM),
]


@pytest.mark.parametrize(("begun", "who", "stage"), STAGES)
def test_the_next_step_is_the_first_not_yet_done(
    begun: Journey | None, who: Account | None, stage: Stage
) -> None:
    assert stage_of(begun, who, "V1") is stage


def test_a_single_identity_is_the_side_whatever_was_chosen() -> None:
    assert side_of(journey(), account(RECRUITING)) == "r"
    assert side_of(journey(side="gone"), account(RECRUITING)) == "r"
    assert side_of(journey(), account(SEEKER, RECRUITING)) is None


@pytest.fixture
def ready(services: Services) -> Walked:
    """Somebody with coins who only has to submit."""
    return walked(services, COINS)


def reread(services: Services, of: Walked) -> Journey:
    with services.store.begin() as session:
        return session.get_one(Journey, of.journey.id)


def told(services: Services, of: Walked) -> list[Event]:
    return events_of(services, of.journey)


def test_what_was_confirmed_is_kept_and_told_sealed(services: Services, ready: Walked) -> None:
    kept = walk.confirmed(services, ready.journey)
    assert [(one["name"], one["quantity"]) for one in kept["assets"]] == [
        ("智联币", 120),
        ("VIP会员服务", 34),
        ("简历置顶服务", 2),
    ]
    assert kept["conditions"]["2"] == "confirm"
    (event,) = [one for one in told(services, ready) if one.kind == Kind.CONDITIONS_CONFIRMED]
    with services.store.begin() as session:
        assert read(session, services.vault, event, Purpose.BUSINESS) == kept
    assert "智联币".encode() not in (ready.journey.confirmed or b"")
    assert "智联币" not in str(event.facts)


def test_the_snapshot_shown_is_kept_sealed(services: Services, ready: Walked) -> None:
    (event,) = [one for one in told(services, ready) if one.kind == Kind.CONSEQUENCES_SHOWN]
    with services.store.begin() as session:
        shown = read(session, services.vault, event, Purpose.BUSINESS)
    assert shown is not None
    assert shown["shown_at"] == services.clock().isoformat()
    assert shown["holdings"]["identities"][0]["identity"]["id"] == COINS.seeker_id
    assert COINS.seeker_id.encode() not in (ready.journey.consequences or b"")


def test_other_assets_than_the_ones_shown_are_not_confirmed(services: Services) -> None:
    token = accepted(services)
    verified(services, COINS, token)
    begun, who = journey_of(services, token), services.accounts.account(COINS.id)
    assert who is not None
    seen = walk.assets_digest(services, begun, walk.read_facts(services, begun, who))
    upstream.use_up_assets(services, COINS.seeker_id)
    with pytest.raises(FactsChangedError) as changed:
        walk.confirm_conditions(services, begun, walk.read_facts(services, begun, who), seen)
    assert changed.value.stage is Stage.CONDITIONS
    assert journey_of(services, token).confirmed is None


def test_failing_conditions_are_not_confirmed(services: Services) -> None:
    with pytest.raises(FactsChangedError) as changed:
        walked(services, DEBT)
    assert changed.value.stage is Stage.CONDITIONS


def test_the_digest_of_the_assets_fits_one_journey_only(services: Services) -> None:
    one, other = walked(services, CLEAN_SEEKER), walked(services, COINS)
    facts = walk.read_facts(services, one.journey, one.account)
    digests = {walk.assets_digest(services, of.journey, facts) for of in (one, other)}
    assert len(digests) == 2


def test_confirming_again_asks_for_the_consequences_again(
    services: Services, ready: Walked
) -> None:
    facts = walk.read_facts(services, ready.journey, ready.account)
    seen = walk.assets_digest(services, ready.journey, facts)
    walk.confirm_conditions(services, ready.journey, facts, seen)
    assert stage_of(reread(services, ready), ready.account, "2025V1") is Stage.CONSEQUENCES


def test_choosing_another_side_forgets_what_was_confirmed(services: Services) -> None:
    ready = walked(services, MANY_IDENTITIES, SIDE)
    walk.choose_side(services, ready.journey, ready.account, MANY_IDENTITIES.seeker_id)
    now = reread(services, ready)
    assert (now.side, now.confirmed, now.consequences) == (MANY_IDENTITIES.seeker_id, None, None)


def test_choosing_the_same_side_again_keeps_everything(services: Services) -> None:
    ready = walked(services, MANY_IDENTITIES, SIDE)
    walk.choose_side(services, ready.journey, ready.account, SIDE)
    assert stage_of(reread(services, ready), ready.account, "2025V1") is Stage.CONFIRM


def test_somebody_elses_identity_can_not_be_chosen(services: Services) -> None:
    ready = walked(services, MANY_IDENTITIES, SIDE)
    with pytest.raises(UnknownSideError):
        walk.choose_side(services, ready.journey, ready.account, CLEAN_SEEKER.seeker_id)
    assert reread(services, ready).side == SIDE


def test_a_submitted_journey_is_not_changed_any_more(services: Services) -> None:
    ready = walked(services, MANY_IDENTITIES, SIDE)
    ready.submit(services)
    walk.choose_side(services, ready.journey, ready.account, MANY_IDENTITIES.seeker_id)
    assert reread(services, ready).side == SIDE


def compared(services: Services, ready: Walked) -> Stage | None:
    """Where a comparison with the facts of now sends the person; None: nowhere."""
    facts = walk.read_facts(services, ready.journey, ready.account)
    try:
        walk.compare(services, ready.journey, facts)
    except FactsChangedError as changed:
        return changed.stage
    return None


def test_unchanged_facts_let_one_go_on(services: Services, ready: Walked) -> None:
    assert compared(services, ready) is None


def test_more_rows_of_a_category_let_one_go_on(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    upstream.search(services, CLEAN_SEEKER)
    assert compared(services, ready) is None


def test_spent_assets_send_one_back_to_the_conditions(services: Services, ready: Walked) -> None:
    upstream.use_up_assets(services, COINS.seeker_id)
    assert compared(services, ready) is Stage.CONDITIONS


def test_another_job_sends_one_back_to_the_consequences(services: Services) -> None:
    ready = walked(services, RECRUITER)
    upstream.advertise(services, RECRUITER.recruiter_id(1001), 1001)
    assert compared(services, ready) is Stage.CONSEQUENCES


def test_another_reading_of_the_clause_on_jobs_shows_the_consequences_again(
    services: Services,
) -> None:
    ready = walked(services, RECRUITER)
    every = replace(services, settings=replace(services.settings, jobs_go_offline="all"))
    assert compared(every, ready) is Stage.CONSEQUENCES


def test_the_last_form_names_all_that_it_sums_up(services: Services) -> None:
    ready = walked(services, MANY_IDENTITIES, SIDE)
    agreed = walk.agreed_digest(services, ready.journey, ready.account)
    assert walk.agreed_digest(services, reread(services, ready), ready.account) == agreed
    confirm(services, ready.journey, ready.account)
    assert walk.agreed_digest(services, reread(services, ready), ready.account) != agreed


def test_facts_that_can_not_be_read_are_never_taken_for_good(
    services: Services, ready: Walked
) -> None:
    with pytest.raises(AccountSystemUnavailableError):
        walk.read_facts(watched(services, Down("standing")), ready.journey, ready.account)
