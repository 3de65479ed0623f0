"""Help cases at the console: which wait, one with all that was said, and the acts."""

from collections.abc import Callable
from functools import wraps

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _

from portal.closure.help_ties import State
from portal.helpdesk import answering
from portal.helpdesk.answering import ChangedError, Looked
from portal.identity.phone import mask
from portal.services import Services
from portal.staffroom import members, proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import AlreadyProposedError
from portal.staffroom.roles import Permission, may
from portal.store.tables import HelpCase
from portal.web import words
from portal.web.guards import Answer
from portal.web.staff.confirming import Step, confirm
from portal.web.staff.forms import ActForm, AnswerForm, VouchForm
from portal.web.staff.guards import needs, unknown
from portal.web.staff.words import COMPARED, actor

pages = Blueprint("help", __name__, url_prefix="/help")


@pages.get("")
@needs(Permission.LOOK)
def listed(services: Services, me: Member) -> Answer:
    """By the day they have to be answered; nothing of them is opened."""
    asked = request.args.get("state", State.OPEN)
    state = State(asked) if asked in set(State) else State.OPEN
    cases = answering.waiting(services, state)
    now = services.clock()
    return render_template(
        "staff/help_list.html", me=me, cases=cases, state=state, states=list(State), now=now
    )


@pages.get("/<case:case>")
@needs(Permission.LOOK)
def show(services: Services, me: Member, case: str) -> Answer:
    """Looking is told to the ledger, for every request."""
    looked = answering.look(services, me.actor, case)
    if looked is None:
        return unknown(me)
    return render_template(
        "staff/help.html",
        me=me,
        looked=looked,
        talk=looked.talk,
        case=looked.talk.case,
        masked=mask(looked.account.phone) if looked.account else None,
        identities=_identities(looked),
        names=_names(services),
        now=services.clock(),
        may_act=may(me.role, Permission.ACT),
    )


def _names(services: Services) -> dict[str, str]:
    with services.store.begin() as transaction:
        return members.names(transaction)


def _identities(looked: Looked) -> str:
    return words.listed(
        words.identity_label(one) for one in (looked.account.identities if looked.account else ())
    )


def on_case(
    view: Callable[[Services, Member, HelpCase], Answer],
) -> Callable[[Services, Member, str], Answer]:
    """For acting on a case that has not ended."""

    @wraps(view)
    def guarded(services: Services, me: Member, case: str) -> Answer:
        found = answering.find(services, case)
        if found is None:
            return unknown(me)
        if found.state == State.ENDED:
            return _done(found, _("这件求助已经结束，没有做任何改动。"))
        return view(services, me, found)

    return guarded


@pages.route("/<case:case>/answer", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_case
def answer(services: Services, me: Member, case: HelpCase) -> Answer:
    """What was written is kept when somebody else was faster."""
    form = AnswerForm()
    version = _version(form, case)
    if form.back.data or not form.validate_on_submit():
        return _answer_page(services, me, case, form)
    if not form.sure.data:
        return confirm(me, _answer_step(case, form))
    try:
        answering.answer(services, me.actor, case, version, form.text.data)
    except ChangedError as error:
        flash(_changed(services, error))
        form.version.data = case.version
        return _answer_page(services, me, case, form), 409
    return _done(case, _("已答复。求助人在查询页面可以看到。"))


@pages.route("/<case:case>/end", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_case
def end(services: Services, me: Member, case: HelpCase) -> Answer:
    form = ActForm()
    version = _version(form, case)
    if not form.sure.data:
        return confirm(me, _end_step(case, form))
    try:
        answering.end(services, me.actor, case, version)
    except ChangedError as error:
        return _done(case, _changed(services, error))
    return _done(case, _("已结束。"))


@pages.route("/<case:case>/vouch", methods=["GET", "POST"])
@needs(Permission.ACT)
@on_case
def vouch(services: Services, me: Member, case: HelpCase) -> Answer:
    """Propose that the case stands in for the SMS code; a second person has to agree."""
    looked = answering.look(services, me.actor, case.reference)
    if looked is None or looked.account is None:
        return _done(case, _("现在查不到求助人所说的账号，不能代替短信验证。"))
    form, masked = VouchForm(), mask(looked.account.phone)
    if form.back.data or not form.validate_on_submit():
        errors = [] if form.back.data else form.summary()
        return render_template(
            "staff/vouch.html", me=me, case=case, form=form, errors=errors, masked=masked
        )
    if not form.sure.data:
        return confirm(me, _vouch_step(case, form, masked))
    try:
        proposals.propose_vouching(
            services, me, case, looked.account.id, form.compared, form.why.data
        )
    except AlreadyProposedError:
        return _done(case, _("已有同样的提议在等待复核。"))
    return _done(case, _("已提出，等待另一位主管复核。在此之前没有任何改动。"))


def _version(form: ActForm, case: HelpCase) -> int:
    """Which version of the case the page showed; the first page shows the present one."""
    shown = request.form.get("version", type=int)
    form.version.data = case.version if shown is None else shown
    return int(form.version.data)


def _answer_page(services: Services, me: Member, case: HelpCase, form: AnswerForm) -> str:
    """With all that was said: nobody answers from memory."""
    looked = answering.look(services, me.actor, case.reference)
    return render_template(
        "staff/answer.html",
        me=me,
        case=case,
        form=form,
        errors=[] if form.back.data else form.summary(),
        talk=looked.talk if looked else None,
        names=_names(services),
    )


def _changed(services: Services, error: ChangedError) -> str:
    who = actor(error.by, _names(services))
    at = words.instant(error.at)
    return _("这件求助已被 %(who)s 于 %(at)s 更新，您的操作没有生效。请先查看。", who=who, at=at)


def _done(case: HelpCase, said: str) -> Answer:
    flash(said)
    return redirect(_url("show", case), 303)


def _answer_step(case: HelpCase, form: AnswerForm) -> Step:
    return Step(
        heading=_("确认答复 %(case)s", case=case.reference),
        effects=[_("求助人马上能在查询页面看到，不能撤回。不会另发短信或邮件。")],
        action=_url("answer", case),
        button=_("确认答复"),
        away=_url("show", case),
        rows=[(_("答复"), form.text.data)],
        fields={"text": form.text.data, "version": form.version.data},
        editable=True,
    )


def _end_step(case: HelpCase, form: ActForm) -> Step:
    return Step(
        heading=_("确认结束 %(case)s", case=case.reference),
        effects=[
            _("求助人不能再在这里留言，但仍能查看，直到保存期满。"),
            _("没有答复就结束的，求助人得不到任何说明；请先答复。"),
        ],
        action=_url("end", case),
        button=_("确认结束"),
        away=_url("show", case),
        fields={"version": form.version.data},
    )


def _vouch_step(case: HelpCase, form: VouchForm, masked: str) -> Step:
    fields = {one.name: "y" for one in form.boxes if one.data}
    return Step(
        heading=_("确认提出：求助 %(case)s 代替短信验证", case=case.reference),
        effects=[
            _("另一位主管同意后，求助人在 24 小时内可以不用验证码进入这个账号一次。"),
            _("账号绑定的手机号会收到短信；账本会记下两个人的名字和核对的内容。"),
        ],
        action=_url("vouch", case),
        button=_("提交复核"),
        away=_url("show", case),
        rows=[
            (_("账号手机号"), masked),
            (_("核对过"), words.listed(str(COMPARED[one]) for one in form.compared)),
            (_("怎样核对的"), form.why.data),
        ],
        fields={**fields, "why": form.why.data},
        editable=True,
    )


def _url(page: str, case: HelpCase) -> str:
    return url_for(f"staff.help.{page}", case=case.reference)
