"""What waits for a second person, and deciding it."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.accounts.system import AccountSystemUnavailableError
from portal.identity.phone import mask
from portal.services import Services
from portal.staffroom import members, proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import DecidedError, OwnProposalError, Proposed
from portal.staffroom.roles import Permission, may
from portal.web.guards import Answer
from portal.web.staff.guards import needs
from portal.web.staff.words import COMPARED, Compared

pages = Blueprint("proposals", __name__)


@pages.get("/proposals")
@needs(Permission.LOOK)
def listed(services: Services, me: Member) -> Answer:
    with services.store.begin() as transaction:
        names = members.names(transaction)
    waiting = proposals.waiting(services)
    return render_template("staff/proposals.html", me=me, waiting=waiting, names=names)


@pages.get("/proposals/<proposal>")
@needs(Permission.ACT)
def show(services: Services, me: Member, proposal: str) -> Answer:
    proposed = proposals.find(services, proposal)
    if proposed is None:
        return _over()
    with services.store.begin() as transaction:
        names = members.names(transaction)
    return render_template(
        "staff/proposal.html",
        me=me,
        proposed=proposed,
        names=names,
        masked=_masked(services, proposed),
        compared=[str(COMPARED[Compared(one)]) for one in proposed.what.get("compared", ())],
        mine=proposed.row.by == me.actor,
        may_approve=may(me.role, Permission.APPROVE),
    )


@pages.post("/proposals/<proposal>/approve")
@needs(Permission.APPROVE)
def approve(services: Services, me: Member, proposal: str) -> Answer:
    proposed = proposals.find(services, proposal)
    if proposed is None:
        return _over()
    try:
        proposals.approve(services, me, proposed)
    except DecidedError:
        return _over()
    except OwnProposalError:
        flash(_("需要另一个人复核：不能同意自己提出的事项。"))
        return redirect(url_for("staff.proposals.show", proposal=proposal), 303)
    flash(_("已同意并执行。"))
    return redirect(url_for("staff.proposals.listed"), 303)


@pages.post("/proposals/<proposal>/decline")
@needs(Permission.ACT)
def decline(services: Services, me: Member, proposal: str) -> Answer:
    proposed = proposals.find(services, proposal)
    mine = proposed is not None and proposed.row.by == me.actor
    if proposed is None:
        return _over()
    if not (mine or may(me.role, Permission.APPROVE)):
        abort(403)
    try:
        proposals.decline(services, me, proposed)
    except DecidedError:
        return _over()
    flash(_("已撤回。") if mine else _("已拒绝，没有做任何改动。"))
    return redirect(url_for("staff.proposals.listed"), 303)


def _over() -> Answer:
    """Decided by somebody, taken back, or lapsed."""
    flash(_("这件事项已经有人处理，或者已过期。没有做任何改动。"))
    return redirect(url_for("staff.proposals.listed"), 303)


def _masked(services: Services, proposed: Proposed) -> str | None:
    if "account" not in proposed.what:
        return None
    try:
        account = services.accounts.account(proposed.what["account"])
    except AccountSystemUnavailableError:
        return None
    return mask(account.phone) if account else None
