"""Looking at notices: ``list``, ``show``, ``render``, ``diff``."""

import click
from flask.cli import with_appcontext

from portal.cli.notice.desk import desk
from portal.cli.notice.files import notice, register
from portal.clock import SHANGHAI
from portal.notice.comparing.comparison import compare
from portal.notice.comparing.page import render_changes
from portal.notice.comparing.paragraphs import paragraphs_of
from portal.notice.comparing.terminal import text
from portal.notice.register import Status
from portal.notice.rendering import render

_WORDS = {Status.IN_FORCE: "现行", Status.SCHEDULED: "尚未生效", Status.PAST: "已失效"}


@click.command("list")
@with_appcontext
def list_versions() -> None:
    """列出所有已发布的版本和状态。"""
    known, now = register(desk()), desk().clock()
    for one in reversed(known.all):
        day = one.published_at.astimezone(SHANGHAI).date()
        click.echo(
            f"{one.version}  {_WORDS[known.status(one.version, now)]}"
            f"  {day} 发布  {one.notice.effective} 生效"
        )


@click.command()
@click.argument("name", metavar="VERSION")
@with_appcontext
def show(name: str) -> None:
    """一个版本的日期、指纹和条款数。"""
    one = notice(desk(), name)
    fragment = render(one, desk().settings.notice_links)
    click.echo(f"{one.title} {one.version}")
    click.echo(f"更新日期 {one.updated}  生效日期 {one.effective}")
    click.echo(f"原文 SHA-256  {one.source_sha256}")
    click.echo(f"页面 SHA-256  {fragment.sha256}")
    click.echo(f"{len(one.clauses)} 个条款和段落，{len(one.bold_runs)} 处加粗")
    for section in one.sections:
        click.echo(f"  {section.number}、{section.text}  #{section.id}")


@click.command("render")
@click.argument("name", metavar="FILE")
@click.option("--text", "as_text", is_flag=True, help="只要文字。")
@with_appcontext
def render_notice(name: str, as_text: bool) -> None:
    """页面上的那一段 HTML；加 --text 只要文字。"""
    one = notice(desk(), name)
    if as_text:
        click.echo("\n".join(paragraph.text for paragraph in paragraphs_of(one)))
    else:
        click.echo(render(one, desk().settings.notice_links).html)


@click.command()
@click.argument("old", metavar="A")
@click.argument("new", metavar="B")
@click.option("--html", "as_html", is_flag=True, help="网页上的写法。")
@with_appcontext
def diff(old: str, new: str, as_html: bool) -> None:
    """两个版本或文件之间的变化。"""
    comparison = compare(notice(desk(), old), notice(desk(), new))
    click.echo(render_changes(comparison) if as_html else text(comparison))
