"""A head every hour; a witness folder that lost heads is told to an operator."""

from portal.closure.sweep import sweep
from portal.services import Services
from portal.store.alerts import open_alerts
from portal.store.tasks import Kind
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import submitted, tasks_of
from tests.work import work


def hours_pass(services: Services, number: int) -> None:
    for _ in range(number):
        sweep(services)
        work(services)
        services.clock.advance(hours=1)


def heads(services: Services) -> int:
    return len(list(services.witness.heads))


def test_each_hour_signs_what_is_new_and_nothing_where_nothing_is(services: Services) -> None:
    submitted(services, CLEAN_SEEKER)
    hours_pass(services, 3)
    settled = heads(services)
    hours_pass(services, 3)
    assert heads(services) == settled > 0
    submitted(services, COINS)
    hours_pass(services, 3)
    assert heads(services) > settled
    (task,) = tasks_of(services, Kind.ANCHOR)
    assert task.attempts == 0


def test_a_folder_that_lost_its_heads_is_told(services: Services) -> None:
    for person in (CLEAN_SEEKER, COINS):
        submitted(services, person)
        hours_pass(services, 1)
    services.witness.heads.path.unlink()
    hours_pass(services, 1)
    with services.store.begin() as session:
        assert [(one.kind, one.subject) for one in open_alerts(session)] == [("ledger", "witness")]
