"""What waits for a second person, and proposing to waive condition 5."""

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.accounts.system import AccountSystemUnavailableError
from portal.identity.phone import mask
from portal.services import Services
from portal.staffroom import members, proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import (
    AlreadyProposedError,
    DecidedError,
    Kind,
    OwnProposalError,
    Proposed,
)
from portal.staffroom.roles import Permission, may
from portal.web import seen
from portal.web.guards import Answer
from portal.web.staff.confirming import Step, confirm
from portal.web.staff.forms import WaiveForm
from portal.web.staff.guards import needs

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


@pages.post("/waive")
@needs(Permission.ACT)
def waive(services: Services, me: Member) -> Answer:
    """The account comes sealed, from a page that this member of staff was shown."""
    form = WaiveForm()
    account_id = seen.opened(services, f"waive {me.id}", form.account.data)
    if account_id is None:
        abort(400)
    if form.begin.data or form.back.data or not form.validate():
        errors = [] if form.begin.data or form.back.data else form.summary()
        return render_template("staff/waive.html", me=me, form=form, errors=errors)
    if not form.sure.data:
        return confirm(me, _waive_step(form))
    try:
        proposals.propose_waiver(services, me, account_id, form.why.data)
    except AlreadyProposedError:
        flash(_("已有同样的提议在等待复核。"))
    else:
        flash(_("已提出，等待另一位主管复核。在此之前没有豁免。"))
    return redirect(url_for("staff.proposals.listed"), 303)


def _waive_step(form: WaiveForm) -> Step:
    return Step(
        heading=_("确认提出豁免条件五"),
        effects=[
            _("另一位主管同意后，此刻之前的异常登录和不安全行为不再妨碍注销。"),
            _("之后新发生的照常计算；其他五项条件不受影响。"),
        ],
        action=url_for("staff.proposals.waive"),
        button=_("提交复核"),
        away=url_for("staff.queue.show"),
        rows=[(_("理由"), form.why.data)],
        fields={"account": form.account.data, "why": form.why.data},
        editable=True,
    )


def _over() -> Answer:
    """Decided by somebody, taken back, or lapsed."""
    flash(_("这件事项已经有人处理，或者已过期。没有做任何改动。"))
    return redirect(url_for("staff.proposals.listed"), 303)


def _masked(services: Services, proposed: Proposed) -> str | None:
    if proposed.row.kind != Kind.WAIVE:
        return None
    try:
        account = services.accounts.account(proposed.what["account"])
    except AccountSystemUnavailableError:
        return None
    return mask(account.phone) if account else None
