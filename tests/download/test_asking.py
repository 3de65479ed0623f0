"""Who may download what, how often, and how far it is."""

from datetime import timedelta

import pytest

from portal.accounts.system import Scope
from portal.closure.lifecycle import State, move
from portal.closure.restore import restore
from portal.download import asking
from portal.identity.limits import LimitedError
from portal.language import Language
from portal.services import Services
from portal.store.tables import Download
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER, COINS, MANY_IDENTITIES
from tests.closure.journeys import submitted, tasks_of, walked, work_on
from tests.download.takeaway import asked, count, made, offered, the
from tests.fakes import FakeClock
from tests.races import at_once

SIDE = MANY_IDENTITIES.recruiter_id(1002)


def test_on_the_way_to_closing_the_chosen_side_is_offered(services: Services) -> None:
    journey = walked(services, MANY_IDENTITIES, SIDE).journey
    offer = asking.offer(services, MANY_IDENTITIES.id, journey)
    assert offer == asking.Offer(journey.id, Scope(MANY_IDENTITIES.id, (SIDE,), whole=False))


def test_after_submitting_everything_is_offered(services: Services) -> None:
    closure = submitted(services, MANY_IDENTITIES, SIDE)
    offer = offered(services, MANY_IDENTITIES)
    assert offer.journey_id == closure.journey_id
    assert offer.scope.whole
    assert len(offer.scope.identity_ids) == 3


def test_nothing_is_offered_once_erasing_has_begun(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    clock.at(closure.erase_at)
    with services.store.begin() as session:
        move(session, closure.id, State.ERASING, clock())
    assert asking.offer(services, CLEAN_SEEKER.id, None) is None


def test_nothing_is_offered_to_those_who_close_nothing(services: Services) -> None:
    restore(services, submitted(services, CLEAN_SEEKER).id)
    assert asking.offer(services, CLEAN_SEEKER.id, None) is None
    anothers = walked(services, COINS).journey
    assert asking.offer(services, CLEAN_SEEKER.id, anothers) is None


@pytest.mark.usefixtures("both_databases")
def test_two_clicks_at_once_make_one_download(services: Services) -> None:
    submitted(services, CLEAN_SEEKER)
    offer = offered(services, CLEAN_SEEKER)
    at_once(4, lambda _: asking.ask(services, offer, Language.CHINESE))
    assert count(services, Download) == 1
    assert len(tasks_of(services, Kind.DOWNLOAD)) == 1


def test_a_new_one_takes_the_place_of_one_that_is_ready(services: Services) -> None:
    made(services, CLEAN_SEEKER)
    first = the(services, CLEAN_SEEKER).id
    asking.ask(services, offered(services, CLEAN_SEEKER), Language.CHINESE)
    assert the(services, CLEAN_SEEKER).id != first
    assert [task.subject for task in tasks_of(services, Kind.DOWNLOAD)] == [
        the(services, CLEAN_SEEKER).id
    ]


def test_three_a_day_and_what_is_ready_stays(services: Services, clock: FakeClock) -> None:
    made(services, CLEAN_SEEKER)
    offer = offered(services, CLEAN_SEEKER)
    for _ in range(2):
        asking.ask(services, offer, Language.CHINESE)
        work_on(services, Kind.DOWNLOAD)
    with pytest.raises(LimitedError) as limited:
        asking.ask(services, offer, Language.CHINESE)
    assert limited.value.until == clock() + timedelta(hours=24)
    assert the(services, CLEAN_SEEKER).state == "ready"


@pytest.mark.parametrize(
    ("state", "done", "total", "shown"),
    [("making", 0, 0, 0), ("making", 1, 3, 33), ("making", 9, 9, 99), ("ready", 0, 0, 100)],
)
def test_100_per_cent_means_ready(state: str, done: int, total: int, shown: int) -> None:
    assert asking.percent(Download(state=state, done=done, total=total)) == shown


def test_whether_it_was_fetched_is_asked_of_the_walk(services: Services) -> None:
    closure = asked(services, CLEAN_SEEKER)
    assert not asking.was_fetched(services, closure.journey_id)
