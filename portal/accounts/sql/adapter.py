"""The account system over SQL: every transaction is bounded by the bite."""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, Engine, inspect, select
from sqlalchemy.exc import SQLAlchemyError

from portal.accounts.export import Extract
from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import identity
from portal.accounts.sql import (
    access,
    applying,
    checking,
    deeds,
    estates,
    exporting,
    handing,
    keeping,
    people,
    planning,
    pools,
    sources,
    taking_back,
)
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.applying import Work
from portal.accounts.sql.bookkeeping import Entry
from portal.accounts.sql.certificate import certificate
from portal.accounts.sql.completeness import problems
from portal.accounts.sql.datamap import DataMap, DataMapError
from portal.accounts.sql.estates import Source
from portal.accounts.sql.holdings import holdings
from portal.accounts.sql.rows import Keys, Rows
from portal.accounts.sql.standing import standing
from portal.accounts.system import (
    Account,
    AccountSystemUnavailableError,
    Certificate,
    Deed,
    Did,
    Done,
    Estate,
    Holdings,
    Member,
    NotAllowedError,
    NotPlannedError,
    Refused,
    Residue,
    Scope,
    Share,
    Standing,
    Step,
    Why,
)
from portal.clock import Clock
from portal.store.engine import LogInUseError, empty_log, reading
from portal.store.vault import Seal, SealBrokenError


class SqlAccountSystem:
    """The ``AccountSystem`` whose accounts lie in ``engine`` and whose files lie in ``files``.

    ``seal`` closes what an erasure finds rows by, as long as it runs; ``bite`` is how many rows a
    transaction touches at most. Raises DataMapError when the map and the database differ.
    """

    def __init__(
        self, engine: Engine, datamap: DataMap, files: Path, clock: Clock, seal: Seal, bite: int
    ) -> None:
        self._engine = engine
        self._datamap = datamap
        self._files = files
        self._clock = clock
        self._seal = seal
        self._assignable = datamap.succession.months
        self._bite = bite
        self._rows = {
            shared_too: Rows(metadata.tables, datamap, shared_too=shared_too)
            for shared_too in (False, True)
        }
        with self._writing() as connection:
            if found := problems(datamap, inspect(connection)):
                raise DataMapError(found)
            book.create(connection)

    def find(self, phone: str) -> Account | None:
        with self._reading() as connection:
            return people.by_phone(connection, phone)

    def account(self, account_id: str) -> Account | None:
        with self._reading() as connection:
            return people.by_id(connection, account_id)

    def owner(self, identity_id: str) -> Account | None:
        with self._reading() as connection:
            return people.by_identity(connection, identity_id)

    def standing(self, scope: Scope) -> Standing:
        with self._reading() as connection:
            return standing(connection, scope, self._clock())

    def holdings(self, scope: Scope, *, shared_jobs_too: bool) -> Holdings:
        with self._reading() as connection:
            return holdings(connection, scope, self._rows[shared_jobs_too], self._clock())

    def export(self, scope: Scope) -> Iterator[Extract]:
        source = exporting.Source(self._reading, self._rows[False], self._files, self._bite)
        return exporting.extracts(source, scope)

    def set_access(self, closure: str, scope: Scope, *, frozen: bool, epoch: int) -> None:
        with self._writing() as connection:
            if book.enter(connection, closure, book.ACCESS, epoch).begun:
                # Erasing has begun: it is shut for good, and what was erased is not frozen anew.
                return
            move = access.shut if frozen else access.lift
            move(connection, closure, people.keys(connection, scope), self._clock())

    def frozen(self) -> tuple[str, ...]:
        with self._reading() as connection:
            return access.standing_freezes(connection)

    def rehearse(self, scope: Scope, *, shared_jobs_too: bool) -> tuple[Step, ...]:
        """What ``plan`` would answer now; plans nothing."""
        rows = self._rows[shared_jobs_too]
        with self._reading() as connection:
            counts = planning.counts(connection, rows, people.keys(connection, scope))
        actions = [rows.actions[name] for name in counts]
        return tuple(
            Step(one.name, one.part.kind.name, one.outcome, counts[one.name]) for one in actions
        )

    def plan(
        self, closure: str, scope: Scope, epoch: int, *, shared_jobs_too: bool
    ) -> tuple[Step, ...] | None:
        with self._writing() as connection:
            entry = book.enter(connection, closure, book.ERASING, epoch)
            if not entry.begun:
                entry = self._begin(connection, closure, scope, shared_jobs_too)
            if entry.planned:
                return planning.steps(connection, closure)
        return self._list_bite(closure, entry, epoch)

    def _begin(
        self, connection: Connection, closure: str, scope: Scope, shared_jobs_too: bool
    ) -> Entry:
        """Begin the plan; the plan of usual people is made with it."""
        rows, keys, now = self._rows[shared_jobs_too], people.keys(connection, scope), self._clock()
        if not access.lock(connection, closure):
            access.shut(connection, closure, keys, now)
        planned = planning.list_at_once(connection, closure, rows, keys, self._bite)
        sealed = self._seal.close_json(_place(closure), keys)
        planning.begin(connection, closure, rows, keys, sealed, now, planned)
        return book.entry(connection, closure)

    def _list_bite(self, closure: str, entry: Entry, epoch: int) -> tuple[Step, ...] | None:
        """Plan a bite; where it ends is read without keeping others from writing."""
        rows, keys, now = self._rows[entry.shared_too], self._keys(closure, entry), self._clock()
        with self._reading() as connection:
            end = planning.end_of_bite(connection, entry, rows, keys, self._bite)
        with self._writing() as connection:
            book.enter(connection, closure, book.ERASING, epoch)
            done = planning.list_bite(connection, closure, entry, rows, keys, end, now)
            return planning.steps(connection, closure) if done else None

    def apply(self, closure: str, steps: list[str], epoch: int) -> tuple[Done, ...] | None:
        with self._writing() as connection:
            entry = book.enter(connection, closure, book.ERASING, epoch)
            planned = {one.name: one for one in book.steps(connection, closure)}
            if not entry.planned or not planned.keys() >= set(steps):
                raise NotPlannedError(closure)
            done = [planned[name] for name in steps]
            if any(one.done_at is None for one in done):
                done = applying.apply(connection, self._work(closure, entry), done)
            return tuple(Done(one.treated, one.took_ms) for one in done) or None

    def check(self, closure: str, epoch: int) -> tuple[Residue, ...] | None:
        with self._writing() as connection:
            entry = book.enter(connection, closure, book.ERASING, epoch)
            if not entry.planned:
                raise NotPlannedError(closure)
            # What few rows left is judged on the way; many would keep others from writing.
            few = not entry.checked and planning.size(connection, closure) <= self._bite
            clean = few and not checking.residue(connection, self._work(closure, entry))
            over = (entry.checked or clean) and self._pass(connection, closure, entry)
        if not (entry.checked or clean):
            left = self._judge(closure, entry, epoch)
            if left != ():
                return left
            with self._writing() as connection:
                entry = book.enter(connection, closure, book.ERASING, epoch)
                over = self._pass(connection, closure, entry)
        if not over:
            return None
        with _telling_only_the_kind():
            empty_log(self._engine)
        return ()

    def _pass(self, connection: Connection, closure: str, entry: Entry) -> bool:
        """Say that the check is passed, and forget a bite; answer whether all is forgotten."""
        if not entry.checked:
            checking.pass_(connection, closure, self._clock())
        return checking.forget(connection, closure, self._bite)

    def _judge(self, closure: str, entry: Entry, epoch: int) -> tuple[Residue, ...] | None:
        """What is left after a bite of it was treated once more; None while it becomes less."""
        work = self._work(closure, entry)
        with self._reading() as connection:
            left = checking.residue(connection, work)
        if not left or any(one.place == checking.UNDONE for one in left):
            return left
        with self._writing() as connection:
            book.enter(connection, closure, book.ERASING, epoch)
            checking.treat_again(connection, work, left)
        with self._reading() as connection:
            still = checking.residue(connection, work)
        less = sum(one.rows for one in still) < sum(one.rows for one in left)
        return None if still and less else still

    def certificate(self, closure: str) -> Certificate:
        with self._reading() as connection:
            return certificate(connection, closure, self._datamap)

    def erased(self, closure: str) -> bool:
        mine = select(book.erasure.c.checked_at).where(book.erasure.c.closure == closure)
        with self._reading() as connection:
            return connection.scalar(mine) is not None

    def expire(self) -> int | None:
        with self._writing() as connection:
            now, bite = self._clock(), self._bite
            over = keeping.expire(connection, now, bite)
            over += pools.dispose(connection, self._datamap, metadata.tables, now, bite - over)
            taking_back.forget(connection, now)
        if over == self._bite:
            return None
        with _telling_only_the_kind():
            empty_log(self._engine)
        return over

    def posts(self, account_id: str) -> tuple[Member, ...]:
        with self._reading() as connection:
            return estates.members(connection, identity.c.account_id == account_id)

    def colleagues(self, identity_id: str) -> tuple[Member, ...]:
        with self._reading() as connection:
            return estates.colleagues(connection, identity_id)

    def estate(self, identity_id: str) -> Estate:
        with self._reading() as connection:
            return estates.estate(connection, identity_id, self._clock(), self._assignable)

    def estates(self, by: str) -> tuple[Estate, ...]:
        with self._reading() as connection:
            return estates.estates(connection, by, self._clock(), self._assignable)

    def hand_over(
        self,
        by: str,
        closure: str | None,
        shares: Sequence[Share],
        to: str,
        *,
        named: bool = False,
    ) -> tuple[Refused, ...]:
        with self._writing() as connection:
            source, for_others = self._source(connection, by, closure)
            if to != by and not for_others:
                raise NotAllowedError
            if not sources.locked(connection, source):
                return tuple(Refused(share, Why.GONE) for share in shares)
            refused = handing.hand_over(connection, source, shares, to)
            given = [share for share in shares if share not in {one.share for one in refused}]
            did = Did.ACCEPTED if named else Did.GAVE
            deeds.note(connection, closure, did, given, source.now)
            return refused

    def take_back(self, by: str, closure: str | None, shares: Sequence[Share]) -> int:
        with self._writing() as connection:
            source, for_others = self._source(connection, by, closure)
            if not sources.locked(connection, source):
                return 0
            heir = "" if for_others else by
            back = taking_back.take_back(connection, source, shares, heir)
            deeds.note(connection, closure, Did.TOOK_BACK, list(back), source.now)
            return sum(back.values())

    def untold(self) -> tuple[Deed, ...]:
        with self._reading() as connection:
            return deeds.untold(connection)

    def told(self, ids: Sequence[str]) -> None:
        with self._writing() as connection:
            deeds.told(connection, ids)

    def _source(self, connection: Connection, by: str, closure: str | None) -> tuple[Source, bool]:
        return sources.source_of(connection, by, closure, self._clock(), self._assignable)

    def _work(self, closure: str, entry: Entry) -> Work:
        keys, rows = self._keys(closure, entry), self._rows[entry.shared_too]
        return Work(closure, rows, keys, self._files, self._bite, self._clock())

    def _keys(self, closure: str, entry: Entry) -> Keys:
        with _telling_only_the_kind():
            keys: Keys = self._seal.open_json(_place(closure), entry.keys or b"")
            return keys

    @contextmanager
    def _writing(self) -> Iterator[Connection]:
        """One transaction."""
        with _telling_only_the_kind(), self._engine.begin() as connection:
            yield connection

    @contextmanager
    def _reading(self) -> Iterator[Connection]:
        """One transaction that keeps nobody from writing."""
        with _telling_only_the_kind(), reading(self._engine) as connection:
            yield connection


def _place(closure: str) -> str:
    """Where the sealed keys lie; they can't be opened anywhere else."""
    return f"closure_erasure {closure} keys"


@contextmanager
def _telling_only_the_kind() -> Iterator[None]:
    """Databases and file systems repeat values and paths in their messages."""
    try:
        yield
    except (SQLAlchemyError, sqlite3.Error, OSError, LogInUseError, SealBrokenError) as error:
        raise AccountSystemUnavailableError(type(error).__name__) from None
