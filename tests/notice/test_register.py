import hashlib
import shutil
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from portal.notice.reading import NoticeError
from portal.notice.register import Register, Status, UnknownVersion
from tests.notice.notices import DIRECTORY

SECOND_COMES_INTO_FORCE = datetime(2026, 5, 31, 16, tzinfo=UTC)
BEFORE = SECOND_COMES_INTO_FORCE - timedelta(microseconds=1)


@pytest.fixture
def directory(tmp_path):
    return Path(shutil.copytree(DIRECTORY, tmp_path / "notices"))


@pytest.fixture(scope="module")
def register():
    return Register.load(DIRECTORY)


def edit(file, old, new):
    file.write_text(file.read_text("utf-8").replace(old, new), "utf-8")


def refusal(directory):
    with pytest.raises(NoticeError) as raised:
        Register.load(directory)
    return str(raised.value)


def test_the_published_notice_of_the_project_loads():
    notices = Path(__file__).parents[2] / "notices"
    published = Register.load(notices).get("2025V1")
    assert published.published_at == datetime(2025, 12, 21, 16, tzinfo=UTC)
    assert published.fragment.html.count("<strong") == 11


def test_all_stand_in_the_order_in_which_they_come_into_force(register):
    assert [published.version for published in register.all] == ["2025V1", "2026V1"]


def test_a_version_comes_into_force_at_midnight_in_shanghai(register):
    assert register.get("2026V1").in_force_at == SECOND_COMES_INTO_FORCE
    assert register.in_force(BEFORE).version == "2025V1"
    assert register.in_force(SECOND_COMES_INTO_FORCE).version == "2026V1"


def test_before_the_first_version_nothing_is_in_force(register):
    with pytest.raises(NoticeError, match="2025-12-28 23:59 没有已生效的须知版本"):
        register.in_force(datetime(2025, 12, 28, 15, 59, tzinfo=UTC))


def test_status_before_and_after_the_second_version(register):
    def statuses(now):
        return [register.status(version, now) for version in ("2025V1", "2026V1")]

    assert statuses(BEFORE) == [Status.IN_FORCE, Status.SCHEDULED]
    assert statuses(SECOND_COMES_INTO_FORCE) == [Status.PAST, Status.IN_FORCE]


def test_nothing_is_in_force_yet_when_all_are_scheduled(register):
    assert register.status("2025V1", datetime(2025, 12, 1, tzinfo=UTC)) == Status.SCHEDULED


def test_previous_is_the_version_taken_over_from(register):
    assert register.previous("2026V1") == register.get("2025V1")
    assert register.previous("2025V1") is None


@pytest.mark.parametrize("ask", ["get", "previous"])
def test_an_unknown_version_is_named(register, ask):
    with pytest.raises(UnknownVersion) as raised:
        getattr(register, ask)("2024V1")
    assert raised.value.version == "2024V1"


def test_of_two_versions_of_one_day_the_later_published_wins(directory):
    toml = directory / "published.toml"
    other = (directory / "2026V1.md").read_bytes().replace(b"2026V1", b"2026V2")
    (directory / "2026V2.md").write_bytes(other)
    digest = hashlib.sha256(other).hexdigest()
    entry = f'\n["2026V2"]\nsha256 = "{digest}"\npublished = 2026-05-19T10:00:00+08:00\n'
    toml.write_text(toml.read_text("utf-8") + entry, "utf-8")
    assert Register.load(directory).in_force(SECOND_COMES_INTO_FORCE).version == "2026V1"


def test_links_reach_the_fragments():
    register = Register.load(DIRECTORY, {"隐私政策": "/privacy"})
    assert all('<a href="/privacy">' in p.fragment.html for p in register.all)


def test_one_changed_byte_is_refused_with_both_digests(directory):
    edit(directory / "2025V1.md", "5 个自然日", "6 个自然日")
    message = refusal(directory)
    assert message.startswith("2025V1.md 与登记的内容不一致：登记为 e5825e64")
    assert len(message.partition("现为 ")[2]) == 64


def test_a_broken_header_of_changed_bytes_is_still_a_question_of_bytes(directory):
    edit(directory / "2025V1.md", "版本：", "版本 ")
    assert "2025V1.md 与登记的内容不一致" in refusal(directory)


def test_a_missing_file_is_named(directory):
    (directory / "2026V1.md").unlink()
    assert refusal(directory) == "缺少文件 2026V1.md，published.toml 中已登记"


def test_a_missing_register_is_named(directory):
    (directory / "published.toml").unlink()
    assert refusal(directory) == "缺少文件 published.toml"


def test_a_file_under_another_name_is_refused(directory):
    (directory / "2026V1.md").rename(directory / "2026V2.md")
    edit(directory / "published.toml", '["2026V1"]', '["2026V2"]')
    assert refusal(directory) == "2026V2.md 中写的版本是 2026V1"


def test_a_registered_file_with_an_unreadable_header_names_file_and_line(directory):
    source = b"\n\nno header"
    digest = hashlib.sha256(source).hexdigest()
    (directory / "2026V1.md").write_bytes(source)
    entry = f'["2026V1"]\nsha256 = "{digest}"\npublished = 2026-05-20T10:00:00+08:00\n'
    (directory / "published.toml").write_text(entry, "utf-8")
    assert refusal(directory).startswith("2026V1.md 第 3 行：")


@pytest.mark.parametrize(
    ("old", "new"),
    [("10:00:00+08:00", "10:00:00"), ('sha256 = "e5', 'digest = "e5'), ("T00:00:00+08:00", "")],
)
def test_an_incomplete_entry_is_refused(directory, old, new):
    edit(directory / "published.toml", old, new)
    assert "应有 sha256 和带时区的 published 时间" in refusal(directory)


def test_a_register_that_is_no_toml_is_refused(directory):
    (directory / "published.toml").write_text("[", "utf-8")
    assert refusal(directory).startswith("published.toml：")
