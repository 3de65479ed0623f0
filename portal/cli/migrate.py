"""``flask migrate``: the newest schema for the portal's database."""

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.services import Services
from portal.store.migrate import upgrade


@click.command()
@with_appcontext
def migrate() -> None:
    """Bring the portal's database to the newest schema; run before the new code serves."""
    services: Services = current_app.extensions["services"]
    upgrade(services.store.engine)
