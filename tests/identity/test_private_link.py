import pytest
from sqlalchemy import select

from portal.identity import private_link
from portal.store.engine import Store
from portal.store.tables import Closure, PrivateLink
from tests.fakes import FakeClock


@pytest.fixture
def closure(store: Store, clock: FakeClock) -> str:
    now = clock()
    with store.begin() as session:
        session.add(
            Closure(
                id="c",
                reference="ZX-1",
                journey_id="j",
                state="pending",
                version=1,
                account_id="a",
                identity_ids=[],
                whole=True,
                shared_jobs_too=False,
                notice_version="2025V1",
                submitted_at=now,
                erase_at=now,
                promise_at=now,
                changed_at=now,
                access_confirmed=False,
            )
        )
    return "c"


def test_the_token_leads_to_its_closure(store: Store, clock: FakeClock, closure: str) -> None:
    with store.begin() as session:
        token = private_link.make(session, closure, clock())
    with store.begin() as session:
        assert private_link.closure_of(session, token) == closure


def test_only_the_hash_is_kept(store: Store, clock: FakeClock, closure: str) -> None:
    with store.begin() as session:
        token = private_link.make(session, closure, clock())
    with store.begin() as session:
        kept = session.scalars(select(PrivateLink.token_hash)).one()
        assert private_link.closure_of(session, kept) is None
    assert len(token) == 22
    assert token not in kept


def test_an_unknown_token_leads_nowhere(store: Store) -> None:
    with store.begin() as session:
        assert private_link.closure_of(session, "unknown") is None
