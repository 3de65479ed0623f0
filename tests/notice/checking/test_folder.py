import shutil
from pathlib import Path

import pytest

from portal.notice.checking.folder import check_folder
from portal.settings import ROOT
from tests.notice.checking.drafts import CONTEXT
from tests.notice.notices import DIRECTORY


@pytest.fixture
def directory(tmp_path):
    return Path(shutil.copytree(DIRECTORY, tmp_path / "notices"))


def summary(problems):
    return [(Path(one.file).name, one.code, one.line, one.column) for one in problems]


def test_the_notice_of_the_project_has_only_the_warnings_it_deserves():
    problems = check_folder(ROOT / "notices", CONTEXT)
    assert summary(problems) == [("2025V1.md", "C04", 44, 1), ("2025V1.md", "L01", 70, 12)]


def test_readme_is_no_notice_and_every_other_file_is(directory):
    (directory / "README.md").write_text("甲")
    (directory / "草稿.md").write_text("甲\t")
    files = {Path(one.file).name for one in check_folder(directory, CONTEXT)}
    assert files == {"2025V1.md", "2026V1.md", "草稿.md"}


def test_only_the_files_named_are_checked_and_the_register(directory):
    (directory / "2026V1.md").unlink()
    problems = check_folder(directory, CONTEXT, [directory / "2025V1.md"])
    assert {(Path(one.file).name, one.code) for one in problems} == {
        ("2025V1.md", "C04"),
        ("2025V1.md", "L01"),
        ("published.toml", "P03"),
    }


def test_a_version_of_another_file_is_doubled(directory):
    shutil.copy(directory / "2026V1.md", directory / "2026V1-终稿.md")
    problems = summary(check_folder(directory, CONTEXT))
    assert ("2026V1-终稿.md", "H07", 7, 4) in problems
    assert ("2026V1.md", "H08", 7, 4) in problems


def test_files_in_the_working_directory_have_short_names(directory, monkeypatch):
    monkeypatch.chdir(directory.parent)
    problems = check_folder(directory, CONTEXT)
    assert {one.file for one in problems} == {"notices/2025V1.md", "notices/2026V1.md"}


@pytest.mark.parametrize("version", ["2025V1", "2026V1"])
def test_mutating_any_published_byte_is_caught(directory, version):
    file = directory / f"{version}.md"
    source = file.read_bytes()
    for place in range(0, len(source), 499):
        file.write_bytes(source[:place] + bytes([source[place] ^ 1]) + source[place + 1 :])
        problems = check_folder(directory, CONTEXT, [file])
        assert "P01" in {one.code for one in problems}
