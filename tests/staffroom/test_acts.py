"""What one reviewer may do, and what happens when two do it at once."""

from datetime import date, datetime, timedelta

import pytest

from portal.clock import SHANGHAI
from portal.closure import holding
from portal.closure.explained import public_text
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Actor, read
from portal.services import Services
from portal.staffroom import acts
from portal.staffroom.acts import Grounds, PublicTextFixedError, SecondPersonNeededError
from portal.staffroom.members import Member
from portal.staffroom.overtaken import OvertakenError
from portal.store import alerts, tasks
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.closure import upstream
from tests.closure.faults import Down, watched
from tests.closure.journeys import events_of, reload, tasks_of
from tests.fakes import FakeClock
from tests.races import at_once
from tests.work import work

WORDS = Grounds(public="请补交材料。", internal="工单 7", basis="第三条第 5 款", source="客服")
DAY = date(2026, 11, 30)


def hold(
    services: Services, me: Member, closure: Closure, reason: Reason = Reason.DISPUTE
) -> Closure:
    words = WORDS if reason is not Reason.AUTHORITY else Grounds(internal="来函")
    acts.hold(services, me, closure, closure.version, reason, words, DAY)
    return reload(services, closure)


def business(services: Services, closure: Closure) -> dict[str, object]:
    with services.store.begin() as session:
        event = events_of(services, closure)[-1]
        return dict(read(session, services.vault, event, Purpose.BUSINESS) or {})


def test_a_hold_keeps_its_grounds_sealed_and_its_day(
    services: Services, closure: Closure, li: Member
) -> None:
    held = hold(services, li, closure)
    assert (held.state, held.hold_reason) == (State.HELD, Reason.DISPUTE)
    assert held.review_by == datetime(2026, 12, 1, tzinfo=SHANGHAI)
    assert business(services, closure) == {
        "reason": "dispute",
        "public": "请补交材料。",
        "internal": "工单 7",
        "basis": "第三条第 5 款",
        "source": "客服",
        "review_on": "2026-11-30",
    }
    assert events_of(services, closure)[-1].actor == li.actor


def test_the_person_reads_the_public_text_while_it_is_held(
    services: Services, closure: Closure, li: Member
) -> None:
    assert public_text(services, hold(services, li, closure)) == "请补交材料。"
    acts.resume(services, li, reload(services, closure), 2, "了结")
    assert public_text(services, reload(services, closure)) is None


def test_what_the_review_holds_has_the_reasons_own_words(
    services: Services, closure: Closure
) -> None:
    held = holding.hold(services, closure.id, Reason.DEBT, Actor.PORTAL, {"conditions": [2]})
    assert public_text(services, held) is None
    assert held.review_by is None


def test_for_an_authority_nobody_writes_other_words(
    services: Services, closure: Closure, li: Member
) -> None:
    with pytest.raises(PublicTextFixedError):
        acts.hold(services, li, closure, closure.version, Reason.AUTHORITY, WORDS, DAY)
    assert reload(services, closure).state == State.PENDING


def test_a_refusal_keeps_its_text_after_the_journey_is_gone(
    services: Services, closure: Closure, li: Member
) -> None:
    acts.refuse(services, li, closure, closure.version, Reason.NOT_OWNER, WORDS)
    refused = reload(services, closure)
    assert (refused.state, refused.end_reason) == (State.REFUSED, Reason.NOT_OWNER)
    assert public_text(services, refused) == "请补交材料。"
    work(services)
    assert upstream.can_sign_in(services, CLEAN_SEEKER)


def test_resuming_forgets_the_day(services: Services, closure: Closure, li: Member) -> None:
    held = hold(services, li, closure)
    acts.resume(services, li, held, held.version, "双方和解")
    assert reload(services, closure).review_by is None
    assert business(services, closure) == {"internal": "双方和解"}


def test_nobody_alone_releases_a_hold_by_an_authority(
    services: Services, closure: Closure, li: Member
) -> None:
    held = hold(services, li, closure, Reason.AUTHORITY)
    with pytest.raises(SecondPersonNeededError):
        acts.resume(services, li, held, held.version, "了结")
    assert reload(services, closure).state == State.HELD


@pytest.mark.usefixtures("both_databases")
def test_of_two_reviewers_at_once_one_wins_and_the_other_hears_who(
    services: Services, clock: FakeClock, closure: Closure, li: Member, wang: Member
) -> None:
    clock.advance(minutes=5)

    def decides(number: int) -> OvertakenError | None:
        try:
            hold(services, (li, wang)[number], closure)
        except OvertakenError as error:
            return error
        return None

    errors = at_once(2, decides)
    (loser,) = [one for one in errors if one]
    winner = (li, wang)[errors.index(None)]
    assert (loser.by, loser.at) == (winner.actor, clock())
    assert [one.kind for one in events_of(services, closure)].count("closure.held") == 1


def test_an_old_page_acts_on_nothing(
    services: Services, closure: Closure, li: Member, wang: Member
) -> None:
    held = hold(services, li, closure)
    acts.resume(services, li, held, held.version, "了结")
    with pytest.raises(OvertakenError):
        hold(services, wang, closure)
    assert reload(services, closure).state == State.PENDING


def test_the_person_can_be_faster_too(services: Services, closure: Closure, li: Member) -> None:
    restore(services, closure.id)
    with pytest.raises(OvertakenError) as late:
        hold(services, li, closure)
    assert late.value.by == Actor.PERSON


def test_a_task_that_waits_after_a_failure_is_done_at_once(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    clock.at(closure.erase_at)
    work(watched(services, Down("plan")))
    (task,) = tasks_of(services, tasks.Kind.ERASE)
    assert (task.attempts, task.due_at > clock()) == (1, True)
    assert acts.hasten(services, li, closure, tasks.Kind.ERASE)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert "task.hastened" in {one.kind for one in events_of(services, closure)}


def test_a_task_that_only_waits_for_its_time_is_not_brought_forward(
    services: Services, closure: Closure, li: Member
) -> None:
    assert not acts.hasten(services, li, closure, tasks.Kind.ERASE)
    assert tasks_of(services, tasks.Kind.ERASE)[0].due_at == closure.erase_at


def test_hastening_a_failed_reading_erases_nothing_early(
    services: Services, clock: FakeClock, closure: Closure, li: Member
) -> None:
    clock.at(closure.erase_at)
    work(watched(services, Down("standing")))
    clock.at(closure.erase_at - timedelta(hours=1))
    acts.hasten(services, li, closure, tasks.Kind.ERASE)
    work(services)
    assert reload(services, closure).state == State.PENDING


def test_an_alert_is_acknowledged_once_and_told(
    services: Services, clock: FakeClock, li: Member, wang: Member
) -> None:
    with services.store.begin() as session:
        alerts.raise_alert(session, alerts.Kind.OVERDUE, "ZX-22222-22222", clock())
        (alert,) = alerts.open_alerts(session)
    assert acts.acknowledge(services, li, alert.id)
    assert not acts.acknowledge(services, wang, alert.id)
