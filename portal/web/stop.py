"""不是您本人操作？ The page that the alarm about wrong codes leads to."""

from flask import Blueprint, redirect, render_template, request, url_for

from portal.closure import stop
from portal.services import Services
from portal.web.guards import Answer, with_services

pages = Blueprint("stop", __name__)


@pages.route("/stop/<token>", methods=["GET", "POST"])
@with_services
def show(services: Services, token: str) -> Answer:
    """Looking changes nothing; the button holds the open closure."""
    if request.method == "POST":
        stop.stop(services, token)
        return redirect(url_for("stop.show", token=token), 303)
    found = stop.look(services, token)
    return render_template("pages/stop.html", found=found, token=token), 200 if found else 404
