"""Who is looking: a token in the cookie, all else in its row (SECURITY S1, S2)."""

from collections.abc import Iterator

import pytest
from flask import Flask, session

from portal.identity import sign_in
from portal.identity.sign_in import IDLE
from portal.services import Services
from portal.store.tables import Closure, SignIn
from portal.web.visitor import Visitor, arrive, leave, load, look, present, witnesses
from tests.fakes import FakeClock
from tests.web.rows import count


def a_token(services: Services, account_id: str = "a") -> str:
    with services.store.begin() as transaction:
        return sign_in.open_account(transaction, account_id, services.clock())


def a_look(services: Services, closure_id: str = "c") -> str:
    with services.store.begin() as transaction:
        return sign_in.open_link(transaction, closure_id, services.clock())


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def account() -> str | None:
    """Whose account this browser is signed in to."""
    visitor = present()
    return visitor.account_id if visitor else None


def test_a_token_stands_for_its_account(services: Services) -> None:
    arrive(a_token(services))
    assert account() == "a"


def test_a_stranger_is_nobody() -> None:
    assert (present(), witnesses()) == (None, [])


@pytest.mark.parametrize("token", ["", "unknown", "a" * 4000])
def test_an_unknown_token_is_nobody(token: str) -> None:
    arrive(token)
    look(token)
    assert (present(), witnesses()) == (None, [])


def test_the_cookie_holds_the_token_and_the_table_only_its_hash(services: Services) -> None:
    token = a_token(services)
    arrive(token)
    assert dict(session) == {"_user_id": token}
    with services.store.begin() as transaction:
        (row,) = transaction.query(SignIn)
        assert row.token_hash != token


def test_whoever_arrives_later_takes_the_place(services: Services) -> None:
    arrive(a_token(services))
    arrive(a_token(services, "b"))
    assert account() == "b"


def test_a_look_stands_beside_the_account_and_is_none(services: Services) -> None:
    arrive(a_token(services))
    look(a_look(services))
    assert account() == "a"
    assert [one.row.closure_id for one in witnesses()] == [None, "c"]


def test_a_look_alone_is_no_sign_in(services: Services) -> None:
    look(a_look(services))
    assert account() is None
    assert [one.row.closure_id for one in witnesses()] == ["c"]


def test_leaving_ends_everything_on_the_server_too(services: Services) -> None:
    arrive(a_token(services))
    look(a_look(services))
    session["journey"] = "draft"
    leave(services)
    assert dict(session) == {}
    assert witnesses() == []
    assert count(services, SignIn) == 0


def test_an_idle_browser_is_forgotten(services: Services, clock: FakeClock) -> None:
    token = a_token(services)
    clock.advance(seconds=IDLE.total_seconds())
    assert load(token) is None


@pytest.mark.parametrize(
    ("account", "closure", "of_account", "sees"),
    [
        ("a", None, "a", True),
        ("b", None, "a", False),
        ("a", None, None, False),
        (None, "c", "a", True),
        (None, "c", None, True),
        (None, "other", "a", False),
        (None, "other", None, False),
    ],
)
def test_a_closure_is_seen_by_its_account_while_it_has_one_and_by_its_link(
    clock: FakeClock,
    account: str | None,
    closure: str | None,
    of_account: str | None,
    sees: bool,
) -> None:
    visitor = Visitor("token", sign_in.Visitor("hash", account, closure, clock()))
    assert visitor.may_see(Closure(id="c", account_id=of_account)) is sees
