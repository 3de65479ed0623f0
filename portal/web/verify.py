"""The two pages of a code, asked for on the way to closing or to look after a closure."""

from dataclasses import dataclass

from flask import redirect, render_template, request, session, url_for
from flask_babel import lazy_gettext as _
from flask_babel import ngettext

from portal.closure import verify
from portal.closure.verify import Verified
from portal.identity import challenge, rates
from portal.identity.challenge import Asked, Problem, Verdict
from portal.identity.limits import LimitedError
from portal.identity.phone import mask
from portal.messages.texts import Purpose
from portal.services import Services
from portal.web.forms import CodeForm, PhoneForm
from portal.web.guards import Answer, this_journey
from portal.web.languages import language
from portal.web.visitor import arrive, present, witnesses
from portal.web.words import next_minute

_WORDS = {
    Problem.EMPTY: _("请输入短信验证码"),
    Problem.NOT_DIGITS: _("验证码只能是数字"),
    Problem.LENGTH: _("验证码为 6 位数字"),
    Problem.EXPIRED: _("验证码已过期，请重新获取"),
    Problem.DEAD: _("验证码已失效，请重新获取"),
}


@dataclass(frozen=True)
class Pages:
    """Where the pages of one purpose are."""

    purpose: Purpose
    phone: str
    code: str
    resend: str


def ask_phone(services: Services, pages: Pages) -> Answer:
    """Which number? Then a code is on its way, or the page says when one can be."""
    form = PhoneForm()
    if not form.validate_on_submit():
        return _phone_page(pages, form)
    return _send(services, pages, form, form.number)


def resend(services: Services, pages: Pages) -> Answer:
    """Another code to the same number."""
    asked = _asked(services)
    if asked is None:
        return redirect(url_for(pages.phone), 303)
    return _send(services, pages, CodeForm(formdata=None), asked.phone)


def ask_code(services: Services, pages: Pages) -> Answer | Verified | None:
    """Which code? Answers who has arrived once it is right, None where no code is awaited."""
    asked = _asked(services)
    if asked is None:
        return None
    form = CodeForm()
    if not form.is_submitted():
        return _code_page(services, pages, form, asked)
    visitor = present()
    closing = pages.purpose is Purpose.CLOSE
    answered = verify.answer_code(
        services,
        session["challenge"],
        form.code.data or "",
        session.get("journey") if closing else None,
        visitor.row if visitor else None,
    )
    if isinstance(answered, Verdict):
        return _code_page(services, pages, form, asked, answered)
    arrived(services, answered)
    return answered


def arrived(services: Services, verified: Verified) -> None:
    """This browser is the person's now; a journey that somebody else began in it is not."""
    session.pop("challenge", None)
    arrive(verified.token)
    journey = this_journey(services)
    if journey and journey.account_id != verified.account_id:
        # Begun by somebody else in this browser, or agreed to by nobody knows whom.
        session.pop("journey")


def _send(services: Services, pages: Pages, form: PhoneForm | CodeForm, number: str) -> Answer:
    try:
        started = verify.request_code(
            services,
            number,
            pages.purpose,
            request.remote_addr or "",
            [visitor.row for visitor in witnesses()],
            language(),
        )
    except LimitedError as error:
        asked = _asked(services)
        if asked and asked.phone == number and error.limit == rates.PAUSE.name:
            # The code sent a moment ago is still the one to type.
            return redirect(url_for(pages.code), 303)
        phone_form = form if isinstance(form, PhoneForm) else PhoneForm(formdata=None)
        return _phone_page(pages, phone_form, error)
    session["challenge"] = started.challenge_id
    return redirect(url_for(pages.code), 303)


def _phone_page(pages: Pages, form: PhoneForm, limited: LimitedError | None = None) -> str:
    return render_template(
        "pages/phone.html",
        form=form,
        errors=form.summary(),
        purpose=pages.purpose,
        limited_until=next_minute(limited.until) if limited else None,
    )


def _code_page(
    services: Services, pages: Pages, form: CodeForm, asked: Asked, verdict: Verdict | None = None
) -> str:
    if verdict and verdict.problem is not Problem.LOCKED:
        form.refuse(form.code, _words(verdict))
    return render_template(
        "pages/code.html",
        form=form,
        errors=form.summary(),
        purpose=pages.purpose,
        masked=mask(asked.phone),
        expires_at=asked.expires_at,
        resend_at=next_minute(asked.resend_at) if asked.resend_at > services.clock() else None,
        locked_until=next_minute(verdict.until) if verdict and verdict.until else None,
        action=url_for(pages.code),
        change_url=url_for(pages.phone),
        resend_endpoint=pages.resend,
    )


def _words(verdict: Verdict) -> str:
    if verdict.problem is Problem.WRONG:
        return _again(verdict.left) if verdict.left else str(_WORDS[Problem.DEAD])
    return str(_WORDS[verdict.problem or Problem.DEAD])


def _again(left: int) -> str:
    return ngettext(
        "验证码不正确，还可以尝试 %(num)s 次", "验证码不正确，还可以尝试 %(num)s 次", left
    )


def _asked(services: Services) -> Asked | None:
    """What this browser's code was asked for."""
    if "challenge" not in session:
        return None
    with services.store.begin() as transaction:
        return challenge.asked_for(transaction, services.vault, session["challenge"])
