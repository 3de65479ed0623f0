"""Erasing: to the end from wherever it died, each step once, 已注销 only when it is true."""

import random
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from portal.accounts.sql.bookkeeping import step as upstream_step
from portal.accounts.system import AccountSystemUnavailableError, Done, Residue
from portal.closure.erase import erase
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.evidence.ledger import Kind
from portal.jobs.run import run_task
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure, ErasureStep
from portal.store.tasks import Claim
from tests.cast import BUSY, CLEAN_SEEKER, MANY_IDENTITIES, RECRUITER
from tests.closure import upstream
from tests.closure.faults import DiesAt, Down, Killed, mortal, quietly, watched
from tests.closure.journeys import events_of, reload, submitted, tasks_of
from tests.closure.paper import STEPS, PaperAccounts
from tests.fakes import FakeClock
from tests.races import at_once
from tests.work import work

ONCE = {
    Kind.ERASING: 1,
    Kind.PLANNED: 1,
    Kind.STEP_DONE: len(STEPS),
    Kind.CLOSED: 1,
    Kind.RESIDUE: 0,
}
"""How often the ledger tells each part of an erasure on paper."""


def due(services: Services, *who: object) -> tuple[Closure, str]:
    """A reviewed and frozen closure at the instant when erasing may begin, and its task."""
    closure = submitted(services, *who)
    work(services)
    services.clock.at(closure.erase_at)
    (task,) = tasks_of(services, tasks.Kind.ERASE, subject=closure.id)
    return closure, task.id


def on_paper(services: Services) -> tuple[Services, PaperAccounts]:
    paper = PaperAccounts(CLEAN_SEEKER)
    return replace(services, accounts=paper), paper


def steps_of(services: Services, closure: Closure) -> list[ErasureStep]:
    mine = select(ErasureStep).where(ErasureStep.closure_id == closure.id)
    with services.store.begin() as session:
        return list(session.scalars(mine.order_by(ErasureStep.position)))


def told(services: Services, closure: Closure) -> dict[Kind, int]:
    kinds = Counter(event.kind for event in events_of(services, closure))
    return {kind: kinds[kind] for kind in ONCE}


def is_closed_once(services: Services, closure: Closure, paper: PaperAccounts) -> None:
    assert reload(services, closure).state == State.CLOSED
    assert paper.effects == {step.name: 1 for step in STEPS}
    assert told(services, closure) == ONCE
    assert [step.done for step in steps_of(services, closure)] == [step.rows for step in STEPS]
    assert tasks_of(services, subject=closure.id) == []


@pytest.mark.usefixtures("both_databases")
def test_a_seeker_is_erased_to_the_end(services: Services) -> None:
    closure, _ = due(services, CLEAN_SEEKER)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert upstream.is_closed(services, CLEAN_SEEKER)
    assert services.accounts.find(CLEAN_SEEKER.phone) is None
    # The last SMS waits for the morning.
    assert [task.kind for task in tasks_of(services)] == [tasks.Kind.MESSAGE]


@pytest.mark.parametrize("person", [RECRUITER, BUSY], ids=lambda person: person.key)
def test_every_planned_step_is_done_and_told_with_its_count(
    services: Services, person: object
) -> None:
    closure, _ = due(services, person)
    work(services)
    steps = steps_of(services, closure)
    done = [event.facts for event in events_of(services, closure) if event.kind == Kind.STEP_DONE]
    assert [(one["step"], one["rows"]) for one in done] == [(one.name, one.done) for one in steps]
    assert [one.done for one in steps] == [one.planned for one in steps]


def test_closing_one_side_leaves_the_account_and_the_other_sides(services: Services) -> None:
    side, other = (MANY_IDENTITIES.recruiter_id(company) for company in (1002, 1003))
    closure, _ = due(services, MANY_IDENTITIES, side)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert upstream.can_sign_in(services, MANY_IDENTITIES)
    assert not upstream.has_identity(services, side)
    left = services.accounts.find(MANY_IDENTITIES.phone)
    assert left is not None
    assert {one.id for one in left.identities} == {MANY_IDENTITIES.seeker_id, other}
    assert not upstream.is_frozen(services, other)


def test_closing_the_seeker_side_takes_all_sides(services: Services) -> None:
    due(services, MANY_IDENTITIES, MANY_IDENTITIES.seeker_id)
    work(services)
    assert upstream.is_closed(services, MANY_IDENTITIES)
    assert services.accounts.find(MANY_IDENTITIES.phone) is None


def test_two_sides_can_be_closed_one_after_the_other(services: Services) -> None:
    for company in (1002, 1003):
        closure, _ = due(services, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(company))
        work(services)
        assert reload(services, closure).state == State.CLOSED
    assert upstream.can_sign_in(services, MANY_IDENTITIES)


def test_a_clock_that_was_set_back_postpones_it(services: Services, clock: FakeClock) -> None:
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)
    claim = Claim(task_id, tasks.Kind.ERASE, closure.id, epoch=1, attempts=0)
    clock.advance(microseconds=-1)
    assert erase(services, claim) == closure.erase_at
    assert reload(services, closure).state == State.PENDING
    assert not paper.plans


@pytest.mark.parametrize("state", [State.HELD, State.RESTORED, State.REFUSED, State.CLOSED])
def test_what_is_not_to_be_erased_is_left_alone(services: Services, state: State) -> None:
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        session.get_one(Closure, closure.id).state = state
    run_task(services, task_id)
    assert reload(services, closure).state == state
    assert not paper.plans


def test_it_survives_death_at_every_moment(services: Services, clock: FakeClock) -> None:
    for moment in count(1):
        services, paper = on_paper(services)
        closure, task_id = due(services, CLEAN_SEEKER)
        try:
            run_task(mortal(services, DiesAt(moment)), task_id)
        except Killed:
            clock.advance(minutes=1)
            run_task(services, task_id)
            is_closed_once(services, closure, paper)
        else:
            break
    is_closed_once(services, closure, paper)
    assert moment > 30


def test_a_dead_workers_task_is_free_when_its_lease_ends(
    services: Services, clock: FakeClock
) -> None:
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)
    with pytest.raises(Killed):
        run_task(mortal(services, DiesAt(20)), task_id)
    clock.advance(seconds=59)
    run_task(services, task_id)
    assert reload(services, closure).state == State.ERASING
    clock.advance(seconds=1)
    run_task(services, task_id)
    is_closed_once(services, closure, paper)


def test_dying_again_and_again_on_the_way_it_gets_there(
    services: Services, clock: FakeClock
) -> None:
    closure, task_id = due(services, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
    dice, deaths = random.Random(1), 0  # noqa: S311 - not a secret
    while reload(services, closure).state != State.CLOSED:
        try:
            run_task(mortal(services, DiesAt(dice.randint(9, 15))), task_id)
        except Killed:
            deaths += 1
        clock.advance(minutes=1)
        assert deaths < 100
    assert deaths > 2
    names = [step.name for step in steps_of(services, closure)]
    assert [e.facts["step"] for e in events_of(services, closure) if e.kind == Kind.STEP_DONE] == (
        names
    )
    assert [step.done for step in steps_of(services, closure)] == treated_upstream(services)


def treated_upstream(services: Services) -> list[int]:
    query = select(upstream_step.c.treated).order_by(upstream_step.c.position)
    with services.accounts._engine.begin() as connection:
        return list(connection.scalars(query))


@pytest.mark.parametrize("method", ["standing", "plan", "apply", "check"])
@pytest.mark.parametrize("when", ["before", "after"])
def test_a_worker_that_was_overtaken_stops_quietly(
    services: Services, clock: FakeClock, method: str, when: str
) -> None:
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)

    def overtaken(called: str) -> None:
        if called == method and told(services, closure)[Kind.CLOSED] == 0:
            clock.advance(minutes=1)
            work(services)

    hooks = (overtaken, quietly) if when == "before" else (quietly, overtaken)
    with capture_logs() as logs:
        run_task(watched(services, *hooks), task_id)
    assert logs == []
    is_closed_once(services, closure, paper)


def test_a_worker_whose_task_was_put_elsewhere_meanwhile_begins_nothing(
    services: Services, clock: FakeClock
) -> None:
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)

    def moved(called: str) -> None:
        if called == "standing":
            with services.store.begin() as session:
                tasks.schedule(session, tasks.Kind.ERASE, closure.id, clock())

    run_task(watched(services, moved), task_id)
    assert reload(services, closure).state == State.PENDING
    assert not paper.plans


@pytest.mark.usefixtures("both_databases")
def test_many_workers_with_the_same_task_erase_once(services: Services) -> None:
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)
    at_once(6, lambda _: run_task(services, task_id))
    is_closed_once(services, closure, paper)


def test_residue_is_told_and_never_called_closed(services: Services) -> None:
    services, paper = on_paper(services)
    paper.left = (Residue("phone in resume.phone", 2),)
    closure, _ = due(services, CLEAN_SEEKER)
    work(services)
    assert reload(services, closure).state == State.ERASING
    (task,) = tasks_of(services, subject=closure.id)
    assert (task.attempts, task.last_error) == (1, "ResidueLeftError")
    (event,) = [one for one in events_of(services, closure) if one.kind == Kind.RESIDUE]
    assert event.facts == {"places": {"phone in resume.phone": 2}}


def test_residue_that_goes_away_lets_it_close(services: Services, clock: FakeClock) -> None:
    services, paper = on_paper(services)
    paper.left = (Residue("resume", 1),)
    closure, _ = due(services, CLEAN_SEEKER)
    work(services)
    paper.left = ()
    clock.advance(minutes=10)
    work(services)
    assert reload(services, closure).state == State.CLOSED
    assert paper.effects == {step.name: 1 for step in STEPS}


def test_after_eight_failures_an_operator_is_called_and_it_goes_on_trying(
    services: Services, clock: FakeClock
) -> None:
    services, paper = on_paper(services)
    paper.left = (Residue("resume", 1),)
    closure, _ = due(services, CLEAN_SEEKER)
    called = []
    for _ in range(9):
        with capture_logs() as logs:
            work(services)
        called += [line["needs_operator"] for line in logs]
        clock.advance(minutes=10)
    assert called == [*[False] * 7, True, True]
    assert reload(services, closure).state == State.ERASING


@pytest.mark.parametrize("method", ["account", "standing", "plan", "apply", "check"])
def test_while_the_account_system_is_down_it_waits_and_then_finishes(
    services: Services, clock: FakeClock, method: str
) -> None:
    services, paper = on_paper(services)
    closure, _ = due(services, CLEAN_SEEKER)
    down = Down(method)
    unsteady = watched(services, down)
    work(unsteady)
    assert reload(services, closure).state != State.CLOSED
    assert tasks_of(services, tasks.Kind.ERASE)[0].last_error == "AccountSystemUnavailableError"
    down.down = False
    clock.advance(minutes=1)
    work(unsteady)
    is_closed_once(services, closure, paper)


def test_an_outage_before_the_last_reading_leaves_it_restorable(services: Services) -> None:
    services, _ = on_paper(services)
    closure, _ = due(services, CLEAN_SEEKER)
    work(watched(services, Down("standing")))
    assert restore(services, closure.id).state == State.RESTORED


def test_an_unknown_closure_is_nothing_to_erase(services: Services) -> None:
    claim = Claim("any", tasks.Kind.ERASE, "nothing", epoch=1, attempts=0)
    assert erase(services, claim) is None


def test_a_long_step_keeps_the_task(services: Services, clock: FakeClock) -> None:
    """Each call extends the lease, so that slow erasures are not overtaken."""
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)

    def slow(method: str) -> None:
        if method == "apply":
            clock.advance(seconds=50)
            run_task(services, task_id)

    run_task(watched(services, slow), task_id)
    is_closed_once(services, closure, paper)
    assert clock() - closure.erase_at == timedelta(seconds=100)


def test_steps_that_failed_together_go_one_by_one(services: Services, clock: FakeClock) -> None:
    """What fails stands alone then, and what comes before it is done."""
    services, paper = on_paper(services)
    closure, task_id = due(services, CLEAN_SEEKER)
    asked: list[list[str]] = []

    class Failing(PaperAccounts):
        def apply(self, closure: str, steps: list[str], epoch: int) -> tuple[Done, ...]:
            asked.append(list(steps))
            if "resumes" in steps:
                raise AccountSystemUnavailableError
            return super().apply(closure, steps, epoch)

    failing = replace(services, accounts=Failing(paper.person))
    for _ in range(2):
        run_task(failing, task_id)
        clock.advance(minutes=10)
    chats, resumes, account = ([step.name] for step in STEPS)
    assert asked == [chats + resumes + account, chats, resumes]
    assert [step.done for step in steps_of(services, closure)] == [40, None, None]
