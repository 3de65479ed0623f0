"""不是您本人操作？ The page that the alarm about wrong codes leads to."""

from dataclasses import asdict
from typing import Any

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from portal.closure import stop
from portal.helpdesk import asking, objecting
from portal.helpdesk.asking import Drawn, Wish
from portal.helpdesk.conversation import Reach
from portal.helpdesk.topics import Topic
from portal.services import Services
from portal.web import seen
from portal.web.guards import Answer, with_services
from portal.web.help import begin_following
from portal.web.languages import language

pages = Blueprint("stop", __name__)


@pages.route("/stop/<token>", methods=["GET", "POST"])
@with_services
def show(services: Services, token: str) -> Answer:
    """Looking changes nothing; the button holds the open closure and begins a help case."""
    if request.method == "POST":
        _stop(services, token)
        return redirect(url_for("stop.show", token=token), 303)
    found, case = stop.look(services, token), session.get("objection")
    drawn = seen.seal(services, _place(token), asdict(asking.draw()))
    page = render_template("pages/stop.html", found=found, token=token, case=case, drawn=drawn)
    return page, 200 if found else 404


def _stop(services: Services, token: str) -> None:
    text, contact = _("收到验证码多次输错的提醒，注销申请不是我本人操作。"), _("账号绑定的手机号")
    wish = Wish(Topic.OTHER, text, Reach.PHONE, contact, language=language())
    kept = _kept(services, token)
    drawn = Drawn(**kept) if kept else asking.draw()
    address = request.remote_addr or ""
    if asked := objecting.stop_and_ask(services, token, drawn, wish, address):
        begin_following(services, drawn, asked)
        session["objection"] = asked.case.reference


def _kept(services: Services, token: str) -> Any | None:
    """What the form's case will be known by: sent again, it is the same case."""
    return seen.opened(services, _place(token), request.form.get("drawn"))


def _place(token: str) -> str:
    return f"stop {token}"
