from pathlib import Path

from flask.testing import FlaskCliRunner


def test_warnings_alone_are_no_failure(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["notice", "check"])
    assert result.exit_code == 0
    assert result.stderr == "0 个错误，4 个警告\n"
    assert [line.split("  ")[1] for line in result.stdout.splitlines()] == ["C04", "L01"] * 2


def test_an_error_is_a_failure_and_says_file_line_column(
    runner: FlaskCliRunner, directory: Path
) -> None:
    draft = directory / "2027V1.md"
    source = (directory / "2026V1.md").read_text("utf-8")
    draft.write_text(source.replace("2026", "2027").replace("第四条", "第五条", 1), "utf-8")
    result = runner.invoke(args=["notice", "check", str(draft)])
    assert result.exit_code == 1
    assert f"{draft}:9:204  C05  错误：提到“第五条”" in result.stdout
    assert "2025V1.md" not in result.stdout


def test_a_draft_is_published_today(runner: FlaskCliRunner, directory: Path) -> None:
    draft = directory / "2026V2.md"
    source = (directory / "2026V1.md").read_text("utf-8")
    draft.write_text(source.replace("V1", "V2").replace("20260601", "20261128"), "utf-8")
    assert "20261122 发布，20261128 生效" in runner.invoke(args=["notice", "check"]).stdout


def test_a_file_that_is_not_there_is_named(runner: FlaskCliRunner) -> None:
    result = runner.invoke(args=["notice", "check", "2030V1.md"])
    assert result.exit_code == 2
    assert "2030V1.md" in result.stderr
