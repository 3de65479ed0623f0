"""The public pages from the command line."""

from dataclasses import replace
from pathlib import Path

import pytest
from flask import Flask

from portal import create_app
from portal.cli.notice.serve import pages
from portal.notice.register import Register, Status
from portal.services import Services
from tests.notice.notices import DIRECTORY, sample

AT = "2026-05-25 12:00:00"


@pytest.fixture
def two(services: Services) -> Services:
    return replace(services, notices=Register.load(DIRECTORY))


@pytest.fixture
def built(two: Services, tmp_path: Path) -> Path:
    runner = create_app(two.settings, two).test_cli_runner()
    result = runner.invoke(args=["notice", "build", str(tmp_path / "public"), "--at", AT])
    assert result.exit_code == 0, result.output
    return tmp_path / "public"


def served_then(two: Services, path: str) -> bytes:
    from_settings = replace(two, clock=lambda: two.notices.get("2026V1").published_at)
    return create_app(two.settings, from_settings).test_client().get(path).data


def test_every_file_is_what_the_site_serves_at_that_instant(two: Services, built: Path) -> None:
    for path, name in pages(two.notices).items():
        assert (built / name).read_bytes() == served_then(two, path), path


def test_current_history_every_version_and_neighbours_are_there(built: Path) -> None:
    names = {str(file.relative_to(built)) for file in built.rglob("*V1*")}
    assert "notices/2025V1...2026V1.html" in names
    assert {"notices/2025V1.md", "notices/2026V1.json"} <= names


def test_the_instant_decides_which_version_is_current(built: Path) -> None:
    current = (built / "notice.html").read_text("utf-8")
    assert "新版本 2026V1 将于" in current
    assert "版本：2025V1" in current


def test_a_draft_is_the_real_page_marked_as_a_draft(services: Services) -> None:
    draft = sample("2026V1")
    known = services.notices.with_draft(draft, {}, services.clock())
    assert known.status("2026V1", services.clock()) is Status.DRAFT
    assert known.in_force(services.clock()).version == "2025V1"
    app: Flask = create_app(services.settings, replace(services, notices=known))
    assert "草稿，尚未公布" in app.test_client().get("/notices/2026V1").text
