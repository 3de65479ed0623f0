"""What the portal leans on, with a switch: the real thing until it is said to be away."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.system import AccountSystemUnavailableError
from portal.store.engine import Store


class SwitchedAccounts:
    """An account system; the methods named in ``away`` give no answer."""

    def __init__(self, real: SqlAccountSystem) -> None:
        self.real = real
        self.away: set[str] = set()

    def __getattr__(self, name: str) -> Any:
        if name in self.away or "everything" in self.away:
            raise AccountSystemUnavailableError("OperationalError")
        return getattr(self.real, name)

    @contextmanager
    def without(self, *names: str) -> Iterator[None]:
        """Inside the block these methods, or "everything", are out of reach."""
        self.away = set(names)
        yield
        self.away = set()


class SwitchedStore(Store):
    """The portal's database; inside ``away`` no transaction can begin."""

    _away = False

    @contextmanager
    def begin(self) -> Iterator[Session]:
        if self._away:
            raise OperationalError("SELECT 1", {}, Exception("unable to open database file"))
        with super().begin() as session:
            yield session

    @contextmanager
    def away(self) -> Iterator[None]:
        self._away = True
        yield
        self._away = False
