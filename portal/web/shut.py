"""While a restored backup waits to be reconciled, no page is served."""

from flask import Flask, request

from portal.closure.gate import Gate
from portal.services import Services

ALWAYS_SERVED = {"health"}
"""Blueprints that say how the portal is."""


def register(app: Flask, services: Services) -> None:
    """Let requests through while the gate is open. Raises NotReconciledError otherwise."""
    gate = Gate(services)

    def check() -> None:
        if request.blueprint not in ALWAYS_SERVED:
            gate.check()

    app.before_request(check)
