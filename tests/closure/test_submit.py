"""Taking the request: one closure per account, with everything that must follow from it."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.closure.journey import FactsChangedError, Stage
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.closure.submit import existing, new_reference
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Kind, read
from portal.jobs.queue import RedisBell, connect
from portal.notice.register import Register
from portal.services import Services
from portal.store.tables import Closure, Event, Journey
from portal.store.tasks import Kind as Task
from tests.cast import CLEAN_SEEKER, COINS, MANY_IDENTITIES, RECRUITER
from tests.closure import upstream
from tests.closure.faults import Down, watched
from tests.closure.journeys import (
    Walked,
    send_messages,
    submitted,
    tasks_of,
    walked,
)
from tests.fakes import FakeClock, FakeGateway
from tests.notice.notices import DIRECTORY as TWO_VERSIONS
from tests.races import at_once

ONE_SET = [Task.ACCESS, Task.ERASE, Task.MESSAGE, Task.REMIND, Task.REVIEW]


def closures(services: Services) -> list[Closure]:
    with services.store.begin() as session:
        return list(session.scalars(select(Closure)))


def stage_asked_for(services: Services, ready: Walked) -> Stage:
    """Where a submission that must not be taken sends the person."""
    with pytest.raises(FactsChangedError) as changed:
        ready.submit(services)
    assert closures(services) == []
    return changed.value.stage


def link_messages(gateway: FakeGateway) -> int:
    return sum("/p/" in text for _, text in gateway.sent)


def test_a_closure_begins_pending_with_the_promised_instants(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    assert (closure.state, closure.whole) == (State.PENDING, True)
    assert closure.submitted_at == services.clock()
    assert closure.erase_at == services.clock() + timedelta(hours=108)
    assert closure.promise_at == services.clock() + timedelta(hours=120)


def test_everything_that_must_follow_is_on_the_list(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    due = {task.kind: task.due_at for task in tasks_of(services)}
    now = services.clock()
    assert sorted(due) == ONE_SET
    later = {"remind": closure.erase_at - timedelta(hours=24), "erase": closure.erase_at}
    assert due == {"access": now, "review": now, "message": now, **later}


def test_the_sms_bears_the_reference_and_the_link(services: Services, gateway: FakeGateway) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    send_messages(services)
    phone, text = gateway.sent[-1]
    assert phone == CLEAN_SEEKER.phone
    assert closure.reference in text
    assert link_messages(gateway) == 1


def test_who_submitted_is_evidence_and_not_readable(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        event = session.scalars(select(Event).where(Event.kind == Kind.SUBMITTED)).one()
        assert read(session, services.vault, event, Purpose.EVIDENCE) == {
            "account": CLEAN_SEEKER.id,
            "identities": [CLEAN_SEEKER.seeker_id],
        }
    assert event.facts["reference"] == closure.reference
    assert CLEAN_SEEKER.id not in str(event.facts)


def test_one_side_takes_only_its_identity(services: Services) -> None:
    side = MANY_IDENTITIES.recruiter_id(1002)
    closure = submitted(services, MANY_IDENTITIES, side)
    assert (closure.whole, closure.identity_ids) == (False, [side])


def test_the_seeker_side_takes_all_identities(services: Services) -> None:
    closure = submitted(services, MANY_IDENTITIES, MANY_IDENTITIES.seeker_id)
    assert closure.whole
    assert set(closure.identity_ids) == {
        MANY_IDENTITIES.seeker_id,
        MANY_IDENTITIES.recruiter_id(1002),
        MANY_IDENTITIES.recruiter_id(1003),
    }


def test_a_second_click_answers_the_same_closure(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    assert ready.submit(services).id == ready.submit(services).id
    assert len(tasks_of(services)) == len(ONE_SET)


def test_a_second_click_after_restoring_does_not_submit_again(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    closure = ready.submit(services)
    restore(services, closure.id)
    assert ready.submit(services).state == State.RESTORED
    assert len(closures(services)) == 1


def test_after_restoring_a_new_journey_makes_a_new_closure(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    first = ready.submit(services)
    restore(services, first.id)
    again = walked(services, CLEAN_SEEKER, visitor=ready.visitor).submit(services)
    assert again.id != first.id
    assert again.state == State.PENDING


@pytest.mark.usefixtures("both_databases")
def test_ten_clicks_at_once_make_one_closure(services: Services, gateway: FakeGateway) -> None:
    ready = walked(services, CLEAN_SEEKER)
    ids = {closure.id for closure in at_once(10, lambda _: ready.submit(services))}
    assert {closure.id for closure in closures(services)} == ids
    assert len(ids) == 1
    assert [task.kind for task in tasks_of(services)] == ONE_SET
    send_messages(services)
    assert link_messages(gateway) == 1


@pytest.mark.usefixtures("both_databases")
def test_two_browsers_at_once_make_one_closure(services: Services, gateway: FakeGateway) -> None:
    first = walked(services, CLEAN_SEEKER)
    tabs = [first, *(walked(services, CLEAN_SEEKER, visitor=first.visitor) for _ in range(3))]
    ids = {closure.id for closure in at_once(4, lambda number: tabs[number].submit(services))}
    assert len(ids) == len(closures(services)) == 1
    assert [task.kind for task in tasks_of(services)] == ONE_SET
    send_messages(services)
    assert link_messages(gateway) == 1


def test_a_losing_browser_leaves_its_journey_as_it_was(services: Services) -> None:
    first = walked(services, CLEAN_SEEKER)
    second = walked(services, CLEAN_SEEKER, visitor=first.visitor)
    closure = first.submit(services)
    assert second.submit(services).id == closure.id
    with services.store.begin() as session:
        assert session.get_one(Journey, second.journey.id).submitted_at is None
        found = existing(session, second.journey, CLEAN_SEEKER.id)
        assert found is not None
        assert found.id == closure.id


CHANGES: dict[str, Callable[[Services], None]] = {
    "a complaint": lambda services: upstream.complain_about(services, COINS),
    "a debt": lambda services: upstream.owe(services, COINS),
    "the assets are gone": lambda services: upstream.use_up_assets(services, COINS.seeker_id),
    "a freeze": lambda services: upstream.dispute(services, COINS),
}


@pytest.mark.parametrize("change", CHANGES)
def test_changed_conditions_are_shown_again(services: Services, change: str) -> None:
    ready = walked(services, COINS)
    CHANGES[change](services)
    assert stage_asked_for(services, ready) is Stage.CONDITIONS


def test_a_new_job_shows_the_consequences_again(services: Services) -> None:
    ready = walked(services, RECRUITER)
    upstream.advertise(services, RECRUITER.recruiter_id(1001), 1001)
    assert stage_asked_for(services, ready) is Stage.CONSEQUENCES


def test_more_rows_of_a_known_kind_change_nothing(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    upstream.search(services, CLEAN_SEEKER)
    assert ready.submit(services).state == State.PENDING


def test_a_new_version_shows_the_notice_again(services: Services, clock: FakeClock) -> None:
    register = Register.load(TWO_VERSIONS)
    clock.at(register.get("2026V1").in_force_at - timedelta(minutes=1))
    dated = replace(services, notices=register)
    ready = walked(dated, CLEAN_SEEKER)
    clock.advance(minutes=1)
    assert stage_asked_for(dated, ready) is Stage.NOTICE


def test_nothing_is_taken_while_the_account_system_is_down(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    with pytest.raises(Exception, match="OperationalError"):
        ready.submit(watched(services, Down("standing")))
    assert closures(services) == []


def test_a_submission_needs_no_redis(services: Services, gateway: FakeGateway) -> None:
    deaf = replace(services, bell=RedisBell(connect("unix:///nowhere/valkey.sock")))
    submitted(deaf, CLEAN_SEEKER)
    assert [task.kind for task in tasks_of(deaf)] == ONE_SET
    send_messages(deaf)
    assert link_messages(gateway) == 1


def test_references_are_well_formed_and_differ() -> None:
    made = {new_reference() for _ in range(500)}
    assert len(made) == 500
    assert not set("".join(made)) & set("01IO")


def test_events_and_tasks_come_with_the_closure_or_not_at_all(services: Services) -> None:
    ready = walked(services, CLEAN_SEEKER)
    broken = replace(services, texts=None)
    with pytest.raises(AttributeError):
        ready.submit(broken)
    with services.store.begin() as session:
        submitted_events = select(func.count()).where(Event.kind == Kind.SUBMITTED)
        assert session.scalar(submitted_events) == 0
    assert closures(services) == []
    assert tasks_of(services) == []
    assert ready.submit(services).state == State.PENDING
