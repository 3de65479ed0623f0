"""The witness folder: what must be known even when a database says otherwise.

It lies outside both databases and outside their backups, on storage that all hosts share: signed
heads of the ledger, the digests of what they cover, and who was erased while a backup that still
has them could be restored. Whoever changes a database can't change it along.
"""

import fcntl
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO

_BLOCK = 4096


class Lines:
    """A file of lines to which any number of processes add, each line whole or not at all."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def add(self, *lines: str) -> None:
        """Put the lines at the end, safely on the disk when this returns. Raises OSError."""
        with self._locked(), self.path.open("a+b") as file:
            end = file.seek(0, os.SEEK_END)
            whole = _line_end(file, end)
            if whole != end:
                # What a process that died in the middle left of a line is no line.
                file.truncate(whole)
            file.write("".join(f"{line}\n" for line in lines).encode())
            file.flush()
            os.fsync(file.fileno())

    def last(self) -> str | None:
        """The last line, found from the end; None where there is none yet. Raises OSError."""
        if not self.path.exists():
            return None
        with self.path.open("rb") as file:
            end = _line_end(file, file.seek(0, os.SEEK_END))
            start = _line_end(file, end - 1)
            file.seek(start)
            return _text(file.read(end - start)) if end else None

    def __iter__(self) -> Iterator[str]:
        """Every line, the first one first, without holding them all. Raises OSError."""
        if not self.path.exists():
            return
        with self.path.open("rb") as file:
            for line in file:
                if line.endswith(b"\n"):
                    yield _text(line)

    def keep(self, wanted: Callable[[str], bool]) -> None:
        """Drop the lines that are not wanted any more. Raises OSError."""
        with self._locked():
            fresh = self.path.with_suffix(".new")
            with fresh.open("wb") as file:
                for line in self:
                    if wanted(line):
                        file.write(f"{line}\n".encode())
                file.flush()
                os.fsync(file.fileno())
            fresh.replace(self.path)

    @contextmanager
    def _locked(self) -> Iterator[None]:
        """Alone in the folder: a lock on the file itself would be lost when it is replaced."""
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with _lock(self.path.parent, os.O_RDONLY) as folder:
            yield
            os.fsync(folder)


def _text(line: bytes) -> str:
    """What is no UTF-8 was not written here; whoever reads it will say so."""
    return line[:-1].decode(errors="replace")


@contextmanager
def _lock(path: Path, how: int) -> Iterator[int]:
    """Whoever locks the same path waits until the block ends."""
    opened = os.open(path, how, 0o600)
    try:
        fcntl.flock(opened, fcntl.LOCK_EX)
        yield opened
    finally:
        os.close(opened)


def _line_end(file: BinaryIO, before: int) -> int:
    """Where the last line ends that ends at ``before`` or earlier; 0 where there is none."""
    while before > 0:
        start = max(0, before - _BLOCK)
        file.seek(start)
        found = file.read(before - start).rfind(b"\n")
        if found >= 0:
            return start + found + 1
        before = start
    return 0


class Witness:
    """The folder and its files."""

    def __init__(self, folder: Path) -> None:
        self.heads = Lines(folder / "heads.jsonl")
        """Signed heads of the ledger, one a line; may be published."""
        self.leaves = Lines(folder / "leaves.txt")
        """One line for each event that a head covers: the head's number, the event's, its leaf."""
        self.erased = Lines(folder / "erased.jsonl")
        """Who was erased, sealed; dies with the oldest backup."""
        self._lock = folder / "heads.lock"

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Nobody else makes a head as long as the block lasts, on any host. Raises OSError."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with _lock(self._lock, os.O_RDWR | os.O_CREAT):
            yield
