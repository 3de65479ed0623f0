"""Proposing what needs a second person: waiving condition 5, lifting the brake."""

from collections.abc import Callable

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask_babel import gettext as _

from portal.closure import brake
from portal.services import Services
from portal.staffroom import proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import AlreadyProposedError
from portal.staffroom.roles import Permission
from portal.web import seen
from portal.web.guards import Answer
from portal.web.staff.confirming import Step, confirm
from portal.web.staff.forms import WaiveForm, WhyForm
from portal.web.staff.guards import needs

pages = Blueprint("proposing", __name__)


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
    return _proposed(lambda: proposals.propose_waiver(services, me, account_id, form.why.data))


@pages.route("/brake", methods=["GET", "POST"])
@needs(Permission.ACT)
def lift(services: Services, me: Member) -> Answer:
    """While erasing is stopped for everybody."""
    with services.store.begin() as transaction:
        on = brake.pulled(transaction)
    if on is None:
        flash(_("注销处理没有停下，无需松开。"))
        return redirect(url_for("staff.queue.show"), 303)
    form = WhyForm()
    if form.back.data or not form.validate_on_submit():
        errors = [] if form.back.data else form.summary()
        return render_template("staff/brake.html", me=me, brake=on, form=form, errors=errors)
    if not form.sure.data:
        return confirm(me, _lift_step(form))
    return _proposed(lambda: proposals.propose_lift(services, me, form.why.data))


def _proposed(propose: Callable[[], None]) -> Answer:
    try:
        propose()
    except AlreadyProposedError:
        flash(_("已有同样的提议在等待复核。"))
    else:
        flash(_("已提出，等待另一位主管复核。在此之前没有任何改动。"))
    return redirect(url_for("staff.proposals.listed"), 303)


def _lift_step(form: WhyForm) -> Step:
    return _step(
        form,
        url_for("staff.proposing.lift"),
        _("确认提出松开全站制动"),
        _("另一位主管同意后，到期的申请重新开始注销处理，并且不能再恢复。"),
        _("一小时内超过设定件数时，会再次自动停下。"),
    )


def _waive_step(form: WaiveForm) -> Step:
    return _step(
        form,
        url_for("staff.proposing.waive"),
        _("确认提出豁免条件五"),
        _("另一位主管同意后，此刻之前的异常登录和不安全行为不再妨碍注销。"),
        _("之后新发生的照常计算；其他五项条件不受影响。"),
        account=form.account.data,
    )


def _step(form: WhyForm, action: str, heading: str, *effects: str, **fields: object) -> Step:
    return Step(
        heading=heading,
        effects=effects,
        action=action,
        button=_("提交复核"),
        away=url_for("staff.queue.show"),
        rows=[(_("理由"), form.why.data)],
        fields={**fields, "why": form.why.data},
        editable=True,
    )
