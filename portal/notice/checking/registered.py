"""The register and the files that it binds: P01 to P03."""

import hashlib
import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from portal.notice.checking.context import Context
from portal.notice.checking.draft import Draft
from portal.notice.checking.problems import Problem, Severity
from portal.notice.reading import NoticeError
from portal.notice.register import FILE, Entry, entry, tables

_PLACE = re.compile(r"\(at line (\d+), column (\d+)\)")


def check(draft: Draft, context: Context) -> Iterator[Problem]:
    known = context.register.get(draft.path.stem)
    found = hashlib.sha256(draft.raw).hexdigest()
    if known and known.sha256 != found:
        what = (
            f"{draft.path.name} 已发布，却与登记的内容不一致：登记为 {known.sha256}，现为 {found}"
        )
        how = f"恢复发布时的文件（git restore {draft.file}）；要修改须知，请另建新版本的文件"
        yield draft.problem("P01", 0, what, how)


def read_register(directory: Path, file: str) -> tuple[Mapping[str, Entry], list[Problem]]:
    """All that can be read of the register, and what is wrong with the rest; `file` is its name
    as the problems show it."""
    entries: dict[str, Entry] = {}
    problems: list[Problem] = []
    try:
        found = tables(directory)
    except NoticeError as error:
        return {}, [_unreadable(file, _place(str(error)), error)]
    for version, table in found.items():
        line = _line(directory, version)
        try:
            entries[version] = entry(version, table)
        except NoticeError as error:
            problems.append(_unreadable(file, (line, 1), error))
        if not (directory / f"{version}.md").is_file():
            what = f"登记的文件 {version}.md 不存在"
            how = f"恢复这个文件（git restore {version}.md）：同意过它的人随时可以查看"
            problems.append(Problem(file, line, 1, "P03", Severity.ERROR, what, how))
    return entries, problems


def _unreadable(file: str, place: tuple[int, int], error: NoticeError) -> Problem:
    how = f"恢复 git 中的 {FILE}（git restore {FILE}），不要手工改它"
    return Problem(file, *place, "P02", Severity.ERROR, str(error), how)


def _place(message: str) -> tuple[int, int]:
    """Where a text is no TOML, as tomllib says it."""
    found = _PLACE.search(message)
    return (int(found[1]), int(found[2])) if found else (1, 1)


def _line(directory: Path, version: str) -> int:
    lines = (directory / FILE).read_text("utf-8").splitlines()
    begins = re.compile(rf"\s*\[\s*[\"']?{re.escape(version)}[\"']?\s*\]")
    return next((number for number, line in enumerate(lines, 1) if begins.match(line)), 1)
