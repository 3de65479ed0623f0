"""Who is looking: a token in the cookie, all else in its row (SECURITY S1, S2)."""

import pytest
from flask import Flask, session

from portal.identity import sign_in
from portal.identity.sign_in import IDLE
from portal.services import Services
from portal.store.tables import Closure, SignIn
from portal.web.visitor import Visitor, arrive, leave, load, present
from tests.fakes import FakeClock
from tests.web.rows import count


def a_token(services: Services, account_id: str = "a") -> str:
    with services.store.begin() as transaction:
        return sign_in.open_account(transaction, account_id, services.clock())


def test_a_token_stands_for_its_account(app: Flask, services: Services) -> None:
    with app.test_request_context():
        arrive(a_token(services), services)
        visitor = present()
        assert visitor
        assert visitor.account_id == "a"


def test_a_stranger_is_nobody(app: Flask) -> None:
    with app.test_request_context():
        assert present() is None


@pytest.mark.parametrize("token", ["", "unknown", "a" * 4000])
def test_an_unknown_token_is_nobody(app: Flask, services: Services, token: str) -> None:
    with app.test_request_context():
        arrive(token, services)
        assert present() is None


def test_the_cookie_holds_the_token_and_the_table_only_its_hash(
    app: Flask, services: Services
) -> None:
    token = a_token(services)
    with app.test_request_context():
        arrive(token, services)
        assert session["_user_id"] == token
    with services.store.begin() as transaction:
        (row,) = transaction.query(SignIn)
        assert row.token_hash != token


def test_arriving_again_ends_what_was_before(app: Flask, services: Services) -> None:
    first = a_token(services)
    with app.test_request_context():
        arrive(first, services)
        arrive(a_token(services, "b"), services)
        assert load(first) is None
        visitor = present()
        assert visitor
        assert visitor.account_id == "b"


def test_leaving_ends_it_on_the_server_too(app: Flask, services: Services) -> None:
    token = a_token(services)
    with app.test_request_context():
        arrive(token, services)
        leave(services)
        assert (present(), load(token)) == (None, None)
        assert not {"_user_id", "_fresh", "_id"} & set(session)
    assert count(services, SignIn) == 0


def test_an_idle_browser_is_forgotten(app: Flask, services: Services, clock: FakeClock) -> None:
    token = a_token(services)
    clock.advance(seconds=IDLE.total_seconds())
    with app.test_request_context():
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
