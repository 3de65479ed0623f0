"""``flask notice check``: every problem at once."""

import sys
from collections.abc import Sequence
from pathlib import Path

import click
from flask.cli import with_appcontext

from portal.cli.notice.desk import Desk, desk
from portal.clock import SHANGHAI
from portal.notice.checking.context import Context
from portal.notice.checking.folder import check_folder
from portal.notice.checking.problems import Problem, Severity


@click.command()
@click.argument(
    "files",
    nargs=-1,
    metavar="[FILE…]",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
)
@with_appcontext
def check(files: tuple[Path, ...]) -> None:
    """检查须知，一次列出所有问题。

    不写文件名时，检查须知文件夹中的每个版本和 published.toml。有错误时退出码为 1，
    只有警告时为 0；每个代码的含义见 docs/legal.md。
    """
    problems = problems_of(desk(), files)
    for problem in problems:
        click.echo(str(problem))
    errors = sum(problem.severity is Severity.ERROR for problem in problems)
    click.echo(f"{errors} 个错误，{len(problems) - errors} 个警告", err=True)
    sys.exit(1 if errors else 0)


def problems_of(desk: Desk, files: Sequence[Path]) -> Sequence[Problem]:
    """The problems of these files, or of the whole folder."""
    return check_folder(desk.settings.notices, _context(desk), files)


def _context(desk: Desk) -> Context:
    return Context(
        today=desk.clock().astimezone(SHANGHAI).date(),
        links=desk.settings.notice_links,
        hotline=desk.settings.hotline,
        companies=tuple(desk.settings.companies.split("、")),
    )
