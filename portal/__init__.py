"""The portal through which a person closes their 智联 account."""

from flask import Flask

from portal import cli, logs, web
from portal.clock import system_clock
from portal.services import Services
from portal.settings import ROOT, Settings
from portal.wiring import build


def create_app(settings: Settings, services: Services | None = None) -> Flask:
    """The web application and its commands.

    Raises SettingsError, NoticeError, DataMapError: what is wrong at the start stops the start.
    """
    app = Flask("portal", root_path=str(ROOT), static_folder="static", template_folder="templates")
    logs.configure()
    services = services or build(settings)
    web.register(app, services)
    cli.register(app)
    return app


def create_workshop(settings: Settings) -> Flask:
    """The commands that need no database and nothing valid, for what ``create_app`` refuses."""
    app = Flask("portal")
    cli.notice.register(app, settings, system_clock)
    cli.evidence.register_offline(app, settings)
    cli.accounts.register(app, settings)
    return app
