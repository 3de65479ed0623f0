"""Who is looking: Flask-Login kept thin. The cookie holds an opaque token, its row the rest."""

from typing import Any

from flask import Flask, current_app, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.identity import sign_in
from portal.services import Services
from portal.store.tables import Closure


class Visitor(UserMixin):  # type: ignore[misc]
    """A browser that proved something: an account by code, or one closure by its link."""

    def __init__(self, token: str, row: sign_in.Visitor) -> None:
        self.token = token
        self.row = row

    def get_id(self) -> str:
        return self.token

    @property
    def account_id(self) -> str | None:
        return self.row.account_id

    def may_see(self, closure: Closure) -> bool:
        """By code while the account is ours to know; by the link for ever."""
        if self.row.closure_id is not None:
            return self.row.closure_id == closure.id
        return closure.account_id is not None and self.row.account_id == closure.account_id


def register(app: Flask) -> None:
    """Give the application its visitors.

    Not by ``init_app``: its hooks look at the session and the visitor for every answer, so that
    none could be cached for everybody, and error pages would need the database.
    """
    manager = LoginManager()
    manager.session_protection = None
    manager.user_loader(load)
    app.login_manager = manager  # type: ignore[attr-defined]


def load(token: str) -> Visitor | None:
    services: Services = current_app.extensions["services"]
    with services.store.begin() as transaction:
        row = sign_in.look_up(transaction, token, services.clock())
    return Visitor(token, row) if row else None


def present() -> Visitor | None:
    """The visitor of this request, None for a stranger."""
    visitor: Any = current_user
    return visitor._get_current_object() if visitor.is_authenticated else None  # noqa: SLF001


def arrive(token: str, services: Services) -> None:
    """Make this browser the bearer of a new token; the one it had is ended (ASVS 7.2.4)."""
    leave(services)
    row = load(token)
    if row is not None:
        login_user(row)


def leave(services: Services) -> None:
    """End what this browser may see, on the server too (ASVS 7.4.1)."""
    visitor = present()
    if visitor is not None:
        with services.store.begin() as transaction:
            sign_in.end(transaction, visitor.row.token_hash)
    logout_user()
    for key in ("_fresh", "_id"):
        session.pop(key, None)
