"""不是您本人操作？ Looking is safe, the button holds, and the hold ends by itself."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy import func, select

from portal.closure import stop
from portal.closure.holding import Reason, hold, resume
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.closure.stop import Standing
from portal.evidence.ledger import Actor
from portal.identity import stop_link
from portal.services import Services
from portal.store.tables import Closure, StopLink
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.faults import DiesAt, Down, Killed, mortal, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of, work_on
from tests.closure.sms import told
from tests.fakes import FakeClock
from tests.races import at_once
from tests.work import work

THREE_DAYS = timedelta(hours=72)


@pytest.fixture
def closure(services: Services) -> Closure:
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


@pytest.fixture
def token(services: Services) -> str:
    return make_link(services)


def make_link(services: Services, account_id: str = CLEAN_SEEKER.id) -> str:
    with services.store.begin() as session:
        return stop_link.make(session, account_id, services.clock())


def test_looking_changes_nothing(services: Services, closure: Closure, token: str) -> None:
    before = (reload(services, closure).version, len(events_of(services, closure)))
    found = stop.look(services, token)
    assert found == stop.Stop(Standing.PENDING, closure.reference)
    assert (reload(services, closure).version, len(events_of(services, closure))) == before


@pytest.mark.usefixtures("both_databases")
def test_the_button_holds_for_three_days_and_the_ledger_says_who(
    services: Services, clock: FakeClock, closure: Closure, token: str
) -> None:
    done = stop.stop(services, token)
    assert done == stop.Stop(Standing.HELD, closure.reference, clock() + THREE_DAYS)
    held = reload(services, closure)
    assert (held.state, held.hold_reason) == (State.HELD, Reason.NOT_OWNER)
    assert stop.ends_at(services, held) == clock() + THREE_DAYS
    last = events_of(services, closure)[-1]
    assert (last.kind, last.actor) == ("closure.held", "person")


@pytest.mark.usefixtures("both_databases")
def test_of_many_presses_at_once_one_holds(
    services: Services, closure: Closure, token: str
) -> None:
    done = at_once(4, lambda _: stop.stop(services, token))
    assert {one.standing for one in done if one} == {Standing.HELD}
    work(services)
    assert told(services, CLEAN_SEEKER) == ["submitted", "held"]


def test_nobody_looked_at_it_so_it_goes_on_after_three_days(
    services: Services, clock: FakeClock, closure: Closure, token: str
) -> None:
    stop.stop(services, token)
    clock.advance(hours=71, minutes=59)
    work(services)
    assert reload(services, closure).state == State.HELD
    clock.advance(minutes=1)
    work(services)
    resumed = reload(services, closure)
    assert resumed.state == State.PENDING
    assert resumed.erase_at == closure.erase_at + THREE_DAYS
    assert told(services, CLEAN_SEEKER) == ["submitted", "held", "resumed"]
    clock.at(resumed.erase_at)
    work(services)
    assert reload(services, closure).state == State.CLOSED


def test_a_reviewer_who_resumed_and_held_again_is_not_overruled(
    services: Services, clock: FakeClock, closure: Closure, token: str
) -> None:
    stop.stop(services, token)
    resume(services, closure.id, Actor.OPERATOR)
    hold(services, closure.id, Reason.DISPUTE, Actor.OPERATOR)
    assert tasks_of(services, Kind.RELEASE) == []
    clock.advance(hours=80)
    work(services)
    assert reload(services, closure).state == State.HELD


@pytest.mark.parametrize("moment", range(1, 9))
def test_dying_while_it_is_released_it_is_resumed_once(
    services: Services, clock: FakeClock, closure: Closure, token: str, moment: int
) -> None:
    stop.stop(services, token)
    clock.advance(hours=72)
    try:
        work_on(mortal(services, DiesAt(moment)), Kind.RELEASE)
    except Killed:
        clock.advance(minutes=2)
    work(services)
    kinds = [event.kind for event in events_of(services, closure)]
    assert kinds.count("closure.resumed") == 1
    assert tasks_of(services, Kind.RELEASE) == []


def test_held_by_a_link_the_person_can_still_restore(
    services: Services, closure: Closure, token: str
) -> None:
    stop.stop(services, token)
    restore(services, closure.id)
    assert tasks_of(services, Kind.RELEASE) == []
    assert stop.look(services, token) == stop.Stop(Standing.NOTHING)


def test_a_hold_of_a_reviewer_stays_as_it_is(
    services: Services, closure: Closure, token: str
) -> None:
    hold(services, closure.id, Reason.AUTHORITY, Actor.OPERATOR)
    assert stop.stop(services, token) == stop.Stop(Standing.HELD, closure.reference)
    assert reload(services, closure).hold_reason == Reason.AUTHORITY
    assert tasks_of(services, Kind.RELEASE) == []


def test_where_nothing_is_being_closed_nothing_is_held(services: Services, token: str) -> None:
    assert stop.stop(services, token) == stop.Stop(Standing.NOTHING)


def test_it_holds_nobody_elses(services: Services, closure: Closure) -> None:
    stop.stop(services, make_link(services, COINS.id))
    assert reload(services, closure).state == State.PENDING


def test_once_erasing_has_begun_it_says_so(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.at(closure.erase_at)
    work(watched(services, Down("plan")))
    token = make_link(services)
    assert stop.stop(services, token) == stop.Stop(Standing.ERASING, closure.reference)
    assert reload(services, closure).state == State.ERASING


@pytest.mark.parametrize("call", [stop.look, stop.stop])
def test_a_link_lives_for_three_days(
    services: Services,
    clock: FakeClock,
    closure: Closure,
    token: str,
    call: Callable[[Services, str], object],
) -> None:
    assert call(services, "A" * 22) is None
    clock.advance(hours=72)
    assert call(services, token) is None
    assert reload(services, closure).state == State.PENDING


def links(services: Services) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(StopLink)) or 0


def test_old_links_are_forgotten(services: Services, clock: FakeClock, token: str) -> None:
    work(services)
    clock.advance(hours=74)
    with services.store.begin() as session:
        stop_link.prune(session, clock())
    assert links(services) == 0


def test_closing_forgets_the_links_of_the_account(
    services: Services, clock: FakeClock, closure: Closure
) -> None:
    clock.at(closure.erase_at)
    make_link(services)
    make_link(services, COINS.id)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert links(services) == 1
