"""A database whose n-th statement fails, once or from then on (as SQLite tests itself)."""

from typing import Any, Self

from sqlalchemy import Engine, event
from sqlalchemy.exc import OperationalError

from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.system import AccountSystemUnavailableError

_MOMENTS = ("before_cursor_execute", "commit")


class failing:  # noqa: N801 - used like a function
    """Inside the block the ``number``-th statement or commit (from 1) fails; with ``lasting`` all
    later ones too. ``struck`` says whether there were so many."""

    def __init__(self, engine: Engine, number: int, *, lasting: bool = False) -> None:
        self._engine, self._number, self._lasting = engine, number, lasting
        self._seen = 0

    def __enter__(self) -> Self:
        for moment in _MOMENTS:
            event.listen(self._engine, moment, self._strike)
        return self

    def __exit__(self, *_: object) -> None:
        for moment in _MOMENTS:
            event.remove(self._engine, moment, self._strike)

    @property
    def struck(self) -> bool:
        return self._seen >= self._number

    def _strike(self, *_: object) -> None:
        self._seen += 1
        if self._seen == self._number or (self._lasting and self.struck):
            raise OperationalError("", {}, Exception("disk I/O error"))


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
