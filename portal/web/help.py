"""Asking for help, and following what became of it."""

from collections.abc import Callable
from dataclasses import asdict
from functools import wraps

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from werkzeug.routing import BaseConverter

from portal.helpdesk import asking, following, going_on
from portal.helpdesk.asking import PROMISE, Drawn, Wish
from portal.helpdesk.conversation import Conversation, Reach
from portal.helpdesk.following import EndedError
from portal.helpdesk.topics import ASKING_FOR_NUMBER, Topic
from portal.helpdesk.writing import one_line
from portal.identity.limits import LimitedError
from portal.services import Services
from portal.web import seen, words
from portal.web.forms import FollowForm, HelpForm, TextForm
from portal.web.guards import Answer, next_page, with_services
from portal.web.languages import language
from portal.web.verify import arrived
from portal.web.visitor import follow, followed, present, witnesses

pages = Blueprint("help", __name__, url_prefix="/help")
_PLACE = "help"


class CaseConverter(BaseConverter):
    """The number of a help case; anything else is no page."""

    regex = "BZ-[2-9A-Z]{5}-[2-9A-Z]{5}"


class TopicConverter(BaseConverter):
    """What a case is about; anything else is no page."""

    regex = "|".join(Topic)

    def to_python(self, value: str) -> Topic:
        return Topic(value)


@pages.get("")
def start() -> str:
    return render_template("help/start.html", topics=words.HELP_TOPICS, days=PROMISE.days)


@pages.route("/new/<topic:topic>", methods=["GET", "POST"])
@with_services
def new(services: Services, topic: Topic) -> Answer:
    """Showing the form stores nothing: what the case will be known by is sealed in it."""
    form = HelpForm()
    if topic not in ASKING_FOR_NUMBER:
        del form.number
    kept = seen.opened(services, _PLACE, form.drawn.data) if form.is_submitted() else None
    if kept is None or not form.validate():
        return _form_page(services, topic, form)
    reach, contact = Reach(form.reach.data), one_line(form.contact.data)
    wish = Wish(topic, form.text.data, reach, contact, form.registered, language())
    visitors = [one.row for one in witnesses()]
    try:
        asked = asking.ask(services, Drawn(**kept), wish, visitors, request.remote_addr or "")
    except LimitedError as error:
        return _form_page(services, topic, form, error)
    follow(asked.token)
    session["secret"] = form.drawn.data
    return redirect(url_for("help.show", case=asked.case.reference), 303)


def begin_following(services: Services, drawn: Drawn, asked: asking.Asked) -> None:
    """Let this browser see a case that began without its form, and its secret once."""
    follow(asked.token)
    session["secret"] = seen.seal(services, _PLACE, asdict(drawn))


def _form_page(
    services: Services, topic: Topic, form: HelpForm, limited: LimitedError | None = None
) -> str:
    if seen.opened(services, _PLACE, form.drawn.data) is None:
        form.drawn.data = seen.seal(services, _PLACE, asdict(asking.draw()))
    return render_template(
        "help/new.html",
        form=form,
        errors=form.summary(),
        topic=topic,
        topic_words=words.HELP_TOPICS[topic],
        days=PROMISE.days,
        limited_until=words.next_minute(limited.until) if limited else None,
    )


@pages.route("/track", methods=["GET", "POST"])
@with_services
def track(services: Services) -> Answer:
    """By number and secret; with what was written on a page that had to ask for them again."""
    form = FollowForm()
    if not form.is_submitted():
        return _track_page(form)
    number, secret = form.number.data or "", form.secret.data or ""
    try:
        token = following.let_in(services, number, secret, request.remote_addr or "")
    except LimitedError as error:
        return _track_page(form, error)
    if token is None:
        form.refuse(form.number, _("编号和查询码不匹配，请核对后再试"))
        return _track_page(form)
    follow(token)
    case_id = followed()
    talk = following.follow(services, case_id) if case_id else None
    if talk is None:
        abort(404)
    return _say(services, talk) if form.text.data else _to(talk)


def _track_page(form: FollowForm, limited: LimitedError | None = None) -> str:
    return render_template(
        "help/track.html",
        form=form,
        errors=form.summary(),
        limited_until=words.next_minute(limited.until) if limited else None,
    )


def _mine(services: Services, reference: str) -> Conversation | None:
    """The case that this browser follows, if it has this number."""
    case_id = followed()
    talk = following.follow(services, case_id) if case_id else None
    return talk if talk and talk.case.reference == reference else None


def case_seen(view: Callable[[Services, Conversation], Answer]) -> Callable[[str], Answer]:
    """Only for who gave its secret; unknown and foreign numbers look the same (404)."""

    @wraps(view)
    @with_services
    def guarded(services: Services, case: str) -> Answer:
        talk = _mine(services, case)
        return view(services, talk) if talk else abort(404)

    return guarded


@pages.get("/cases/<case:case>")
@case_seen
def show(services: Services, talk: Conversation) -> Answer:
    return _case_page(services, talk, TextForm(formdata=None))


@pages.post("/cases/<case:case>")
@with_services
def say(services: Services, case: str) -> Answer:
    """Whoever may not see the case any more is asked for its secret, and loses no word."""
    talk = _mine(services, case)
    if talk is None:
        text = request.form.get("text", "")
        return _track_page(FollowForm(formdata=None, number=case, text=text))
    return _say(services, talk)


def _say(services: Services, talk: Conversation) -> Answer:
    form = TextForm()
    if not form.validate():
        return _case_page(services, talk, form)
    try:
        following.add(services, talk.case.id, form.text.data)
    except LimitedError as error:
        return _case_page(services, talk, form, error)
    except EndedError:
        flash(_("这次求助已经结束，刚才的内容没有发出。如果还有问题，请重新求助。"))
        return _case_page(services, talk, form)
    return _to(talk)


@pages.post("/cases/<case:case>/end")
@case_seen
def end(services: Services, talk: Conversation) -> Answer:
    following.end(services, talk.case.id)
    return _to(talk)


@pages.post("/cases/<case:case>/kept")
@case_seen
def kept(_services: Services, talk: Conversation) -> Answer:
    """The person has written the secret down: it is not shown again."""
    session.pop("secret", None)
    return _to(talk)


@pages.post("/cases/<case:case>/go-on")
@case_seen
def go_on(services: Services, talk: Conversation) -> Answer:
    """Into the account without a code, where two members of staff let the case stand in for it."""
    visitor = present()
    before = visitor.row if visitor else None
    verified = going_on.go_on(services, talk.case, session.get("journey"), before, language())
    if verified is None:
        flash(_("核对结果已经用过或者过期了。如果仍需要办理，请在下面留言。"))
        return _to(talk)
    arrived(services, verified)
    if verified.reference:
        return redirect(url_for("progress.show", reference=verified.reference), 303)
    return redirect(next_page(services), 303)


def _to(talk: Conversation) -> Answer:
    return redirect(url_for("help.show", case=talk.case.reference), 303)


def _case_page(
    services: Services, talk: Conversation, form: TextForm, limited: LimitedError | None = None
) -> str:
    drawn = seen.opened(services, _PLACE, session.get("secret"))
    return render_template(
        "help/case.html",
        talk=talk,
        form=form,
        errors=form.summary(),
        topic_words=words.HELP_TOPICS[Topic(talk.case.topic)],
        secret=drawn["secret"] if drawn and drawn["case_id"] == talk.case.id else None,
        limited_until=words.next_minute(limited.until) if limited else None,
    )
