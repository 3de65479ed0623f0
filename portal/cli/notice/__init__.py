"""``flask notice …``: what legal does with a notice, before and after it is published."""

from flask import Flask
from flask.cli import AppGroup

from portal.cli.notice.check import check
from portal.cli.notice.desk import DESK, Desk
from portal.cli.notice.publish import publish
from portal.cli.notice.serve import build, preview
from portal.cli.notice.show import diff, list_versions, render_notice, show
from portal.clock import Clock
from portal.settings import Settings

commands = AppGroup("notice", help="检查、比较和发布须知。")
for command in (check, list_versions, show, render_notice, diff, publish, preview, build):
    commands.add_command(command)


def register(app: Flask, settings: Settings, clock: Clock) -> None:
    """Give an application these commands; they need nothing else of the portal."""
    app.extensions[DESK] = Desk(settings, clock)
    app.cli.add_command(commands)
