"""``flask notice publish``: check, then bind the bytes."""

import sys

import click
from flask.cli import with_appcontext

from portal.cli.notice.check import problems_of
from portal.cli.notice.desk import desk
from portal.cli.notice.files import notice
from portal.clock import SHANGHAI
from portal.notice.checking.problems import Severity
from portal.notice.publishing import publish as bind
from portal.notice.reading import NoticeError


@click.command()
@click.argument("version")
@with_appcontext
def publish(version: str) -> None:
    """发布一个版本：登记它的指纹和时间，之后不能再改动。"""
    folder = desk().settings.notices
    notice(desk(), version)
    problems = problems_of(desk(), (folder / f"{version}.md",))
    errors = [problem for problem in problems if problem.severity is Severity.ERROR]
    for problem in errors:
        click.echo(str(problem))
    if errors:
        click.echo(f"{len(errors)} 个错误，没有发布", err=True)
        sys.exit(1)
    try:
        published = bind(folder, version, desk().clock()).get(version)
    except NoticeError as error:
        raise click.ClickException(str(error)) from None
    day = published.in_force_at.astimezone(SHANGHAI).date()
    click.echo(f"{version} 已发布，{day} 起生效")
    click.echo(f"原文 SHA-256  {published.notice.source_sha256}")
    click.echo(f"请把 {version}.md 和 published.toml 交给开发同事上线")
