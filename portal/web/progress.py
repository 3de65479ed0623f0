"""Following a closure, and changing one's mind."""

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.routing import BaseConverter

from portal.accounts.system import AccountSystemUnavailableError, Role
from portal.closure.access import closing_scope
from portal.closure.explained import public_text
from portal.closure.holding import Reason
from portal.closure.lifecycle import OPEN, RESTORABLE, MovedOnError, State
from portal.closure.link_again import send_again as send_link_again
from portal.closure.progress import milestones
from portal.closure.restore import restore as restore_closure
from portal.closure.scope import identities_in
from portal.closure.stop import ends_at
from portal.closure.verify import Verified
from portal.identity import private_link, sign_in
from portal.identity.limits import LimitedError
from portal.identity.phone import mask
from portal.messages.texts import Purpose
from portal.services import Services
from portal.store.tables import Closure
from portal.web.guards import Answer, closure_seen, may_decide, with_services
from portal.web.timeline import timeline
from portal.web.verify import Pages, ask_code, ask_phone
from portal.web.verify import resend as send_again
from portal.web.visitor import Visitor, leave, look, witnesses
from portal.web.words import PUBLIC_REASONS, instant, next_minute

pages = Blueprint("progress", __name__)
CODE_PAGES = Pages(Purpose.TRACK, "progress.track", "progress.track_code", "progress.resend")


class ReferenceConverter(BaseConverter):
    """A closure's reference; anything else is no page."""

    regex = "ZX-[2-9A-Z]{5}-[2-9A-Z]{5}"


@pages.route("/track", methods=["GET", "POST"])
@with_services
def track(services: Services) -> Answer:
    return ask_phone(services, CODE_PAGES)


@pages.post("/track/resend")
@with_services
def resend(services: Services) -> Answer:
    return send_again(services, CODE_PAGES)


@pages.route("/track/code", methods=["GET", "POST"])
@with_services
def track_code(services: Services) -> Answer:
    answer = ask_code(services, CODE_PAGES)
    if answer is None:
        return redirect(url_for("progress.track"), 303)
    if not isinstance(answer, Verified):
        return answer
    if session.pop("downloading", None):
        return redirect(url_for("download.show"), 303)
    if answer.reference is None:
        return redirect(url_for("progress.none"), 303)
    page = "progress.restore" if session.pop("restoring", None) else "progress.show"
    return redirect(url_for(page, reference=answer.reference), 303)


@pages.get("/track/none")
def none() -> str:
    return render_template("pages/no_closure.html")


@pages.get("/p/<token>")
@with_services
def link(services: Services, token: str) -> Answer:
    """The private link of the SMS: from here on this browser may look at one closure."""
    with services.store.begin() as transaction:
        closure_id = private_link.closure_of(transaction, token)
        closure = transaction.get(Closure, closure_id) if closure_id else None
    if closure is None:
        abort(404)
    if not any(visitor.may_see(closure) for visitor in witnesses()):
        with services.store.begin() as transaction:
            look(sign_in.open_link(transaction, closure.id, services.clock()))
    return redirect(url_for("progress.show", reference=closure.reference), 303)


@pages.get("/closures/<reference:reference>")
@closure_seen
def show(services: Services, closure: Closure, visitor: Visitor) -> Answer:
    reason = closure.hold_reason if closure.state == State.HELD else closure.end_reason
    return render_template(
        "pages/progress.html",
        closure=closure,
        timeline=timeline(closure, milestones(services, closure)),
        public_reason=public_text(services, closure) or _in_general(reason),
        can_restore=closure.state in RESTORABLE,
        just_submitted=session.pop("submitted", None) == closure.reference,
        masked=_masked(services, closure, visitor),
        leaves_to_company=_leaves_to_company(services, closure, visitor),
        restoring=_access_awaited(closure),
        may_refresh=closure.state in OPEN,
        hold_ends_at=ends_at(services, closure) if closure.state == State.HELD else None,
    )


@pages.route("/closures/<reference:reference>/restore", methods=["GET", "POST"])
@closure_seen
def restore(services: Services, closure: Closure, visitor: Visitor) -> Answer:
    """Needs a code of the last 15 minutes, however one came to see the closure."""
    if closure.state not in RESTORABLE:
        return _too_late(services, closure)
    if not may_decide(services, visitor):
        with services.store.begin() as transaction:
            now = transaction.get_one(Closure, closure.id)
        if now.state not in RESTORABLE:
            # Closed since it was read, and with it the sign-in was ended.
            return _too_late(services, now)
        session["restoring"] = True
        flash(_("恢复账号前，请先用短信验证码验证身份。"))
        return redirect(url_for("progress.track"), 303)
    if request.method != "POST":
        return render_template("pages/restore.html", closure=closure)
    try:
        restore_closure(services, closure.id)
    except MovedOnError:
        return redirect(url_for("progress.restore", reference=closure.reference), 303)
    return redirect(url_for("progress.show", reference=closure.reference), 303)


@pages.post("/closures/<reference:reference>/link")
@closure_seen
def send_link(services: Services, closure: Closure, visitor: Visitor) -> Answer:
    """The private link once more; needs a code of the last 15 minutes."""
    if not may_decide(services, visitor):
        flash(_("重新发送查看链接前，请先用短信验证码验证身份。"))
        return redirect(url_for("progress.track"), 303)
    if closure.state in OPEN:
        try:
            send_link_again(services, closure)
            flash(_("查看链接已发送到账号绑定的手机号。之前的链接仍然有效。"))
        except LimitedError as error:
            until = instant(next_minute(error.until))
            flash(_("24 小时内最多重新发送 3 次，%(until)s 后可以再试。", until=until))
    return redirect(url_for("progress.show", reference=closure.reference), 303)


@pages.post("/sign-out")
@with_services
def sign_out(services: Services) -> Answer:
    leave(services)
    answer = redirect(url_for("journey.start"), 303)
    # Nor may the back button show anything any more (ASVS 14.3.1).
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _in_general(reason: str | None) -> str | None:
    """The words that a reason has where nobody wrote others."""
    return str(PUBLIC_REASONS[Reason(reason)]) if reason else None


def _too_late(services: Services, closure: Closure) -> Answer:
    """Restored or refused: the page of the closure says so. Erasing or closed: since when."""
    if closure.state in (State.RESTORED, State.REFUSED):
        return redirect(url_for("progress.show", reference=closure.reference), 303)
    since = [one.at for one in milestones(services, closure) if one.kind == "closure.erasing"]
    return render_template("pages/too_late.html", closure=closure, since=since[-1]), 409


def _masked(services: Services, closure: Closure, visitor: Visitor) -> str | None:
    """The number of the person who proved it is theirs, while there is one."""
    if visitor.account_id is None or closure.state not in OPEN:
        return None
    try:
        account = services.accounts.account(visitor.account_id)
    except AccountSystemUnavailableError:
        return None
    return mask(account.phone) if account else None


def _leaves_to_company(services: Services, closure: Closure, visitor: Visitor) -> bool:
    """Whether a recruiter identity closes, and can still name successors (二.3.2)."""
    if visitor.account_id is None or closure.state not in RESTORABLE:
        return False
    try:
        account = services.accounts.account(visitor.account_id)
    except AccountSystemUnavailableError:
        return False
    closing = identities_in(account, closing_scope(closure)) if account else ()
    return any(one.role is Role.RECRUITER for one in closing)


def _access_awaited(closure: Closure) -> bool:
    ended = closure.state in (State.RESTORED, State.REFUSED)
    return ended and not closure.access_confirmed
