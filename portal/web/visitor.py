"""Who is looking: Flask-Login kept thin. The cookie holds an opaque token, its row the rest."""

from typing import Any

from flask import Flask, current_app, session
from flask_login import LoginManager, UserMixin, current_user, login_user, logout_user

from portal.identity import sign_in
from portal.services import Services
from portal.staffroom import sign_in as console
from portal.store.tables import Closure

STAFF = "staff"
"""Where the session cookie has the token of the console; people's tokens have other keys."""


class Visitor(UserMixin):  # type: ignore[misc]
    """A browser that proved something: an account by code, a closure by its link, a help case."""

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


def witnesses() -> list[Visitor]:
    """All that this browser proved: the account by its code, a closure by its link."""
    look = load(session["look"]) if "look" in session else None
    return [one for one in (present(), look) if one is not None]


def look(token: str) -> None:
    """Let this browser look at one closure, beside the account it may be signed in to."""
    session["look"] = token


def follow(token: str) -> None:
    """Let this browser follow one help case, beside whatever else it may see."""
    session["help"] = token


def followed() -> str | None:
    """The id of the help case whose secret was given in this browser."""
    visitor = load(session["help"]) if "help" in session else None
    return visitor.row.case_id if visitor else None


def arrive(token: str) -> None:
    """Make this browser the bearer of a new sign-in."""
    visitor = load(token)
    if visitor is not None:
        login_user(visitor)
    for key in ("_fresh", "_id"):
        session.pop(key, None)


def leave(services: Services) -> None:
    """End what this browser may see, on the server too (ASVS 7.4.1)."""
    followed = load(session["help"]) if "help" in session else None
    with services.store.begin() as transaction:
        for visitor in (*witnesses(), followed):
            if visitor:
                sign_in.end(transaction, visitor.row.token_hash)
        if STAFF in session:
            console.sign_out(transaction, session[STAFF])
    logout_user()
    session.clear()
