"""The SMS outbox of a development machine. Production has no such route."""

from flask import Blueprint, abort, render_template

from portal.messages.gateways.development import DevelopmentGateway
from portal.services import Services
from portal.web.guards import Answer, with_services

pages = Blueprint("dev", __name__, url_prefix="/dev")
_SHOWN = 50


@pages.get("/outbox")
@with_services
def outbox(services: Services) -> Answer:
    if not isinstance(services.gateway, DevelopmentGateway):
        abort(404)
    return render_template("pages/outbox.html", messages=services.gateway.read(_SHOWN))
