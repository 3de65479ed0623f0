"""The entry point: ``gunicorn wsgi:app``, ``flask --app wsgi …``."""

import os

import click
from flask import Flask

from portal import cli, create_app, create_workshop
from portal.accounts.sql.datamap import DataMapError
from portal.notice.reading import NoticeError
from portal.settings import Settings


def _start(settings: Settings) -> Flask:
    """Notices or a data map that can't be used stop the start, but not the commands that show what
    to mend."""
    try:
        return create_app(settings)
    except (NoticeError, DataMapError) as error:
        if not cli.wants_a_command():
            raise
        click.echo(f"只能用 flask notice 和 flask accounts map：{error}", err=True)
        return create_workshop(settings)


app = _start(Settings.from_env(os.environ))
