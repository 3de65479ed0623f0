"""What a view may count on: guards find it, or send the person to where they can go on."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import abort, current_app, flash, redirect, session, url_for
from flask_babel import lazy_gettext as _
from structlog.contextvars import bind_contextvars
from werkzeug.wrappers import Response

from portal.accounts.system import Account, AccountSystemUnavailableError
from portal.closure import consent
from portal.closure.journey import Stage, stage_of
from portal.closure.lifecycle import by_reference, open_of
from portal.identity import sign_in
from portal.services import Services
from portal.store.tables import Journey
from portal.web.visitor import Visitor, present, witnesses

P = ParamSpec("P")
Answer = str | Response | tuple[str, int]

PAGE_OF = {
    Stage.NOTICE: "journey.read_notice",
    Stage.VERIFY: "journey.phone",
    Stage.SIDE: "journey.side",
    Stage.CONDITIONS: "journey.conditions",
    Stage.CONSEQUENCES: "journey.consequences",
    Stage.CONFIRM: "journey.confirm",
}
_WHY = {
    Stage.NOTICE: _("请先阅读并同意当前版本的《账号注销须知》。您的申请尚未提交。"),
    Stage.VERIFY: _("为保护您的账号，请先验证手机号。已确认的步骤会保留，您的申请尚未提交。"),
}
_NOT_YET = _("请先完成这一步，再继续。您的申请尚未提交。")


@dataclass(frozen=True)
class Bound:
    """A journey whose account is signed in."""

    journey: Journey
    account: Account
    visitor: Visitor


def with_services(view: Callable[Concatenate[Services, P], Answer]) -> Callable[P, Answer]:
    """Hand the services to the view."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> Answer:
        return view(current_app.extensions["services"], *args, **kwargs)

    return guarded


def at_stage(
    stage: Stage, away: Callable[[Services], Answer] | None = None
) -> Callable[[Callable[[Services, Bound], Answer]], Callable[[], Answer]]:
    """Only for a bound journey that has come this far; others go to the step they are at.

    ``away`` is the page for a signed-in person while the account system gives no answer; without
    it that is an error like any other.
    """

    def decorate(view: Callable[[Services, Bound], Answer]) -> Callable[[], Answer]:
        @wraps(view)
        @with_services
        def guarded(services: Services) -> Answer:
            try:
                found = _bound(services, stage)
                return view(services, found) if isinstance(found, Bound) else found
            except AccountSystemUnavailableError:
                if away is None or present() is None or this_journey(services) is None:
                    raise
                return away(services)

        return guarded

    return decorate


def _bound(services: Services, stage: Stage) -> Bound | Response:
    """The journey that has come to this stage, or the way to where this person is."""
    visitor, journey = present(), this_journey(services)
    account = _account(services, visitor)
    if account and (reference := open_reference(services, account)):
        return redirect(url_for("progress.show", reference=reference), 303)
    now_at = stage_of(journey, account, _version(services))
    if now_at < stage:
        return _elsewhere(now_at)
    assert journey and visitor and account  # noqa: S101, PT018 - later than VERIFY
    return Bound(journey, account, visitor)


def next_page(services: Services) -> str:
    """Where this browser's journey goes on."""
    account = _account(services, present())
    return url_for(PAGE_OF[stage_of(this_journey(services), account, _version(services))])


def _elsewhere(now_at: Stage) -> Response:
    flash(_WHY.get(now_at, _NOT_YET))
    return redirect(url_for(PAGE_OF[now_at]), 303)


def _account(services: Services, visitor: Visitor | None) -> Account | None:
    """The signed-in account, as the account system knows it now."""
    if visitor is None or visitor.account_id is None:
        return None
    return services.accounts.account(visitor.account_id)


def _version(services: Services) -> str:
    return services.notices.in_force(services.clock()).version


def this_journey(services: Services) -> Journey | None:
    """The journey of this browser that was not submitted yet."""
    if "journey" not in session:
        return None
    with services.store.begin() as transaction:
        journey = consent.find(transaction, session["journey"], services.clock())
    return journey if journey and journey.submitted_at is None else None


def open_reference(services: Services, account: Account) -> str | None:
    """The reference of this account's open closure."""
    with services.store.begin() as transaction:
        closure = open_of(transaction, account.id)
    return closure.reference if closure else None


def closure_seen(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Only for those who may see this closure; unknown and foreign ones look the same (404).

    The view gets the services, the closure, the visitor, and what else its address says.
    """

    @wraps(view)
    @with_services
    def guarded(services: Services, /, reference: str, **parts: str) -> Answer:
        with services.store.begin() as transaction:
            closure = by_reference(transaction, reference)
        seeing = [one for one in witnesses() if closure and one.may_see(closure)]
        if closure is None or not seeing:
            abort(404)
        bind_contextvars(closure=closure.reference)
        return view(services, closure, seeing[0], **parts)

    return guarded


def is_fresh(services: Services, visitor: Visitor | None) -> bool:
    """Whether a code was given at most 15 minutes ago in this browser (ASVS 7.5.3)."""
    return bool(visitor and visitor.account_id and sign_in.fresh(visitor.row, services.clock()))


def may_decide(services: Services, visitor: Visitor | None) -> bool:
    """Whether this browser may close and restore: by a fresh code, or by a help case that stood
    in for one, which can't be asked for again and so counts until the sign-in ends by itself.

    For everything else of the person's, their data above all, only a code will do.
    """
    vouched = visitor is not None and visitor.account_id and visitor.row.case_id
    return bool(vouched) or is_fresh(services, visitor)
