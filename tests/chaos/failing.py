"""A database whose n-th statement fails, once or from then on (as SQLite tests itself)."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.system import AccountSystemUnavailableError


@dataclass
class Outage:
    """The ``number``-th statement or commit (from 1) fails; with ``lasting`` all later ones too."""

    number: int
    lasting: bool
    seen: int = 0

    @property
    def struck(self) -> bool:
        return self.seen >= self.number

    def strike(self, *_: object) -> None:
        self.seen += 1
        if self.seen == self.number or (self.lasting and self.struck):
            raise OperationalError("", {}, Exception("disk I/O error"))


@contextmanager
def failing(engine: Engine, number: int, *, lasting: bool = False) -> Iterator[Outage]:
    outage = Outage(number, lasting)
    for moment in ("before_cursor_execute", "commit"):
        event.listen(engine, moment, outage.strike)
    try:
        yield outage
    finally:
        for moment in ("before_cursor_execute", "commit"):
            event.remove(engine, moment, outage.strike)


class StumblingAccounts:
    """Every call fails at its first statement, then at its second, and so on until it succeeds."""

    def __init__(self, real: SqlAccountSystem) -> None:
        self._real = real
        self.stumbles = 0

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name.startswith("_"):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            number = 1
            while True:
                with failing(self._real._engine, number) as outage:
                    try:
                        answer = found(*arguments, **named)
                    except AccountSystemUnavailableError:
                        self.stumbles += 1
                        number += 1
                        assert outage.struck
                    else:
                        assert not outage.struck
                        return answer

        return call
