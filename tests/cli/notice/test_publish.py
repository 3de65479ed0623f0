"""Publishing from the command line: checked first, then bound."""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from portal.notice.register import Register


@pytest.fixture
def draft(directory: Path) -> Path:
    """A next version that takes effect well after the tests' today."""
    source = (directory / "2026V1.md").read_text("utf-8")
    for old, new in (("2026V1", "2026V2"), ("20260520", "20261122"), ("20260601", "20261201")):
        source = source.replace(old, new)
    file = directory / "2026V2.md"
    file.write_text(source, "utf-8")
    return file


def test_a_good_draft_is_published_and_scheduled(
    runner: FlaskCliRunner, directory: Path, draft: Path
) -> None:
    result = runner.invoke(args=["notice", "publish", "2026V2"])
    assert result.exit_code == 0, result.output
    assert "2026-12-01 起生效" in result.stdout
    assert Register.load(directory).get("2026V2").notice.source == draft.read_bytes()


def test_a_draft_with_errors_is_not(runner: FlaskCliRunner, directory: Path, draft: Path) -> None:
    draft.write_text(draft.read_text("utf-8").replace("20261201", "20261125"), "utf-8")
    result = runner.invoke(args=["notice", "publish", "2026V2"])
    assert result.exit_code == 1
    assert "D02" in result.stdout
    assert "2026V2" not in (directory / "published.toml").read_text("utf-8")


def test_nothing_is_published_twice(runner: FlaskCliRunner, draft: Path) -> None:
    assert draft.exists()
    runner.invoke(args=["notice", "publish", "2026V2"])
    result = runner.invoke(args=["notice", "publish", "2026V2"])
    assert result.exit_code == 1
    assert "已经公布" in result.stderr


def test_a_missing_file_is_named(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["notice", "publish", "2031V1"])
    assert result.exit_code == 1
    assert "2031V1" in result.output
