"""What a person can be told about a closure."""

from portal.closure.holding import Reason, hold, resume
from portal.closure.progress import milestones
from portal.evidence.ledger import Actor
from portal.services import Services
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import reload, submitted
from tests.fakes import FakeClock
from tests.work import work


def test_milestones_come_in_order_with_their_times(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    times = [clock(), clock.advance(hours=1), clock.advance(hours=2)]
    clock.at(times[1])
    hold(services, closure.id, Reason.DEBT, Actor.OPERATOR)
    clock.at(times[2])
    resume(services, closure.id, Actor.OPERATOR)
    assert [(one.kind, one.at) for one in milestones(services, closure)] == [
        ("closure.submitted", times[0]),
        ("closure.held", times[1]),
        ("closure.resumed", times[2]),
    ]


def test_steps_reviews_and_consent_are_no_milestones(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    clock.at(closure.erase_at)
    work(services)
    told = [str(one.kind) for one in milestones(services, reload(services, closure))]
    assert told == ["closure.submitted", "closure.erasing", "closure.closed"]


def test_other_peoples_milestones_are_not_among_them(services: Services) -> None:
    submitted(services, COINS)
    assert len(milestones(services, submitted(services, CLEAN_SEEKER))) == 1
