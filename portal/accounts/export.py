"""What a person is handed of their own data: rows by kind, bite by bite, and their files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from portal.accounts.facts import Words

Cell = str | int | float | bool | datetime | Words | None
Bite = Sequence[tuple[Cell, ...]]


@dataclass(frozen=True)
class Column:
    name: str
    label: Words


@dataclass(frozen=True)
class StoredFile:
    name: str
    """Relative, with ``/`` between its parts; the row of the file says the same."""
    read: Callable[[], Iterator[bytes]]


@dataclass(frozen=True)
class Extract:
    """The person's rows of one kind, as they may be handed out to them.

    Nothing of it is another person's: of those only role and company are told. ``bites`` and
    ``files`` read anew each time they are called, a bounded bite at a time.
    """

    name: str
    category: str
    category_label: Words
    label: Words
    columns: tuple[Column, ...]
    rows: int
    """How many there are when the extract is made; reading may find a few more or fewer."""
    bites: Callable[[], Iterator[Bite]]
    files: Callable[[], Iterator[StoredFile]]
