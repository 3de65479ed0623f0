"""``flask …``: the commands of operators, legal and developers."""

import click
from flask import Flask
from flask.cli import FlaskGroup

from portal.cli import (
    accounts,
    alerts,
    closure,
    dev,
    evidence,
    migrate,
    notice,
    process,
    staff,
)
from portal.services import Services


def register(app: Flask) -> None:
    services: Services = app.extensions["services"]
    app.cli.add_command(alerts.commands)
    app.cli.add_command(closure.commands)
    app.cli.add_command(staff.commands)
    evidence.register(app, services)
    app.cli.add_command(dev.dev)
    app.cli.add_command(process.worker)
    app.cli.add_command(process.dispatcher)
    app.cli.add_command(migrate.migrate)
    notice.register(app, services.settings, services.clock)
    accounts.register(app, services.settings)


def wants_a_command() -> bool:
    """Whether ``flask`` loads the application only to look for a command in it."""
    context = click.get_current_context(silent=True)
    return context is not None and isinstance(context.command, FlaskGroup)
