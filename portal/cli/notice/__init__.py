"""``flask notice …``: what legal does with a notice, before and after it is published."""

from flask import Flask
from flask.cli import AppGroup

from portal.cli.notice.check import check
from portal.cli.notice.desk import DESK, Desk
from portal.clock import Clock
from portal.settings import Settings

commands = AppGroup("notice", help="检查、比较和发布须知。")
commands.add_command(check)


def register(app: Flask, settings: Settings, clock: Clock) -> None:
    """Give an application these commands; they need nothing else of the portal."""
    app.extensions[DESK] = Desk(settings, clock)
    app.cli.add_command(commands)
