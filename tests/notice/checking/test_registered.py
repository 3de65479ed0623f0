import shutil

import pytest

from portal.notice.checking.registered import read_register
from tests.notice.checking.drafts import CORPUS, found
from tests.notice.checking.test_corpus import PUBLISHED


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("P02-no-digest", [("P02", 3, 1)]),
        ("P02-no-toml", [("P02", 2, 10)]),
        ("P03-no-file", [("P03", 5, 1)]),
    ],
)
def test_an_awkward_register_shows_its_code_at_its_place(name, expected, tmp_path):
    (tmp_path / "2026V1.md").touch()
    shutil.copy(CORPUS / f"{name}.toml", tmp_path / "published.toml")
    _, problems = read_register(tmp_path, "published.toml")
    assert [(one.code, one.line, one.column) for one in problems] == expected


def test_what_can_be_read_of_a_register_is(tmp_path):
    shutil.copy(CORPUS / "P03-no-file.toml", tmp_path / "published.toml")
    entries, _ = read_register(tmp_path, "published.toml")
    assert list(entries) == ["2026V1", "2026V2"]


def test_no_register_is_a_problem(tmp_path):
    entries, (problem,) = read_register(tmp_path, "published.toml")
    assert (entries, problem.code, problem.what) == ({}, "P02", "缺少文件 published.toml")


def test_a_changed_file_is_named_with_both_digests():
    source = (CORPUS / "P01-changed-after-publication.md").read_bytes()
    (problem,) = found(source, PUBLISHED)
    assert problem.what.startswith(f"2026V1.md 已发布，却与登记的内容不一致：登记为 {'0' * 64}，")
    assert len(problem.what.partition("现为 ")[2]) == 64
