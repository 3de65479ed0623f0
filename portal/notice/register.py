"""The published versions, each bound to its bytes, and which of them is in force."""

import gc
import hashlib
import tomllib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, date, datetime, time
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from portal.clock import SHANGHAI
from portal.notice.reading import Notice, NoticeError, read
from portal.notice.rendering import Fragment, render

FILE = "published.toml"


class Entry(NamedTuple):
    """What the register binds a version to: the SHA-256 of its bytes (hex), and since when."""

    sha256: str
    published_at: datetime


class Status(StrEnum):
    SCHEDULED = "scheduled"
    IN_FORCE = "in_force"
    PAST = "past"
    DRAFT = "draft"
    """Not in the register: only ever shown by a preview."""


class UnknownVersion(LookupError):  # noqa: N818 - an answer to a question, not a fault
    def __init__(self, version: str) -> None:
        super().__init__(version)
        self.version = version


@dataclass(frozen=True)
class Published:
    """A version that may no longer change."""

    version: str
    published_at: datetime
    notice: Notice
    fragment: Fragment
    is_draft: bool = False

    @property
    def in_force_at(self) -> datetime:
        """The first instant of its effective date in Shanghai, as UTC."""
        return datetime.combine(self.notice.effective, time.min, SHANGHAI).astimezone(UTC)


@dataclass(frozen=True)
class Register:
    """`all` stands in the order in which the versions come into force."""

    all: tuple[Published, ...]

    @classmethod
    def load(cls, directory: Path, links: Mapping[str, str] = {}) -> "Register":
        """Reads the register and renders every version it lists; `links` as for `render`.

        Raises NoticeError where a listed file is missing, differs from its digest or bears
        another version than its name.
        """
        found = tables(directory)
        with _uncollected():
            versions = [_published(directory, name, table, links) for name, table in found.items()]
        return cls(tuple(sorted(versions, key=lambda v: (v.in_force_at, v.published_at))))

    def in_force(self, now: datetime) -> Notice:
        """The version that came into force last. Raises NoticeError before the first."""
        for published in reversed(self.all):
            if published.in_force_at <= now and not published.is_draft:
                return published.notice
        raise NoticeError(f"{now.astimezone(SHANGHAI):%Y-%m-%d %H:%M} 没有已生效的须知版本")

    def on(self, day: date) -> Published:
        """What applied on this day in Shanghai. Raises UnknownVersion before the first one."""
        for published in reversed(self.all):
            if published.notice.effective <= day:
                return published
        raise UnknownVersion(day.isoformat())

    def get(self, version: str) -> Published:
        """Raises UnknownVersion."""
        return self.all[self._place(version)]

    def previous(self, version: str) -> Published | None:
        """The version that this one takes over from. Raises UnknownVersion."""
        place = self._place(version)
        return self.all[place - 1] if place else None

    def status(self, version: str, now: datetime) -> Status:
        """Raises UnknownVersion."""
        if self.get(version).is_draft:
            return Status.DRAFT
        if self.get(version).in_force_at > now:
            return Status.SCHEDULED
        return Status.IN_FORCE if self.in_force(now).version == version else Status.PAST

    def with_draft(self, notice: Notice, links: Mapping[str, str], now: datetime) -> "Register":
        """The same register, for a preview, with a notice that is not published."""
        draft = Published(notice.version, now, notice, render(notice, links), is_draft=True)
        others = tuple(one for one in self.all if one.version != notice.version)
        return Register((*others, draft))

    def next_change(self, now: datetime) -> datetime | None:
        """When the next version comes into force; None if none is scheduled."""
        return min((one.in_force_at for one in self.all if one.in_force_at > now), default=None)

    def _place(self, version: str) -> int:
        for place, published in enumerate(self.all):
            if published.version == version:
                return place
        raise UnknownVersion(version)


@contextmanager
def _uncollected() -> Iterator[None]:
    """Nothing of what a notice is read into is garbage; looking for some in what stands already
    would make each further version cost more than the one before."""
    was_on = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if was_on:
            gc.enable()


def tables(directory: Path) -> dict[str, Any]:
    """What the register says of each version. Raises NoticeError where it can't be read."""
    try:
        return tomllib.loads((directory / FILE).read_text("utf-8"))
    except FileNotFoundError as error:
        raise NoticeError(f"缺少文件 {FILE}") from error
    except ValueError as error:
        raise NoticeError(f"{FILE}：{error}") from error


def entry(version: str, table: Any) -> Entry:
    """Raises NoticeError for a table without digest or without an instant."""
    match table:
        case {"sha256": str(sha256), "published": datetime() as published} if published.tzinfo:
            return Entry(sha256, published.astimezone(UTC))
        case _:
            raise NoticeError(f"{FILE}：[{version}] 应有 sha256 和带时区的 published 时间")


def _published(directory: Path, version: str, table: Any, links: Mapping[str, str]) -> Published:
    sha256, published_at = entry(version, table)
    notice = _notice(directory / f"{version}.md", sha256)
    return Published(version, published_at, notice, render(notice, links))


def _notice(file: Path, sha256: str) -> Notice:
    try:
        source = file.read_bytes()
    except FileNotFoundError as error:
        raise NoticeError(f"缺少文件 {file.name}，{FILE} 中已登记") from error
    found = hashlib.sha256(source).hexdigest()
    if found != sha256:
        raise NoticeError(f"{file.name} 与登记的内容不一致：登记为 {sha256}，现为 {found}")
    try:
        notice = read(source)
    except NoticeError as error:
        raise NoticeError(f"{file.name} {error}") from error
    if notice.version != file.stem:
        raise NoticeError(f"{file.name} 中写的版本是 {notice.version}")
    return notice
