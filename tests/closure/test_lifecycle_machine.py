"""Whatever people, reviewers, time and workers do in whatever order: the promises hold."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from sqlalchemy import func, select

from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.lifecycle import OPEN, MovedOnError
from portal.closure.restore import restore
from portal.evidence.ledger import Actor
from portal.services import Services
from portal.settings import Settings
from portal.store.tables import Closure
from portal.store.tasks import Kind
from portal.wiring import build
from tests.cast import CLEAN_SEEKER as PERSON
from tests.closure import upstream
from tests.closure.faults import SilentBell
from tests.closure.journeys import reload, tasks_of, walked
from tests.fakes import FakeClock, FakeGateway
from tests.work import work

MakeServices = Callable[[], Services]


@pytest.fixture(scope="module")
def make_services(
    sqlite_template: Path, sample_template: Path, tmp_path_factory: pytest.TempPathFactory
) -> MakeServices:
    """Makes services with databases of their own, as often as Hypothesis asks."""

    def make() -> Services:
        folder = tmp_path_factory.mktemp("machine")
        shutil.copy(sqlite_template, folder / "portal.db")
        shutil.copytree(sample_template, folder, dirs_exist_ok=True)
        settings = Settings(
            database_url=f"sqlite:///{folder}/portal.db",
            accounts_url=f"sqlite:///{folder}/accounts.db",
            accounts_files=folder / "files",
            sms_outbox=folder / "sms.jsonl",
            witness=folder / "witness",
        )
        built = build(settings, FakeClock())
        return replace(built, gateway=FakeGateway(), bell=SilentBell())

    return make


class Life(RuleBasedStateMachine):
    """One person, who may close, restore and close again, beside the simplest model of it."""

    make: MakeServices

    def __init__(self) -> None:
        super().__init__()
        self.services = self.make()
        first = walked(self.services, PERSON)
        self.visitor = first.visitor
        self.closure = first.submit(self.services)
        self.begins()
        self.held_at = self.now
        self.ended: dict[str, str] = {}

    @property
    def now(self) -> datetime:
        return self.services.clock()

    def tries(self, act: Callable[[], object], *, allowed: bool) -> bool:
        """Do it: it must succeed just when the model allows it."""
        if allowed:
            act()
            return True
        with pytest.raises(MovedOnError):
            act()
        return False

    def begins(self) -> None:
        self.state = "pending"
        self.erase_at = self.now + timedelta(hours=108)
        self.promise_at = self.now + timedelta(hours=120)

    def ends(self, state: str) -> None:
        self.state = state
        self.ended[self.closure.id] = state

    @precondition(lambda self: self.state in ("restored", "refused"))
    @rule()
    def submit_again(self) -> None:
        self.closure = walked(self.services, PERSON, visitor=self.visitor).submit(self.services)
        self.begins()

    @rule()
    def hold(self) -> None:
        def act() -> None:
            holding.hold(self.services, self.closure.id, Reason.AUTHORITY, Actor.OPERATOR)

        if self.tries(act, allowed=self.state == "pending"):
            self.state, self.held_at = "held", self.now

    @rule()
    def resume(self) -> None:
        def act() -> None:
            holding.resume(self.services, self.closure.id, Actor.OPERATOR)

        if self.tries(act, allowed=self.state == "held"):
            held, hour = self.now - self.held_at, timedelta(hours=1)
            self.state = "pending"
            self.erase_at = max(self.erase_at + held, self.now + 24 * hour)
            self.promise_at = max(self.promise_at + held, self.erase_at + hour)

    @rule()
    def restore(self) -> None:
        def act() -> None:
            restore(self.services, self.closure.id)

        if self.tries(act, allowed=self.state in ("pending", "held")):
            self.ends("restored")

    @rule()
    def refuse(self) -> None:
        def act() -> None:
            holding.refuse(self.services, self.closure.id, Reason.NOT_OWNER, Actor.OPERATOR)

        if self.tries(act, allowed=self.state in ("pending", "held")):
            self.ends("refused")

    @rule(hours=st.sampled_from([1, 23, 24, 60, 107.99, 108]))
    def time_passes(self, hours: float) -> None:
        self.services.clock.advance(hours=hours)

    @rule()
    def work_is_done(self) -> None:
        work(self.services)
        if self.state == "pending" and self.now >= self.erase_at:
            self.ends("closed")
        opened = self.state in ("restored", "refused")
        assert upstream.can_sign_in(self.services, PERSON) is opened
        assert reload(self.services, self.closure).access_confirmed

    @invariant()
    def it_is_where_the_model_is(self) -> None:
        closure = reload(self.services, self.closure)
        assert closure.state == self.state
        if self.state == "pending":
            assert (closure.erase_at, closure.promise_at) == (self.erase_at, self.promise_at)

    @invariant()
    def nothing_is_erased_before_its_time_or_while_held(self) -> None:
        assert upstream.is_closed(self.services, PERSON) is (self.state == "closed")

    @invariant()
    def what_has_ended_stays_as_it_ended(self) -> None:
        with self.services.store.begin() as session:
            for closure_id, state in self.ended.items():
                assert session.get_one(Closure, closure_id).state == state

    @invariant()
    def at_most_one_closure_is_open(self) -> None:
        with self.services.store.begin() as session:
            opened = select(func.count()).where(Closure.state.in_(OPEN))
            assert session.scalar(opened) == (self.state in ("pending", "held"))

    @invariant()
    def the_list_of_work_matches_the_state(self) -> None:
        due = {task.kind: task for task in tasks_of(self.services, subject=self.closure.id)}
        working = {Kind.ERASE, Kind.REVIEW} if self.state == "pending" else set()
        if reminder := due.pop(Kind.REMIND, None):
            assert self.state == "pending"
            assert reminder.due_at == self.erase_at - timedelta(hours=24)
        assert due.keys() - {Kind.ACCESS} == working
        assert self.state != "closed" or not due
        if self.state == "pending":
            assert due[Kind.ERASE].due_at == self.erase_at

    def teardown(self) -> None:
        self.services.store.engine.dispose()
        self.services.accounts._engine.dispose()


def test_the_promises_hold_whatever_happens(make_services: MakeServices) -> None:
    class Its(Life):
        make = staticmethod(make_services)

    run_state_machine_as_test(
        Its,
        settings=examples(
            max_examples=12,
            stateful_step_count=25,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
