"""Coming in and going out."""

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from portal.identity.limits import LimitedError
from portal.services import Services
from portal.staffroom import sign_in as door
from portal.staffroom.members import Member
from portal.staffroom.roles import Permission
from portal.staffroom.sign_in import NotSignedInError
from portal.web.guards import Answer
from portal.web.staff.forms import SignInForm
from portal.web.staff.guards import for_everybody, needs, present
from portal.web.visitor import STAFF
from portal.web.words import clock, next_minute

pages = Blueprint("door", __name__)


@pages.route("/sign-in", methods=["GET", "POST"])
@for_everybody
def sign_in(services: Services) -> Answer:
    """Name, password and code at once: nobody learns which of them was wrong."""
    form = SignInForm()
    if not form.is_submitted() and present(services):
        return redirect(url_for("staff.queue.show"), 303)
    if form.validate_on_submit() and (token := _token(services, form)):
        session[STAFF] = token
        return redirect(url_for("staff.queue.show"), 303)
    form.password.data = form.code.data = None
    return render_template("staff/sign_in.html", form=form, errors=form.summary())


@pages.post("/sign-out")
@needs(Permission.LOOK)
def sign_out(services: Services, _me: Member) -> Answer:
    with services.store.begin() as transaction:
        door.sign_out(transaction, session.pop(STAFF))
    answer = redirect(url_for("staff.door.sign_in"), 303)
    # Nor may the back button show anything any more (ASVS 14.3.1).
    answer.headers["Clear-Site-Data"] = '"cache", "storage"'
    return answer


def _token(services: Services, form: SignInForm) -> str | None:
    given = (form.name.data, form.password.data, form.code.data)
    before = session.get(STAFF)
    try:
        return door.sign_in(services, *given, request.remote_addr or "", instead_of=before)
    except NotSignedInError:
        form.refuse(form.name, _("姓名、密码或验证码不正确"))
    except LimitedError as error:
        until = clock(next_minute(error.until))
        form.refuse(form.name, _("尝试次数过多，请在 %(at)s 后再试", at=until))
    return None
