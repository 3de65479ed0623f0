"""What the commands on notices work with."""

from typing import NamedTuple

from flask import current_app

from portal.clock import Clock
from portal.settings import Settings

DESK = "notice desk"


class Desk(NamedTuple):
    """No services: the portal refuses to start with notices that these commands must mend."""

    settings: Settings
    clock: Clock


def desk() -> Desk:
    found: Desk = current_app.extensions[DESK]
    return found
