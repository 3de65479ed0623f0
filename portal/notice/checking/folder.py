"""The folder of the notices under check: its files, its register."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

from portal.notice.checking.check import check
from portal.notice.checking.context import Context
from portal.notice.checking.problems import Problem
from portal.notice.checking.registered import read_register
from portal.notice.reading import NoticeError, read
from portal.notice.register import FILE


def check_folder(
    directory: Path, context: Context, files: Sequence[Path] = ()
) -> tuple[Problem, ...]:
    """Checks the files named, or every notice of the folder, and the register in any case.

    `context` is completed with the register and the versions of the folder.
    """
    register, problems = read_register(directory, _shown(directory / FILE))
    notices = [file for file in sorted(directory.glob("*.md")) if file.name != "README.md"]
    versions = {file.name: version for file in notices if (version := _version(file))}
    context = replace(context, register=register, versions=versions)
    found = [check(_shown(file), file.read_bytes(), context) for file in files or notices]
    return (*(problem for one in found for problem in one), *problems)


def _version(file: Path) -> str | None:
    try:
        return read(file.read_bytes()).version
    except NoticeError:
        return None


def _shown(file: Path) -> str:
    """Short where it is unmistakable."""
    here, there = Path.cwd(), file.absolute()
    return str(there.relative_to(here) if there.is_relative_to(here) else file)
