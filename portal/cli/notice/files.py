"""Naming a notice on the command line: a published version, or a file."""

from pathlib import Path

import click

from portal.cli.notice.desk import Desk
from portal.notice.reading import Notice, NoticeError, read
from portal.notice.register import Register


def register(desk: Desk) -> Register:
    """The register, or one line that says what is wrong with it."""
    try:
        return Register.load(desk.settings.notices, desk.settings.notice_links)
    except NoticeError as error:
        raise click.ClickException(str(error)) from None


def notice(desk: Desk, name: str) -> Notice:
    """The notice of a version or a file's name, or one line that says why not."""
    file = Path(name) if Path(name).suffix else desk.settings.notices / f"{name}.md"
    try:
        return read(file.read_bytes())
    except FileNotFoundError:
        raise click.ClickException(f"没有这个版本或文件：{name}") from None
    except NoticeError as error:
        raise click.ClickException(f"{file.name} {error}") from None
