"""``flask closure …``: what operators do, and that nothing personal is shown to them."""

from collections.abc import Callable

import pytest
from click.testing import Result
from flask import Flask

from portal.closure.holding import Reason, hold
from portal.closure.restore import restore
from portal.evidence.ledger import Actor
from portal.services import Services
from portal.store.tables import Closure
from tests.cast import BOUND_APPS, CLEAN_SEEKER, COINS
from tests.closure.journeys import submitted
from tests.fakes import FakeClock, FakeGateway
from tests.work import due, work

Flask_ = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Flask_:
    """Runs ``flask closure`` with these arguments."""
    runner = app.test_cli_runner()
    return lambda *args: runner.invoke(args=["closure", *args])


@pytest.fixture
def closure(services: Services) -> Closure:
    made = submitted(services, COINS)
    work(services)
    return made


class TestList:
    def test_open_ones_are_listed_the_most_urgent_first(
        self, flask: Flask_, services: Services, clock: FakeClock
    ) -> None:
        first = submitted(services, COINS)
        clock.advance(hours=1)
        second = submitted(services, CLEAN_SEEKER)
        assert flask("list").output == (
            f"{first.reference}  pending   until 2026-11-27 10:00:00\n"
            f"{second.reference}  pending   until 2026-11-27 11:00:00\n"
            "2 closures\n"
        )

    def test_ended_ones_are_listed_when_asked_for(
        self, flask: Flask_, services: Services, closure: Closure
    ) -> None:
        restore(services, closure.id)
        assert flask("list").output == "0 closures\n"
        assert closure.reference in flask("list", "--state", "restored").output

    def test_an_unknown_state_is_refused(self, flask: Flask_) -> None:
        assert flask("list", "--state", "gone").exit_code == 2


class TestShow:
    def test_it_tells_instants_milestones_and_tasks(self, flask: Flask_, closure: Closure) -> None:
        told = flask("show", closure.reference).output
        for text in (
            f"{closure.reference}  pending  notice 2025V1",
            "erasing from 2026-11-26 22:00:00, closed by 2026-11-27 10:00:00",
            "2026-11-22 10:00:00  closure.submitted",
            "task erase: due 2026-11-26 22:00:00, failed 0 times",
        ):
            assert text in told

    def test_it_tells_why_it_is_held(
        self, flask: Flask_, services: Services, closure: Closure
    ) -> None:
        hold(services, closure.id, Reason.DISPUTE, Actor.OPERATOR)
        assert "reason: dispute" in flask("show", closure.reference).output

    def test_it_tells_the_steps_of_an_erasure(
        self, flask: Flask_, services: Services, closure: Closure, clock: FakeClock
    ) -> None:
        clock.advance(hours=108)
        work(services)
        told = flask("show", closure.reference).output
        assert "closed" in told
        assert "step " in told
        assert "/" in told

    @pytest.mark.parametrize("hours", [0, 108])
    def test_nothing_personal_is_shown(
        self,
        flask: Flask_,
        services: Services,
        closure: Closure,
        clock: FakeClock,
        hours: int,
    ) -> None:
        clock.advance(hours=hours)
        work(services)
        told = flask("show", closure.reference).output + flask("list").output
        for personal in (COINS.phone[3:], COINS.name, COINS.id, COINS.seeker_id, COINS.mail):
            assert personal not in told


@pytest.mark.parametrize("act", ["hold", "resume", "refuse"])
def test_acts_are_for_the_console(flask: Flask_, closure: Closure, act: str) -> None:
    assert "No such command" in flask(act, closure.reference).output


def test_an_unknown_reference_is_one_line(flask: Flask_) -> None:
    told = flask("show", "ZX-22222-22222")
    assert (told.exit_code, told.output) == (1, "Error: no closure ZX-22222-22222\n")


def test_a_sweep_rings_for_what_is_due(
    flask: Flask_, services: Services, gateway: FakeGateway
) -> None:
    submitted(services, BOUND_APPS)
    waiting = len(due(services))
    told = flask("sweep").output
    # Beside them the standing tasks of the portal itself.
    assert told == f"{len(due(services))} tasks\n"
    assert len(due(services)) > waiting > 0
    assert flask("sweep").output == "0 tasks\n"


def test_the_figures_are_told_one_a_line(
    flask: Flask_, services: Services, closure: Closure, clock: FakeClock
) -> None:
    clock.advance(hours=109)
    told = flask("figures").output.splitlines()
    for line in (
        "open closures pending: 1",
        "ended closures closed: 0",
        "due erase: number 1, oldest 1:00:00",
        "messages code sent: 1",
        "anchor age: -",
        "brake: False",
    ):
        assert line in told
