"""The public pages from the command line: ``preview`` a draft, ``build`` them as plain files."""

import shutil
from dataclasses import replace
from datetime import datetime
from itertools import pairwise
from pathlib import Path

import click
from flask import Flask, current_app
from flask.cli import with_appcontext
from werkzeug.serving import run_simple

from portal.cli.notice.desk import desk
from portal.cli.notice.files import notice
from portal.clock import SHANGHAI
from portal.notice.register import Register
from portal.services import Services
from portal.settings import ROOT


@click.command()
@click.argument("name", metavar="FILE")
@click.option("--port", default=8010, help="本机端口。")
@with_appcontext
def preview(name: str, port: int) -> None:
    """在浏览器里看一个还没有发布的文件，页面与将来相同，标着“草稿”。"""
    draft = notice(desk(), name)
    services = _services()
    now, links = services.clock(), services.settings.notice_links
    _use(replace(services, notices=services.notices.with_draft(draft, links, now)))
    click.echo(f"请打开 http://localhost:{port}/notices/{draft.version}（按 Ctrl-C 结束）")
    run_simple("127.0.0.1", port, _app())


@click.command()
@click.argument("folder", type=click.Path(file_okay=False, path_type=Path))
@click.option("--at", "at", type=click.DateTime(), help="北京时间，默认现在。")
@with_appcontext
def build(folder: Path, at: datetime | None) -> None:
    """把公开页面存成普通文件，与网站在那一刻给出的逐字节相同。"""
    services = _services()
    instant = at.replace(tzinfo=SHANGHAI) if at else services.clock()
    _use(replace(services, clock=lambda: instant))
    client = _app().test_client()
    for path, name in pages(services.notices).items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(client.get(path).data)
    shutil.copytree(ROOT / "static", folder / "static", dirs_exist_ok=True)
    click.echo(f"{len(pages(services.notices))} 个页面")


def pages(register: Register) -> dict[str, str]:
    """Every public page and the file it becomes: changes are those between neighbours."""
    found = {
        "/notice": "notice.html",
        "/notices": "notices.html",
        "/notices/feed.atom": "notices/feed.atom",
    }
    for one in register.all:
        address = f"/notices/{one.version}"
        found |= {
            address: f"notices/{one.version}.html",
            f"{address}.md": f"notices/{one.version}.md",
            f"{address}.json": f"notices/{one.version}.json",
        }
    for old, new in pairwise(one.version for one in register.all):
        found[f"/notices/{old}...{new}"] = f"notices/{old}...{new}.html"
    return found


def _services() -> Services:
    if "services" not in current_app.extensions:
        raise click.ClickException("须知还不能用，请先运行 flask notice check")
    services: Services = current_app.extensions["services"]
    return services


def _use(services: Services) -> None:
    current_app.extensions["services"] = services


def _app() -> Flask:
    app: Flask = current_app._get_current_object()  # type: ignore[attr-defined]  # noqa: SLF001
    return app
