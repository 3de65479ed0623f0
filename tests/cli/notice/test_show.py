"""Looking at notices from the command line."""

from pathlib import Path

import pytest
from flask.testing import FlaskCliRunner

from tests.notice.notices import sample


def said(runner: FlaskCliRunner, *args: str) -> str:
    result = runner.invoke(args=["notice", *args])
    assert result.exit_code == 0, result.output
    return result.stdout


def test_the_list_says_what_each_version_is_now(runner: FlaskCliRunner) -> None:
    lines = said(runner, "list").splitlines()
    assert [line.split()[:2] for line in lines] == [["2026V1", "现行"], ["2025V1", "已失效"]]


def test_a_version_is_shown_with_its_digests_and_counts(runner: FlaskCliRunner) -> None:
    text = said(runner, "show", "2025V1")
    assert sample("2025V1").source_sha256 in text
    assert "11 处加粗" in text


def test_the_fragment_can_be_had_as_html_and_as_text(
    runner: FlaskCliRunner, directory: Path
) -> None:
    file = str(directory / "2025V1.md")
    assert "<h1" in said(runner, "render", file)
    assert said(runner, "render", file, "--text").startswith(
        "智联账号注销须知\n更新日期：20251222\n"
    )


def test_changes_are_told_in_words_or_as_html(runner: FlaskCliRunner) -> None:
    assert "{+" in said(runner, "diff", "2025V1", "2026V1")
    assert "<ins>" in said(runner, "diff", "2025V1", "2026V1", "--html")


@pytest.mark.parametrize("command", [["show", "2030V1"], ["diff", "2025V1", "2030V1.md"]])
def test_what_is_not_there_is_named_in_one_line(runner: FlaskCliRunner, command: list[str]) -> None:
    result = runner.invoke(args=["notice", *command])
    assert result.exit_code == 1
    assert result.stderr.startswith("Error: 没有这个版本或文件：2030V1")
