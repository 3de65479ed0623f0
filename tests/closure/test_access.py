"""The account system is driven to what the state demands, whatever order things arrive in."""

from collections.abc import Callable

import pytest

from portal.accounts.system import StaleEpochError
from portal.closure.access import closing_scope, set_access
from portal.closure.holding import Reason, hold
from portal.closure.restore import restore
from portal.evidence.ledger import Actor, Kind
from portal.jobs.run import run_task
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from portal.store.tasks import Claim
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES
from tests.closure import upstream
from tests.closure.faults import Down, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of
from tests.fakes import FakeClock
from tests.work import work


def claimed(services: Services, closure: Closure) -> Claim:
    """The closure's access task, in a worker's hands."""
    (task,) = tasks_of(services, tasks.Kind.ACCESS, subject=closure.id)
    with services.store.begin() as session:
        return tasks.claim(session, task.id, services.clock(), services.settings.lease)


def times_told(services: Services, closure: Closure) -> int:
    return sum(event.kind == Kind.ACCESS_SET for event in events_of(services, closure))


def in_between(services: Services, act: Callable[[], object]) -> Services:
    """Something happens after the closure was read and before the account system is called."""
    pending = [act]

    def meanwhile(method: str) -> None:
        if method == "set_access" and pending:
            pending.pop()()

    return watched(services, meanwhile)


def test_submitting_shuts_the_account_and_tells_it_once(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)
    assert reload(services, closure).access_confirmed
    assert times_told(services, closure) == 1


def test_one_identity_is_frozen_and_the_account_stays_open(services: Services) -> None:
    side = MANY_IDENTITIES.recruiter_id(1002)
    submitted(services, MANY_IDENTITIES, side)
    work(services)
    assert upstream.can_sign_in(services, MANY_IDENTITIES)
    assert upstream.is_frozen(services, side)
    assert not upstream.is_frozen(services, MANY_IDENTITIES.seeker_id)


def test_an_old_demand_that_comes_late_is_refused(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    restore(services, closure.id)
    work(services)
    scope = closing_scope(closure)
    with pytest.raises(StaleEpochError):
        services.accounts.set_access(closure.reference, scope, frozen=True, epoch=closure.version)
    assert upstream.can_sign_in(services, CLEAN_SEEKER)


@pytest.mark.usefixtures("both_databases")
def test_restoring_while_the_freeze_is_on_its_way_opens_in_the_end(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    claim = claimed(services, closure)
    set_access(in_between(services, lambda: restore(services, closure.id)), claim)
    assert not reload(services, closure).access_confirmed
    work(services)
    assert upstream.can_sign_in(services, CLEAN_SEEKER)
    assert reload(services, closure).access_confirmed


def test_a_freeze_that_arrives_after_the_opening_is_refused(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)

    def restored_and_open() -> None:
        restore(services, closure.id)
        work(services)

    assert set_access(in_between(services, restored_and_open), claimed(services, closure)) is None
    assert upstream.can_sign_in(services, CLEAN_SEEKER)


def test_a_freeze_is_confirmed_although_the_closure_was_held_meanwhile(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)

    def held() -> None:
        hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)

    set_access(in_between(services, held), claimed(services, closure))
    assert reload(services, closure).access_confirmed
    assert times_told(services, closure) == 1


def test_doing_it_twice_is_told_once(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    claim = claimed(services, closure)
    set_access(services, claim)
    set_access(services, claim)
    assert times_told(services, closure) == 1


def test_another_owners_freeze_outlives_ours(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    upstream.dispute(services, CLEAN_SEEKER)
    restore(services, closure.id)
    work(services)
    assert reload(services, closure).access_confirmed
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)


def test_while_the_account_system_is_down_it_is_put_off(
    services: Services, clock: FakeClock
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    down = Down("set_access")
    (task,) = tasks_of(services, tasks.Kind.ACCESS)
    run_task(watched(services, down), task.id)
    assert not reload(services, closure).access_confirmed
    assert [task.attempts for task in tasks_of(services, tasks.Kind.ACCESS)] == [1]
    clock.advance(minutes=1)
    work(services)
    assert reload(services, closure).access_confirmed
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)


def test_opening_one_closure_leaves_the_next_ones_freeze(services: Services) -> None:
    first = submitted(services, CLEAN_SEEKER)
    restore(services, first.id)
    work(services)
    services.clock.advance(minutes=2)
    submitted(services, CLEAN_SEEKER)
    work(services)
    scope = closing_scope(first)
    services.accounts.set_access(first.reference, scope, frozen=False, epoch=99)
    assert not upstream.can_sign_in(services, CLEAN_SEEKER)


def test_a_closed_closure_asks_for_nothing(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    clock.at(closure.erase_at)
    work(services)
    claim = Claim("any", tasks.Kind.ACCESS, closure.id, epoch=1, attempts=0)
    assert set_access(watched(services, Down()), claim) is None
