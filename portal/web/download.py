"""下载我的数据: ask for it, watch it being made, fetch it."""

from flask import (
    Blueprint,
    Response,
    abort,
    flash,
    jsonify,
    redirect,
    render_template,
    request,
    session,
    url_for,
)
from flask_babel import gettext as _

from portal.download import asking, fetching
from portal.identity.limits import LimitedError
from portal.services import Services
from portal.web.guards import Answer, is_fresh, next_page, this_journey, with_services
from portal.web.languages import language
from portal.web.visitor import present
from portal.web.words import next_minute

pages = Blueprint("download", __name__)


@pages.route("/download", methods=["GET", "POST"])
@with_services
def show(services: Services) -> Answer:
    """Needs a code of the last 15 minutes, like restoring."""
    account_id = _fresh_account(services)
    if account_id is None:
        return _verify_first()
    offer = asking.offer(services, account_id, this_journey(services))
    limited = None
    if request.method == "POST" and offer:
        try:
            asking.ask(services, offer, language())
            return redirect(url_for("download.show"), 303)
        except LimitedError as error:
            limited = next_minute(error.until)
    there = asking.current(services, account_id)
    if offer is None and there is None:
        abort(404)
    return render_template(
        "pages/download.html",
        download=there,
        percent=asking.percent(there) if there else 0,
        offered=offer is not None,
        limited_until=limited,
        back=next_page(services),
    )


@pages.get("/download/status")
@with_services
def status(services: Services) -> Answer:
    """How far it is, for the page's bar."""
    visitor = present()
    there = asking.current(services, visitor.account_id) if visitor and visitor.account_id else None
    if there is None:
        abort(404)
    return jsonify(state=there.state, percent=asking.percent(there))


@pages.get("/download/file")
@with_services
def file(services: Services) -> Answer:
    account_id = _fresh_account(services)
    if account_id is None:
        return _verify_first()
    if request.method == "HEAD":
        abort(405)
    opened = fetching.fetch(services, account_id)
    if opened is None:
        abort(404)
    headers = {
        "Content-Disposition": 'attachment; filename="zhilian-data.zip"',
        "Content-Length": str(opened.size),
    }
    return Response(opened.pieces, mimetype="application/zip", headers=headers)


def _fresh_account(services: Services) -> str | None:
    visitor = present()
    return visitor.account_id if visitor and is_fresh(services, visitor) else None


def _verify_first() -> Answer:
    session["downloading"] = True
    flash(_("下载数据前，请先用短信验证码验证身份。"))
    return redirect(url_for("progress.track"), 303)
