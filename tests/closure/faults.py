"""Things that go wrong: whatever stands between a flow and its databases can fail when told."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

from sqlalchemy.orm import Session

from portal.accounts.system import AccountSystemUnavailableError
from portal.services import Services
from portal.store.engine import Store

Hook = Callable[[str], None]


class Killed(BaseException):
    """The process is gone at once: nothing catches this, nothing is tidied up."""


class WatchedAccounts:
    """The account system, with ``before`` and ``after`` called around each of its methods."""

    def __init__(self, real: Any, before: Hook, after: Hook) -> None:
        self._real, self._before, self._after = real, before, after

    def __getattr__(self, name: str) -> Any:
        found = getattr(self._real, name)
        if name.startswith("_"):
            return found

        def call(*arguments: Any, **named: Any) -> Any:
            self._before(name)
            answer = found(*arguments, **named)
            self._after(name)
            return answer

        return call


class WatchedStore(Store):
    """The portal's database, with ``before`` and ``after`` called around each commit."""

    def __init__(self, real: Store, before: Hook, after: Hook) -> None:
        super().__init__(real.engine)
        self._before, self._after = before, after

    @contextmanager
    def begin(self) -> Iterator[Session]:
        with super().begin() as session:
            yield session
            self._before("commit")
        self._after("commit")


class SilentBell:
    """Nobody is told: work is done by hand, or not."""

    def ring(self, *task_ids: str, **_: bool) -> bool:
        return True


class Down:
    """Makes the account system unavailable: at these methods, or at all, while ``down``."""

    def __init__(self, *methods: str) -> None:
        self._methods = methods
        self.down = True

    def __call__(self, name: str) -> None:
        if self.down and (not self._methods or name in self._methods):
            raise AccountSystemUnavailableError("OperationalError")


class DiesAt:
    """Kills the process at the ``number``-th moment at which it can die (from 1)."""

    def __init__(self, number: int) -> None:
        self._left = number

    def __call__(self, name: str) -> None:
        self._left -= 1
        if not self._left:
            raise Killed(name)


def quietly(name: str) -> None:
    """A hook that does nothing."""


def watched(services: Services, before: Hook, after: Hook = quietly) -> Services:
    """The same services with hooks around every call of the account system."""
    return replace(services, accounts=WatchedAccounts(services.accounts, before, after))


def mortal(services: Services, hook: Hook) -> Services:
    """The same services with the hook before and after every commit, here and upstream."""
    both = watched(services, hook, hook)
    return replace(both, store=WatchedStore(services.store, hook, hook))
