"""What a reviewer does to one closure: a form, a page that says what will happen, and the act."""

from datetime import date
from typing import Any

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from portal.closure.holding import Reason
from portal.closure.lifecycle import OPEN, RESTORABLE, State
from portal.services import Services
from portal.staffroom import acts, proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import AlreadyProposedError
from portal.staffroom.roles import Permission
from portal.store import tasks
from portal.store.tables import Closure
from portal.web.guards import Answer
from portal.web.staff.confirming import Step, case_url, confirm
from portal.web.staff.forms import GroundsForm, HoldForm, RefuseForm, WhyForm
from portal.web.staff.guards import needs, on_closure, unknown
from portal.web.staff.words import REASONS, TASKS
from portal.web.words import PUBLIC_REASONS, day

pages = Blueprint("acts", __name__, url_prefix="/cases/<reference:reference>")


@pages.route("/hold", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_closure(State.PENDING)
def hold(services: Services, me: Member, closure: Closure) -> Answer:
    form = HoldForm(services.clock())
    form.version.data = closure.version
    if form.back.data or not form.validate_on_submit():
        return _form("staff/hold.html", me, closure, form)
    reason, review_on = Reason(form.reason.data), form.review_on.data
    if not form.sure.data:
        return confirm(me, _hold_step(closure, form, reason, review_on))
    acts.hold(services, me, closure, closure.version, reason, form.grounds(), review_on)
    return _done(closure, _("已暂停。申请人的进度页会显示说明。"))


@pages.route("/refuse", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_closure(*RESTORABLE)
def refuse(services: Services, me: Member, closure: Closure) -> Answer:
    form = RefuseForm()
    form.version.data = closure.version
    if form.back.data or not form.validate_on_submit():
        return _form("staff/refuse.html", me, closure, form)
    reason = Reason(form.reason.data)
    if not form.sure.data:
        return confirm(me, _refuse_step(closure, form, reason))
    acts.refuse(services, me, closure, closure.version, reason, form.grounds())
    return _done(closure, _("已终止这件申请，账号正在恢复使用。"))


@pages.route("/resume", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_closure(State.HELD)
def resume(services: Services, me: Member, closure: Closure) -> Answer:
    """Alone, or as a proposal where a second person has to agree."""
    form = WhyForm()
    form.version.data = closure.version
    if form.back.data or not form.validate_on_submit():
        return _form("staff/resume.html", me, closure, form)
    if not form.sure.data:
        return confirm(me, _resume_step(closure, form))
    if closure.hold_reason != Reason.AUTHORITY:
        acts.resume(services, me, closure, closure.version, form.why.data)
        return _done(closure, _("已恢复核查，时间按暂停时长顺延。"))
    try:
        proposals.propose_release(services, me, closure, closure.version, form.why.data)
    except AlreadyProposedError:
        return _done(closure, _("已有同样的提议在等待复核。"))
    return _done(closure, _("已提出，等待另一位主管复核。在此之前仍为暂停。"))


@pages.route("/retry/<task>", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_closure(*OPEN, State.RESTORED, State.REFUSED)
def retry(services: Services, me: Member, closure: Closure, task: str) -> Answer:
    if task not in TASKS:
        return unknown(me)
    if request.method != "POST":
        return confirm(me, _retry_step(closure, tasks.Kind(task)))
    if acts.hasten(services, me, closure, tasks.Kind(task)):
        return _done(closure, _("已安排立即重试。"))
    return _done(closure, _("这个任务没有在等待重试，无需处理。"))


def _form(template: str, me: Member, closure: Closure, form: WhyForm | GroundsForm) -> str:
    """The first step; after 返回修改 without complaints, with what was typed."""
    errors = [] if form.back.data else form.summary()
    two = closure.hold_reason == Reason.AUTHORITY
    return render_template(
        template, me=me, closure=closure, form=form, errors=errors, needs_two=two
    )


def _done(closure: Closure, said: str) -> Answer:
    flash(said)
    return redirect(case_url(closure.reference), 303)


def _hold_step(closure: Closure, form: HoldForm, reason: Reason, review_on: date) -> Step:
    return Step(
        heading=_("确认暂停 %(reference)s", reference=closure.reference),
        effects=[
            _("计时停止，不会开始注销处理；账号保持停用。"),
            _("申请人仍可随时恢复账号。"),
            _("过了复查日期仍未处理，会列在队列最上方并提醒。"),
        ],
        action=_url("hold", closure),
        button=_("确认暂停"),
        away=case_url(closure.reference),
        rows=[
            (_("原因"), str(REASONS[reason])),
            (_("申请人会看到"), _public(reason, form.public.data)),
            (_("依据"), form.basis.data),
            (_("来源"), form.source.data),
            (_("复查日期"), day(review_on)),
            (_("内部说明"), form.internal.data or _("无")),
        ],
        fields=_typed(form),
        editable=True,
    )


def _refuse_step(closure: Closure, form: RefuseForm, reason: Reason) -> Step:
    return Step(
        heading=_("确认不予通过 %(reference)s", reference=closure.reference),
        effects=[
            _("这件申请就此终止，不能撤回；账号恢复使用，信息和数据不变。"),
            _("申请人可以在事项处理完毕后重新申请。"),
        ],
        action=_url("refuse", closure),
        button=_("确认不予通过"),
        away=case_url(closure.reference),
        rows=[
            (_("原因"), str(REASONS[reason])),
            (_("申请人会看到"), _public(reason, form.public.data)),
            (_("内部说明"), form.internal.data or _("无")),
        ],
        fields=_typed(form),
        danger=True,
        editable=True,
    )


def _resume_step(closure: Closure, form: WhyForm) -> Step:
    two = closure.hold_reason == Reason.AUTHORITY
    goes_on = _("计时继续，开始处理和完成的时间按暂停时长顺延，至少保留 24 小时可恢复。")
    again = _("系统会马上重新核查六项条件；仍有未通过的，会再次暂停。")
    alone = [goes_on, again]
    waits = [_("这件暂停涉及国家机关，需要另一位主管同意后才会解除。"), goes_on, again]
    return Step(
        heading=_("确认恢复核查 %(reference)s", reference=closure.reference),
        effects=waits if two else alone,
        action=_url("resume", closure),
        button=_("提交复核") if two else _("确认恢复核查"),
        away=case_url(closure.reference),
        rows=[(_("理由"), form.why.data)],
        fields=_typed(form),
        editable=True,
    )


def _retry_step(closure: Closure, kind: tasks.Kind) -> Step:
    return Step(
        heading=_("立即重试：%(task)s", task=TASKS[kind]),
        effects=[
            _("失败后等待中的任务会马上再做一次，不必等到下次自动重试。"),
            _("已经完成的步骤不会重做，也不会提前开始注销处理。"),
        ],
        action=_url("retry", closure, task=kind),
        button=_("立即重试"),
        away=case_url(closure.reference),
        fields={"version": closure.version},
    )


def _public(reason: Reason, typed: str) -> str:
    return typed or str(PUBLIC_REASONS[reason])


def _typed(form: WhyForm | GroundsForm) -> dict[str, object]:
    return {one.name: one.data for one in form if one not in (form.sure, form.back)}


def _url(act: str, closure: Closure, **values: Any) -> str:
    return url_for(f"staff.acts.{act}", reference=closure.reference, **values)
