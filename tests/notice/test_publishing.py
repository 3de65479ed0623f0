"""Publishing writes one entry, once, and binds the bytes."""

import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from portal.notice.publishing import publish
from portal.notice.reading import NoticeError
from portal.notice.register import Register, Status
from tests.notice.notices import DIRECTORY

NOW = datetime(2026, 5, 20, 2, 0, tzinfo=UTC)


@pytest.fixture
def directory(tmp_path: Path) -> Path:
    """A folder with one published version, and the next one written but not published."""
    folder = shutil.copytree(DIRECTORY, tmp_path / "notices")
    register = folder / "published.toml"
    register.write_text(register.read_text("utf-8").partition('["2026V1"]')[0], "utf-8")
    return folder


def test_the_register_then_has_the_digest_and_the_instant(directory: Path) -> None:
    published = publish(directory, "2026V1", NOW).get("2026V1")
    assert published.published_at == NOW
    assert published.notice.source == (directory / "2026V1.md").read_bytes()


def test_what_was_published_before_stays_as_it_was(directory: Path) -> None:
    before = (directory / "published.toml").read_text("utf-8").rstrip()
    publish(directory, "2026V1", NOW)
    assert (directory / "published.toml").read_text("utf-8").startswith(before)


def test_a_published_version_is_scheduled_until_its_day(directory: Path) -> None:
    assert publish(directory, "2026V1", NOW).status("2026V1", NOW) is Status.SCHEDULED


def test_a_version_is_published_once(directory: Path) -> None:
    publish(directory, "2026V1", NOW)
    with pytest.raises(NoticeError, match="已经公布"):
        publish(directory, "2026V1", NOW)


def test_a_missing_file_is_named(directory: Path) -> None:
    with pytest.raises(NoticeError, match=r"2027V1\.md"):
        publish(directory, "2027V1", NOW)


def test_a_file_that_bears_another_version_is_refused(directory: Path) -> None:
    shutil.copy(directory / "2026V1.md", directory / "2026V2.md")
    with pytest.raises(NoticeError, match="2026V1"):
        publish(directory, "2026V2", NOW)
    assert "2026V2" not in (directory / "published.toml").read_text("utf-8")


def test_changing_any_byte_afterwards_is_found(directory: Path) -> None:
    publish(directory, "2026V1", NOW)
    file = directory / "2026V1.md"
    source = bytearray(file.read_bytes())
    source[-2] ^= 1
    file.write_bytes(source)
    with pytest.raises(NoticeError):
        Register.load(directory)
