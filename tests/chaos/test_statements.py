"""A database error at every statement and commit, once or for a while (SECURITY fault 13)."""

from contextlib import suppress
from dataclasses import replace
from itertools import count

import pytest
from sqlalchemy import select
from sqlalchemy.exc import OperationalError

from portal.accounts.system import AccountSystemUnavailableError
from portal.closure.lifecycle import State
from portal.evidence.ledger import Kind, event_hash
from portal.jobs.run import run_task
from portal.services import Services
from portal.store.tables import Closure, ErasureStep, Event
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES
from tests.chaos.crowd import come_to_submit
from tests.chaos.failing import StumblingAccounts, failing
from tests.chaos.lives import (
    DEEDS,
    born,
    due,
    erase_task,
    give_back,
    goes_to_its_end,
    is_closed_once,
    submit,
)
from tests.closure import upstream
from tests.closure.faults import SilentBell
from tests.closure.journeys import events_of, reload, submitted, tasks_of
from tests.fakes import FakeClock, FakeGateway
from tests.web.rows import every_row
from tests.work import work

pytestmark = pytest.mark.usefixtures("both_databases")

lasting = pytest.mark.parametrize("lasting", [False, True], ids=["once", "for a while"])


def ledger_holds(services: Services) -> bool:
    with services.store.begin() as session:
        return all(event_hash(event) == event.hash for event in session.scalars(select(Event)))


@lasting
@pytest.mark.parametrize("name", DEEDS)
def test_a_request_that_failed_changed_nothing_and_can_be_repeated(
    services: Services, name: str, lasting: bool
) -> None:
    deed = DEEDS[name]
    life = deed.prepare(services)
    before = every_row(services)
    for number in count(1):
        with (
            failing(services.store.engine, number, lasting=lasting) as outage,
            suppress(OperationalError),
        ):
            deed.act(life.services, life)
        if not outage.struck:
            break
        assert every_row(services) == before
    assert number > 5
    assert life.state() == deed.state
    assert life.told()[deed.told] == 1
    goes_to_its_end(life)
    assert ledger_holds(services)


@lasting
def test_an_erasure_that_failed_anywhere_is_finished_later(
    services: Services, clock: FakeClock, lasting: bool
) -> None:
    for number in count(1):
        life = due(services)
        task_id = erase_task(life)
        with (
            failing(services.store.engine, number, lasting=lasting) as outage,
            suppress(OperationalError),
        ):
            run_task(life.services, task_id)
        if outage.struck:
            clock.advance(minutes=1)
            run_task(life.services, task_id)
        is_closed_once(life)
        if not outage.struck:
            break
    assert number > 40
    assert ledger_holds(services)


@lasting
def test_freezing_reviewing_and_sending_that_failed_are_done_later(
    services: Services, clock: FakeClock, gateway: FakeGateway, lasting: bool
) -> None:
    for number in count(1):
        life = born(services)
        submit(life.services, life)
        with (
            failing(services.store.engine, number, lasting=lasting) as outage,
            suppress(OperationalError),
        ):
            work(life.services)
        if not outage.struck:
            break
        clock.advance(minutes=1)
        work(life.services)
        assert not life.paper.open
        assert sum("已受理" in text for _, text in gateway.sent) <= number
        give_back(life.services, life)
        work(life.services)
    assert number > 20


@lasting
def test_a_submission_needs_the_account_system_and_changes_nothing_without(
    services: Services, lasting: bool
) -> None:
    walked = come_to_submit(services, CLEAN_SEEKER)
    before = every_row(services)
    for number in count(1):
        with (
            failing(services.accounts._engine, number, lasting=lasting) as outage,
            suppress(AccountSystemUnavailableError),
        ):
            walked.submit(services)
        if not outage.struck:
            break
        assert every_row(services) == before
    assert number > 3


def test_every_step_of_an_erasure_fails_at_every_statement_and_still_treats_each_row_once(
    services: Services,
) -> None:
    """On the accounts' side: an effect without its marker would be counted short."""
    stumbling = StumblingAccounts(services.accounts)
    services = replace(services, accounts=stumbling, bell=SilentBell())
    side = MANY_IDENTITIES.recruiter_id(1002)
    closure = submitted(services, MANY_IDENTITIES, side)
    work(services)
    services.clock.at(closure.erase_at)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert stumbling.stumbles > 100
    assert not upstream.has_identity(services, side)
    assert tasks_of(services, subject=closure.id) == []
    is_counted_once(services, closure)


def is_counted_once(services: Services, closure: Closure) -> None:
    mine = select(ErasureStep).where(ErasureStep.closure_id == closure.id)
    with services.store.begin() as session:
        steps = session.scalars(mine.order_by(ErasureStep.position)).all()
    told = [one.facts for one in events_of(services, closure) if one.kind == Kind.STEP_DONE]
    assert [step.done for step in steps] == [step.planned for step in steps]
    assert [(one["step"], one["rows"]) for one in told] == [
        (step.name, step.done) for step in steps
    ]
