"""The portal's own forgetting: after 已注销 nothing here names the person."""

import sqlite3
from dataclasses import replace
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.accounts.sample.cast import Person
from portal.accounts.system import Certificate, Words
from portal.closure.closing import close
from portal.closure.lifecycle import MovedOnError
from portal.closure.restore import restore
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.evidence.ledger import Kind, event_hash, read
from portal.identity import private_link
from portal.services import Services
from portal.store import tasks
from portal.store.tables import (
    Challenge,
    Closure,
    DataKey,
    Event,
    Journey,
    Message,
    SignIn,
    Task,
)
from portal.store.tasks import Claim, ClaimLostError
from tests.cast import CLEAN_SEEKER, COINS, MANY_IDENTITIES
from tests.closure.journeys import (
    events_of,
    reload,
    send_messages,
    submitted,
    verified,
    walked,
)
from tests.closure.paper import PaperAccounts
from tests.fakes import FakeClock, FakeGateway
from tests.work import work

SIDE = MANY_IDENTITIES.recruiter_id(1002)
NOTHING_DONE = Certificate((), Words("无", "none"))


@pytest.fixture
def on_paper(services: Services) -> Services:
    """The same, with an account system that is quickly done."""
    return replace(services, accounts=PaperAccounts(CLEAN_SEEKER))


def closed(services: Services, person: Person, side: str | None = None) -> Closure:
    """Somebody who abandons a journey, restores a closure, and closes for good."""
    walked(services, person, side)
    services.clock.advance(minutes=5)
    restore(services, submitted(services, person, side).id)
    work(services)
    services.clock.advance(minutes=5)
    closure = submitted(services, person, side)
    work(services)
    services.clock.at(closure.erase_at)
    verified(services, person)
    work(services)
    assert reload(services, closure).state == "closed"
    return reload(services, closure)


def bytes_of(services: Services, folder: Path) -> bytes:
    """All of the portal's database files, with the log carried over."""
    services.store.engine.dispose()
    connection = sqlite3.connect(folder / "portal.db")
    assert connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()[0] == 0
    connection.close()
    return b"".join(path.read_bytes() for path in sorted(folder.glob("portal.db*")))


def traces_of(person: Person) -> list[str]:
    national = person.phone.removeprefix("+86")
    return [national, person.id, person.seeker_id, SIDE, person.name, person.mail]


def rows(services: Services, table: type, *where: object) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(table).where(*where)) or 0


def test_no_byte_of_the_person_is_left(services: Services, tmp_path: Path) -> None:
    closed(services, MANY_IDENTITIES, MANY_IDENTITIES.seeker_id)
    content = bytes_of(services, tmp_path)
    assert [trace for trace in traces_of(MANY_IDENTITIES) if trace.encode() in content] == []


def test_before_closing_the_search_would_find_the_account(
    services: Services, tmp_path: Path
) -> None:
    submitted(services, CLEAN_SEEKER)
    content = bytes_of(services, tmp_path)
    assert CLEAN_SEEKER.id.encode() in content
    assert CLEAN_SEEKER.phone[3:].encode() not in content


def test_what_was_only_for_the_way_is_gone(on_paper: Services) -> None:
    closed(on_paper, CLEAN_SEEKER)
    assert [rows(on_paper, table) for table in (Journey, Challenge)] == [0] * 2
    on_paper.clock.advance(hours=10)
    send_messages(on_paper)
    assert rows(on_paper, Task) == 0
    assert rows(on_paper, Message, Message.phone.is_not(None) | Message.text.is_not(None)) == 0


def test_whoever_was_signed_in_may_go_on_looking_and_nothing_more(on_paper: Services) -> None:
    closure = closed(on_paper, CLEAN_SEEKER)
    with on_paper.store.begin() as session:
        seen = session.execute(select(SignIn.account_id, SignIn.closure_id)).all()
    assert set(seen) == {(None, closure.id)}


def test_closures_keep_their_reference_and_name_nobody(on_paper: Services) -> None:
    closure = closed(on_paper, CLEAN_SEEKER)
    with on_paper.store.begin() as session:
        kept = session.scalars(select(Closure).order_by(Closure.submitted_at)).all()
    assert [one.state for one in kept] == ["restored", "closed"]
    assert [(one.account_id, one.identity_ids) for one in kept] == [(None, []), (None, [])]
    assert kept[1].reference == closure.reference


def test_business_facts_of_all_journeys_die(services: Services) -> None:
    closed(services, COINS)
    assert rows(services, DataKey, DataKey.purpose == Purpose.BUSINESS) == 0
    with services.store.begin() as session:
        sealed = session.scalars(select(Event).where(Event.business.is_not(None))).all()
        assert {event.kind for event in sealed} >= {Kind.CONDITIONS_CONFIRMED}
        for event in sealed:
            with pytest.raises(KeyDestroyedError):
                read(session, services.vault, event, Purpose.BUSINESS)


def test_the_evidence_can_still_be_read(on_paper: Services) -> None:
    closure = closed(on_paper, CLEAN_SEEKER)
    with on_paper.store.begin() as session:
        (verified_then,) = [
            event for event in events_of(on_paper, closure) if event.kind == Kind.CODE_VERIFIED
        ]
        assert read(session, on_paper.vault, verified_then, Purpose.EVIDENCE) == {
            "account": CLEAN_SEEKER.id,
            "phone": CLEAN_SEEKER.phone,
        }


def test_every_hash_of_the_ledger_still_holds(on_paper: Services) -> None:
    closed(on_paper, CLEAN_SEEKER)
    with on_paper.store.begin() as session:
        events = session.scalars(select(Event)).all()
    assert events[-1].kind == Kind.CLOSED
    assert all(event.hash == event_hash(event) for event in events)


def test_the_private_link_still_leads_to_the_closure(
    on_paper: Services, gateway: FakeGateway
) -> None:
    closure = closed(on_paper, CLEAN_SEEKER)
    token = gateway.last_link(CLEAN_SEEKER.phone).removeprefix("/p/")
    with on_paper.store.begin() as session:
        assert private_link.closure_of(session, token) == closure.id


def test_other_people_are_not_forgotten(services: Services) -> None:
    other = submitted(services, COINS)
    mine = submitted(services, CLEAN_SEEKER)
    work(services)
    services.clock.at(mine.erase_at)
    with services.store.begin() as session:
        tasks.drop(session, [tasks.Kind.ERASE], other.id)
    work(services)
    assert reload(services, mine).state == "closed"
    assert reload(services, other).account_id == COINS.id
    assert rows(services, DataKey, DataKey.journey_id == other.journey_id) == 2
    assert rows(services, Journey) == 1


def test_closing_one_side_forgets_all_closures_of_it_and_no_other(services: Services) -> None:
    other = submitted(services, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1003))
    restore(services, other.id)
    services.clock.advance(minutes=5)
    closed(services, MANY_IDENTITIES, SIDE)
    with services.store.begin() as session:
        named = select(Closure.id).where(Closure.account_id.is_not(None))
        assert session.scalars(named).all() == [other.id]


@pytest.mark.usefixtures("both_databases")
def test_who_lost_the_task_closes_and_forgets_nothing(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    lost = Claim("any", tasks.Kind.ERASE, closure.id, epoch=1, attempts=0)
    with pytest.raises(ClaimLostError):
        close(services, lost, closure, NOTHING_DONE)
    assert reload(services, closure).account_id == CLEAN_SEEKER.id


@pytest.mark.usefixtures("both_databases")
def test_only_what_is_being_erased_can_be_closed(services: Services, clock: FakeClock) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    with services.store.begin() as session:
        task_id = tasks.schedule(session, tasks.Kind.ERASE, closure.id, clock())
        claim = tasks.claim(session, task_id, clock(), services.settings.lease)
    with pytest.raises(MovedOnError):
        close(services, claim, closure, NOTHING_DONE)
    assert reload(services, closure).state == "pending"
    assert rows(services, Journey) == 1
