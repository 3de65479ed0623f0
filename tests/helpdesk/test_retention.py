"""A case lives as long as it is needed; then nothing of it is left in the database's bytes."""

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.closure.help_ties import State
from portal.closure.retention import forget
from portal.evidence.ledger import Actor, Kind
from portal.helpdesk import following
from portal.helpdesk.retention import AFTER_CLOSING, SILENCE, tidy
from portal.identity.sign_in import Visitor
from portal.services import Services
from portal.store import alerts, tasks
from portal.store.tables import HelpCase, HelpMessage, HelpPass
from portal.store.tasks import Claim
from portal.store.tasks import Kind as Task
from tests.cast import CLEAN_SEEKER
from tests.closure.journeys import submitted, verified
from tests.fakes import FakeClock
from tests.helpdesk.cases import CONTACT, SENTINEL, asked, followed, told, vouched_for
from tests.work import work

CLAIM = Claim("any", Task.RETENTION, "portal", epoch=1, attempts=0)
TABLES = (HelpCase, HelpMessage, HelpPass)


def rows(services: Services) -> list[int]:
    with services.store.begin() as session:
        return [session.scalar(select(func.count()).select_from(table)) or 0 for table in TABLES]


def overdue(services: Services) -> list[str]:
    with services.store.begin() as session:
        found = alerts.open_alerts(session)
        return [one.subject for one in found if one.kind == alerts.Kind.HELP_OVERDUE]


@pytest.mark.usefixtures("both_databases")
def test_an_ended_case_dies_after_its_term_with_all_that_was_written(
    services: Services, clock: FakeClock
) -> None:
    case = asked(services).case
    vouched_for(services, case, CLEAN_SEEKER)
    following.end(services, case.id)
    clock.advance(days=180, seconds=-1)
    tidy(services)
    assert rows(services) == [1, 1, 1]
    clock.advance(seconds=1)
    tidy(services)
    assert rows(services) == [0, 0, 0]


def test_nothing_of_it_is_left_in_the_bytes(
    services: Services, clock: FakeClock, tmp_path: Path
) -> None:
    case = asked(services).case
    kept = bytes(case.wrapped)
    assert kept in everything(tmp_path)
    following.end(services, case.id)
    clock.advance(days=180)
    tidy(services)
    forget(services, CLAIM)
    assert kept not in everything(tmp_path)


def test_what_was_written_is_nowhere_in_the_clear(services: Services, tmp_path: Path) -> None:
    case = asked(services).case
    following.add(services, case.id, f"{SENTINEL} 再说一次")
    found = everything(tmp_path)
    for secret in (SENTINEL, CONTACT, "19900000001"):
        assert secret.encode() not in found


def everything(folder: Path) -> bytes:
    return b"".join(one.read_bytes() for one in folder.glob("portal.db*"))


def test_a_case_that_waits_is_not_forgotten(services: Services, clock: FakeClock) -> None:
    asked(services)
    clock.advance(days=400)
    tidy(services)
    assert rows(services)[0] == 1


def test_an_answered_case_ends_after_30_silent_days(services: Services, clock: FakeClock) -> None:
    case = asked(services).case
    with services.store.begin() as session:
        following.move(session, HelpCase.id == case.id, state=State.ANSWERED, changed_at=clock())
    clock.advance(seconds=SILENCE.total_seconds() - 1)
    tidy(services)
    assert followed(services, case).case.state == State.ANSWERED
    clock.advance(seconds=1)
    tidy(services)
    assert followed(services, case).case.state == State.ENDED
    last = told(services, case)[-1]
    assert (last.kind, last.actor) == (Kind.HELP_ENDED, Actor.PORTAL)


@pytest.mark.usefixtures("both_databases")
def test_an_overdue_case_is_an_alert_once(services: Services, clock: FakeClock) -> None:
    case = asked(services).case
    clock.advance(days=15, seconds=-1)
    tidy(services)
    assert overdue(services) == []
    clock.advance(seconds=1)
    tidy(services)
    assert overdue(services) == [case.reference]
    with services.store.begin() as session:
        (alert,) = alerts.open_alerts(session)
        alerts.acknowledge(session, alert.id, "somebody", clock())
    clock.advance(hours=1)
    tidy(services)
    assert overdue(services) == []


def test_the_hourly_task_does_it(services: Services, clock: FakeClock) -> None:
    case = asked(services).case
    clock.advance(days=15)
    with services.store.begin() as session:
        tasks.ensure(session, Task.RETENTION, "portal", clock())
    work(services)
    assert overdue(services) == [case.reference]


class TestClosing:
    @pytest.fixture
    def owner(self, services: Services) -> Visitor:
        return verified(services, CLEAN_SEEKER)

    def close(self, services: Services, clock: FakeClock) -> None:
        clock.advance(minutes=2)
        submitted(services, CLEAN_SEEKER)
        work(services)
        clock.advance(hours=108)
        work(services)

    @pytest.mark.usefixtures("both_databases")
    def test_ended_cases_die_with_the_account(
        self, services: Services, clock: FakeClock, owner: Visitor
    ) -> None:
        following.end(services, asked(services, [owner]).case.id)
        self.close(services, clock)
        assert rows(services) == [0, 0, 0]

    @pytest.mark.usefixtures("both_databases")
    def test_a_case_that_goes_on_is_untied_and_lives_30_days_after_its_end(
        self, services: Services, clock: FakeClock, owner: Visitor
    ) -> None:
        case = asked(services, [owner]).case
        vouched_for(services, case, CLEAN_SEEKER)
        self.close(services, clock)
        talk = followed(services, case)
        assert (talk.case.account, talk.case.account_digest) == (None, None)
        assert talk.pass_until is None
        assert rows(services)[2] == 0
        following.end(services, case.id)
        clock.advance(seconds=(AFTER_CLOSING - timedelta(seconds=1)).total_seconds())
        tidy(services)
        assert rows(services)[0] == 1
        clock.advance(seconds=1)
        tidy(services)
        assert rows(services)[0] == 0
