"""Pages for machines: whether the process lives, whether it can serve, and the figures."""

import hmac

from flask import Blueprint, Response, abort, jsonify, request
from prometheus_client import CONTENT_TYPE_LATEST
from structlog.contextvars import bind_contextvars

from portal.closure import figures, ready
from portal.services import Services
from portal.web.guards import Answer, with_services
from portal.web.metrics import as_text

pages = Blueprint("health", __name__)


@pages.get("/healthz")
def alive() -> Answer:
    """The process answers; nothing else is asked."""
    return jsonify(alive=True)


@pages.get("/readyz")
@with_services
def readyz(services: Services) -> Answer:
    failing = ready.failing(services)
    if failing:
        bind_contextvars(failing=failing)
    answer = jsonify(ready=not failing, failing=failing)
    answer.status_code = 503 if failing else 200
    return answer


@pages.get("/metrics")
@with_services
def metrics(services: Services) -> Answer:
    settings = services.settings
    if not settings.metrics_token:
        abort(404)
    expected = f"Bearer {settings.metrics_token}".encode()
    if not hmac.compare_digest(request.headers.get("Authorization", "").encode(), expected):
        return Response(status=401, headers={"WWW-Authenticate": "Bearer"})
    with services.store.begin() as session:
        now = figures.read(session, services.clock(), settings.tries)
    return Response(as_text(now), content_type=CONTENT_TYPE_LATEST)
