"""The five steps from reading the notice to the submitted request."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from flask import Blueprint, flash, redirect, render_template, session, url_for
from flask_babel import gettext as _

from portal.closure import consent
from portal.closure import journey as walk
from portal.closure.conditions import judge, may_continue
from portal.closure.consent import NoticeChangedError, Shown
from portal.closure.consequences import linked_recruiters
from portal.closure.deadlines import at_submission
from portal.closure.journey import FactsChangedError, Stage
from portal.closure.scope import only_side
from portal.closure.submit import submit
from portal.closure.verify import Verified, bind_signed_in
from portal.download.asking import was_fetched
from portal.identity.phone import mask
from portal.messages.texts import Purpose
from portal.notice.comparing.changes import changed_clause_ids
from portal.notice.comparing.comparison import compare
from portal.notice.register import Published
from portal.services import Services
from portal.web import seen, showing, words
from portal.web.forms import (
    AGREE_TO_NOTICE,
    ConditionsForm,
    ConfirmForm,
    ConsequencesForm,
    NoticeForm,
    SideForm,
)
from portal.web.guards import (
    PAGE_OF,
    Answer,
    Bound,
    at_stage,
    may_decide,
    next_page,
    this_journey,
    with_services,
)
from portal.web.languages import language
from portal.web.verify import Pages, ask_code, ask_phone
from portal.web.verify import resend as send_again
from portal.web.visitor import present

pages = Blueprint("journey", __name__)
CODE_PAGES = Pages(Purpose.CLOSE, "journey.phone", "journey.code", "journey.resend")


@pages.get("/")
@with_services
def start(services: Services) -> Answer:
    return render_template("pages/start.html", promise_days=words.days(services.settings.promise))


@pages.get("/close/notice")
@with_services
def read_notice(services: Services) -> Answer:
    """Step 1. Showing stores nothing: what was shown comes back sealed in the form."""
    journey = this_journey(services)
    return _notice_page(services, NoticeForm(formdata=None), journey.version if journey else None)


@pages.post("/close/notice")
@with_services
def agree(services: Services) -> Answer:
    """Accepts exactly what was shown; a version that came into force meanwhile is shown again."""
    form = NoticeForm()
    shown = seen.opened(services, "notice", form.seen.data)
    if shown is None:
        flash(_("页面内容不完整，请重新阅读后再确认。您的申请尚未提交。"))
        return redirect(url_for("journey.read_notice"), 303)
    if not form.validate():
        return _notice_page(services, form, shown["version"])
    before = Shown(**{**shown, "shown_at": datetime.fromisoformat(shown["shown_at"])})
    visitor = present()
    who = visitor.account_id if visitor else None
    try:
        session["journey"] = consent.accept(services, before, session.get("journey"), who)
    except NoticeChangedError:
        return _notice_page(services, NoticeForm(formdata=None), before.version)
    if visitor and may_decide(services, visitor):
        bind_signed_in(services, session["journey"], visitor.row)
    return redirect(next_page(services), 303)


def _notice_page(services: Services, form: NoticeForm, before: str | None) -> str:
    """``before`` is the version this person saw or accepted last."""
    shown = consent.shown_now(services, str(AGREE_TO_NOTICE), language())
    published = services.notices.get(shown.version)
    changed = before is not None and before != shown.version
    if changed:
        form = NoticeForm(formdata=None)
    form.agree.label.text = shown.box
    form.seen.data = seen.seal(
        services, "notice", {**asdict(shown), "shown_at": shown.shown_at.isoformat()}
    )
    return render_template(
        "pages/read_notice.html",
        notice=published.notice,
        previous=services.notices.previous(published.version),
        fragment=published.fragment,
        form=form,
        errors=form.summary(),
        **(_changes(services, before, published) if changed else {}),
    )


def _changes(services: Services, before: str | None, now: Published) -> dict[str, Any]:
    """What to read again, for whoever saw another version."""
    comparison = compare(services.notices.get(before or "").notice, now.notice)
    return {
        "changed_from": before,
        "comparison": comparison,
        "changed_ids": changed_clause_ids(comparison),
    }


@pages.route("/close/phone", methods=["GET", "POST"])
@with_services
def phone(services: Services) -> Answer:
    """Step 2."""
    if this_journey(services) is None:
        return redirect(next_page(services), 303)
    return ask_phone(services, CODE_PAGES)


@pages.post("/close/resend")
@with_services
def resend(services: Services) -> Answer:
    return send_again(services, CODE_PAGES)


@pages.route("/close/code", methods=["GET", "POST"])
@with_services
def code(services: Services) -> Answer:
    answer = ask_code(services, CODE_PAGES)
    if answer is None:
        # Perhaps it was given already: by a second click, or before its page got lost.
        return redirect(next_page(services), 303)
    if not isinstance(answer, Verified):
        return answer
    if answer.reference:
        return redirect(url_for("progress.show", reference=answer.reference), 303)
    return redirect(next_page(services), 303)


@pages.get("/close/lost-phone")
def lost_phone() -> str:
    return render_template("pages/lost_phone.html")


@pages.route("/close/side", methods=["GET", "POST"])
@at_stage(Stage.SIDE)
def side(services: Services, bound: Bound) -> Answer:
    """Step 3, for an account with several identities: which side?"""
    form = SideForm()
    identities = {one.id: one for one in bound.account.identities}
    form.side.choices = [(key, words.identity_label(one)) for key, one in identities.items()]
    if only_side(bound.account):
        return redirect(url_for("journey.conditions"), 303)
    if form.validate_on_submit():
        walk.choose_side(services, bound.journey, bound.account, form.side.data)
        return redirect(url_for("journey.conditions"), 303)
    return render_template(
        "pages/side.html", form=form, errors=form.summary(), identities=identities
    )


def conditions_unread(services: Services) -> Answer:
    """The same page while nothing can be read: 暂时无法检查, and no way on."""
    now = services.clock()
    return render_template(
        "pages/conditions.html",
        conditions=[words.condition(one) for one in judge(None, now)],
        errors=[],
        checked_at=now,
        may_continue=False,
        notice_version=services.notices.in_force(now).version,
    )


@pages.route("/close/conditions", methods=["GET", "POST"])
@at_stage(Stage.CONDITIONS, away=conditions_unread)
def conditions(services: Services, bound: Bound) -> Answer:
    """Step 3. Facts are read for every request; a box counts only for the facts shown with it."""
    facts = walk.read_facts(services, bound.journey, bound.account)
    form = ConditionsForm()
    form.assets.validators = [words.asset_box_needed()] if facts.assets else []
    if may_continue(facts.conditions) and form.validate_on_submit():
        try:
            walk.confirm_conditions(services, bound.journey, facts, form.seen.data or "")
        except FactsChangedError as error:
            return _again(error)
        return redirect(url_for("journey.consequences"), 303)
    form.seen.data = walk.assets_digest(services, bound.journey, facts)
    return render_template(
        "pages/conditions.html",
        conditions=[words.condition(one) for one in facts.conditions],
        form=form,
        errors=form.summary(),
        assets_groups=showing.assets_by_identity(facts),
        checked_at=facts.checked_at,
        may_continue=may_continue(facts.conditions),
        side_label=showing.side(facts),
        notice_version=bound.journey.version,
    )


@pages.route("/close/consequences", methods=["GET", "POST"])
@at_stage(Stage.CONSEQUENCES)
def consequences(services: Services, bound: Bound) -> Answer:
    """Step 4. The snapshot that was shown comes back sealed, and is what is kept."""
    form = ConsequencesForm()
    place = f"consequences {bound.journey.id}"
    if form.is_submitted():
        if shown := seen.opened(services, place, form.seen.data):
            walk.confirm_consequences(services, bound.journey, shown)
            return redirect(url_for("journey.confirm"), 303)
        flash(_("页面内容不完整，请重新了解注销的后果。您的申请尚未提交。"))
    facts = walk.read_facts(services, bound.journey, bound.account)
    holdings = walk.read_holdings(services, facts)
    form.seen.data = seen.seal(services, place, walk.snapshot(services, facts, holdings))
    return render_template(
        "pages/consequences.html",
        form=form,
        errors=form.summary(),
        holdings=holdings,
        whole=facts.scope.whole,
        linked_recruiters=linked_recruiters(bound.account, facts.scope),
        recruiters=list(showing.recruiters(services, holdings)),
        side_label=showing.side(facts),
    )


@pages.route("/close/confirm", methods=["GET", "POST"])
@at_stage(Stage.CONFIRM)
def confirm(services: Services, bound: Bound) -> Answer:
    """Step 5. Needs a code of the last 15 minutes (ASVS 7.5.3)."""
    if not may_decide(services, bound.visitor):
        flash(str(words.STALE))
        return redirect(url_for("journey.phone"), 303)
    form = ConfirmForm()
    agreed = walk.agreed_digest(services, bound.journey, bound.account)
    if form.is_submitted() and form.seen.data != agreed:
        return _again(FactsChangedError(Stage.CONFIRM))
    if form.validate_on_submit():
        return _submit(services, bound)
    form.seen.data = agreed
    facts = walk.read_facts(services, bound.journey, bound.account)
    until = at_submission(services.settings, services.clock())
    return render_template(
        "pages/confirm.html",
        form=form,
        errors=form.summary(),
        masked=mask(bound.account.phone),
        side_label=showing.side(facts),
        several_identities=only_side(bound.account) is None,
        notice_version=bound.journey.version,
        checked_at=walk.checked_at(services, bound.journey),
        assets_groups=showing.assets_by_identity(facts),
        restore_until=until.erase_at,
        promise_at=until.promise_at,
        downloaded=was_fetched(services, bound.journey.id),
    )


def _submit(services: Services, bound: Bound) -> Answer:
    try:
        closure = submit(services, bound.journey, bound.account)
    except FactsChangedError as error:
        return _again(error)
    session.pop("journey", None)
    session["submitted"] = closure.reference
    return redirect(url_for("progress.show", reference=closure.reference), 303)


def _again(changed: FactsChangedError) -> Answer:
    flash(str(words.CHANGED[changed.stage]))
    return redirect(url_for(PAGE_OF[changed.stage]), 303)
