"""The entry point: ``gunicorn wsgi:app``, ``flask --app wsgi …``."""

import os

import click
from flask import Flask
from sqlalchemy.exc import OperationalError

from portal import cli, create_app, create_workshop
from portal.accounts.sql.datamap import DataMapError
from portal.notice.reading import NoticeError
from portal.settings import Settings


def _start(settings: Settings) -> Flask:
    """What can't be used stops the start, but not the commands that can do without it."""
    try:
        return create_app(settings)
    except (NoticeError, DataMapError, OperationalError) as error:
        if not cli.wants_a_command():
            raise
        why = "数据库无法连接" if isinstance(error, OperationalError) else error
        click.echo(
            f"只能用 flask notice、flask accounts map 和 flask evidence check、key：{why}", err=True
        )
        return create_workshop(settings)


app = _start(Settings.from_env(os.environ))
