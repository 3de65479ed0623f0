"""Whatever is mixed, failures fall only by success or age (SP 800-63B 3.2.2)."""

from collections.abc import Callable
from contextlib import suppress
from datetime import datetime, timedelta

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, invariant, rule

from portal.identity.challenge import Started, Verdict
from portal.identity.limits import LimitedError
from portal.store.base import Base
from portal.store.engine import Store, make_engine
from portal.store.vault import Vault
from tests.fakes import FakeClock
from tests.identity.desk import Desk

HOUR = timedelta(hours=1)


class Failures(RuleBasedStateMachine):
    """A person and an attacker at one number, and by hand the failures that must count."""

    def __init__(self) -> None:
        super().__init__()
        self.engine = make_engine("sqlite://")
        Base.metadata.create_all(self.engine)
        self.clock = FakeClock()
        self.desk = Desk(Store(self.engine), Vault(bytes(32)), self.clock)
        self.started = self.desk.start()
        self.failed: list[datetime] = []

    @rule()
    def resend(self) -> None:
        with suppress(LimitedError):
            self.started = self.desk.resend()

    @rule(times=st.integers(1, 6))
    def answer_wrong(self, times: int) -> None:
        for _ in range(times):
            self.judge(self.desk.answer_wrong)

    @rule()
    def answer_right(self) -> None:
        self.judge(self.desk.answer_right)

    @rule(minutes=st.sampled_from([0.5, 9, 20, 59, 60]))
    def wait(self, minutes: float) -> None:
        self.clock.advance(minutes=minutes)

    @invariant()
    def every_failure_of_the_last_hour_counts(self) -> None:
        lately = [at for at in self.failed if at > self.clock() - HOUR]
        assert self.desk.failures() == len(lately) <= 10

    def judge(self, answer: Callable[[Started], Verdict]) -> None:
        before = self.desk.tries(self.started)
        verdict = answer(self.started)
        if verdict.account_id:
            self.failed.clear()
        elif self.desk.tries(self.started) > before:
            self.failed.append(self.clock())

    def teardown(self) -> None:
        self.engine.dispose()


TestFailures = Failures.TestCase
TestFailures.settings = settings(max_examples=15, stateful_step_count=20, deadline=None)
