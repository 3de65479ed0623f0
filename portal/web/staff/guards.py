"""Who may open which page of the console: nobody, unless the view says whom it is for.

The role is read from its row for every request: one that was lost is lost with the next click.
"""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import abort, current_app, flash, g, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from portal.closure.lifecycle import State
from portal.services import Services
from portal.staffroom import members, sign_in
from portal.staffroom.case import find
from portal.staffroom.members import Member
from portal.staffroom.overtaken import OvertakenError, overtaken
from portal.staffroom.roles import Permission, may
from portal.web.guards import Answer
from portal.web.staff import words
from portal.web.visitor import STAFF

P = ParamSpec("P")
ANYBODY = "anybody"
"""What a view before the door is declared for."""


def admit() -> Answer | None:
    """Stands before every view of the console; None lets it go on."""
    needed = needs_of(current_app.view_functions[request.endpoint or ""])
    if needed is None:
        abort(403)
    if needed == ANYBODY:
        return None
    member = present(current_app.extensions["services"])
    if member is None:
        session.pop(STAFF, None)
        if request.method == "POST" and request.form.get("text"):
            return render_template("staff/sign_in_again.html"), 403
        flash(_("请先登录。一段时间没有操作，登录会自动失效；没有完成的操作没有生效。"))
        return redirect(url_for("staff.door.sign_in"), 303)
    if not may(member.role, Permission(needed)):
        return render_template("staff/not_yours.html", me=member), 403
    g.staff = member
    return None


def needs_of(view: object) -> str | None:
    """The permission that a view was declared for; None for one that was not."""
    return getattr(view, "staff_needs", None)


def for_everybody(view: Callable[Concatenate[Services, P], Answer]) -> Callable[P, Answer]:
    """A view before the door: for whoever comes."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        return view(current_app.extensions["services"], *args, **kwargs)

    return _declared(guarded, ANYBODY)


def needs(
    permission: Permission,
) -> Callable[[Callable[Concatenate[Services, Member, P], Answer]], Callable[P, Answer]]:
    """A view for members of staff who may do this; it is handed the services and who they are."""

    def decorate(view: Callable[Concatenate[Services, Member, P], Answer]) -> Callable[P, Answer]:
        @wraps(view)
        def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
            return view(current_app.extensions["services"], g.staff, *args, **kwargs)

        return _declared(guarded, permission)

    return decorate


def on_closure(*states: State) -> Callable[[Callable[..., Answer]], Callable[..., Answer]]:
    """For acting on a closure in one of these states, as it was when its page was shown.

    The view gets the closure where its address names one. Raises OvertakenError when it has
    changed since.
    """

    def decorate(view: Callable[..., Answer]) -> Callable[..., Answer]:
        @wraps(view)
        def guarded(services: Services, me: Member, reference: str, **others: str) -> Answer:
            closure = find(services, reference)
            if closure is None:
                return unknown(me)
            changed = request.method == "POST" and _version_shown() != closure.version
            if changed or State(closure.state) not in states:
                raise overtaken(services, closure)
            return view(services, me, closure, **others)

        return guarded

    return decorate


def present(services: Services) -> Member | None:
    """Who is signed in to the console in this browser."""
    token = session.get(STAFF)
    if token is None:
        return None
    with services.store.begin() as transaction:
        return sign_in.look_up(transaction, token, services.clock())


def unknown(me: Member) -> Answer:
    return render_template("staff/unknown.html", me=me), 404


def too_late(error: OvertakenError) -> Answer:
    """Somebody else was faster: who, and when; nothing was done."""
    services: Services = current_app.extensions["services"]
    with services.store.begin() as transaction:
        names = members.names(transaction)
    who = words.actor(error.by, names)
    reference = (request.view_args or {}).get("reference")
    page = render_template(
        "staff/too_late.html", me=g.staff, who=who, at=error.at, reference=reference
    )
    return page, 409


def _version_shown() -> int | None:
    return request.form.get("version", type=int)


def _declared(view: Callable[P, Answer], needed: str) -> Callable[P, Answer]:
    view.staff_needs = needed  # type: ignore[attr-defined]
    return view
