"""The console's first page: what is open, what is late, what is coming; and finding a case."""

from datetime import UTC, datetime
from typing import TypeVar

from flask import Blueprint, redirect, render_template, request, url_for
from flask_babel import gettext as _

from portal.closure.holding import Reason
from portal.closure.lifecycle import OPEN, State
from portal.identity.phone import PhoneError
from portal.services import Services
from portal.staffroom import queue, search
from portal.staffroom.members import Member
from portal.staffroom.queue import Place
from portal.staffroom.roles import Permission, may
from portal.staffroom.search import Found
from portal.store import alerts
from portal.web import seen
from portal.web.guards import Answer
from portal.web.staff.forms import SearchForm
from portal.web.staff.guards import needs

pages = Blueprint("queue", __name__)
Word = TypeVar("Word", State, Reason)


@pages.get("")
@needs(Permission.LOOK)
def show(services: Services, me: Member) -> Answer:
    return _page(services, me, SearchForm(formdata=None))


@pages.post("/search")
@needs(Permission.LOOK)
def find(services: Services, me: Member) -> Answer:
    """A phone number travels in the body only, and is looked up there and nowhere kept."""
    form = SearchForm()
    if not form.validate():
        return _page(services, me, form)
    try:
        found = search.search(services, me, form.sought.data)
    except PhoneError:
        form.refuse(form.sought, _("请输入完整的受理编号、求助编号，或 11 位手机号"))
        return _page(services, me, form)
    alone = len(found.closures) + len(found.cases) == 1
    # Of an account without a closure condition 5 can be waived, on the page of what was found.
    if alone and (found.closures or found.account_id is None):
        return redirect(_page_of(found), 303)
    account = found.account_id if may(me.role, Permission.ACT) else None
    sealed = seen.seal(services, f"waive {me.id}", account) if account else None
    return render_template(
        "staff/found.html", me=me, found=found, sealed=sealed, now=services.clock()
    )


def _page_of(found: Found) -> str:
    """The one thing that was found."""
    if found.closures:
        return url_for("staff.case.show", reference=found.closures[0].reference)
    return url_for("staff.help.show", case=found.cases[0].reference)


def _page(services: Services, me: Member, form: SearchForm) -> str:
    state, reason = _one_of(State, "state"), _one_of(Reason, "reason")
    states = (state,) if state else OPEN
    with services.store.begin() as transaction:
        open_alerts = alerts.open_alerts(transaction)
    return render_template(
        "staff/queue.html",
        me=me,
        form=form,
        errors=form.summary(),
        overview=queue.overview(services),
        page=queue.page(services, states, reason, _place()),
        state=state,
        reason=reason,
        states=list(State),
        reasons=list(Reason),
        alerts=len(open_alerts),
        now=services.clock(),
        written=_written,
        may_act=may(me.role, Permission.ACT),
    )


def _one_of(kind: type[Word], name: str) -> Word | None:
    value = request.args.get(name, "")
    return kind(value) if value in set(kind) else None


def _place() -> Place | None:
    """Where the page begins: nothing that is not one is believed."""
    at, _dot, reference = request.args.get("after", "").partition(".")
    if not (at.isascii() and at.isdigit() and len(at) < 17):
        return None
    seconds, micros = divmod(int(at), 1_000_000)
    return datetime.fromtimestamp(seconds, UTC).replace(microsecond=micros), reference[:16]


def _written(place: Place) -> str:
    at, reference = place
    return f"{int(at.timestamp()) * 1_000_000 + at.microsecond}.{reference}"
