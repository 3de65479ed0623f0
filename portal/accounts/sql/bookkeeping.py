"""The adapter's own tables beside the accounts: fences, plans, and what is done of them.

They lie in the accounts' database so that an effect, its marker and its fence commit together.
Row keys live from the plan to the check; closures, steps and counts stay.
"""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Index,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    bindparam,
    insert,
    select,
    update,
)

from portal.accounts.locking import one_at_a_time
from portal.accounts.system import StaleEpochError
from portal.store.base import Base, BigId, Instant

metadata = MetaData(naming_convention=Base.metadata.naming_convention)

fence = Table(
    "closure_fence",
    metadata,
    Column("closure", String(40), primary_key=True),
    Column("what", String(10), primary_key=True),
    Column("epoch", Integer, nullable=False),
)

erasure = Table(
    "closure_erasure",
    metadata,
    Column("closure", String(40), primary_key=True),
    Column("keys", LargeBinary),
    Column("shared_jobs_too", Boolean, nullable=False),
    Column("begun_at", Instant, nullable=False),
    Column("listing", Integer, nullable=False),
    Column("reached", String(200)),
    Column("planned_at", Instant),
    Column("checked_at", Instant),
)
"""``keys`` (whose: ids and unique values) is what rows are found by, sealed, and forgotten once
the check is passed; ``shared_jobs_too`` is which jobs go offline (二.3.2), as the person was told.
Until ``planned_at`` the plan is being made: ``listing`` is the position of the step whose rows
are listed, ``reached`` the last of them."""

step = Table(
    "closure_step",
    metadata,
    Column("closure", String(40), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("category", String(40), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("planned", Integer, nullable=False),
    Column("treated", Integer, nullable=False),
    Column("took_ms", Integer, nullable=False),
    Column("reached", String(200), nullable=False),
    Column("done_at", Instant),
    Column("ends_at", Instant),
)
"""``treated`` and ``took_ms`` count up to ``reached``, the last key that is treated, until the step
is done; ``ends_at`` is when the last of its kept rows may go."""

row = Table(
    "closure_row",
    metadata,
    Column("closure", String(40), primary_key=True),
    Column("step", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
    sqlite_with_rowid=False,
)

kept = Table(
    "closure_kept",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("closure", String(40), nullable=False),
    Column("step", String(80), nullable=False),
    Column("key", String(200), nullable=False),
    Column("content", JSON, nullable=False),
    Column("since", Instant, nullable=False),
    Column("ends_at", Instant, nullable=False, index=True),
    Index(None, "closure", "step", "key"),
)
"""Rows kept by law, out of the tables that business reads; ``content`` holds the columns that the
map keeps."""

heir = Table(
    "closure_heir",
    metadata,
    Column("id", BigId, primary_key=True),
    Column("closure", String(40), index=True),
    Column("table", String(40), nullable=False),
    Column("row", Integer, nullable=False),
    Column("quantity", Integer),
    Column("to_id", String(32), nullable=False, index=True),
    Column("at", Instant, nullable=False),
    Column("sealed_at", Instant),
    Index(None, "table", "row", unique=True),
)
"""Who gets which row (二.3.2): reserved while a closure is open, None where it was handed over out
of the company's pool, which can be undone for a while. ``quantity`` is how much of it, None for
all; ``sealed_at`` is what the row goes back to."""

deed = Table(
    "closure_deed",
    metadata,
    Column("id", String(32), primary_key=True),
    Column("closure", String(40)),
    Column("did", String(10), nullable=False),
    Column("counts", JSON, nullable=False),
    Column("at", Instant, nullable=False),
)
"""What was handed over or taken back and the portal's ledger has not been told of yet."""

OWN_TABLES = metadata.tables

ACCESS = "access"
ERASING = "erasing"

CLOSURE = bindparam("the_closure", type_=String)
NOW = bindparam("the_now", type_=Instant)
BITE = bindparam("the_bite", type_=Integer)
"""Bound wherever a statement is the same for every closure. The names are no column's: an UPDATE
would write them."""


@dataclass(frozen=True)
class Entry:
    """What is known of a closure's erasure by whoever has passed the fence."""

    begun: bool
    keys: bytes | None
    shared_too: bool
    listing: int
    reached: str | None
    planned: bool
    checked: bool


NOT_BEGUN = Entry(False, None, False, 0, None, False, False)


@dataclass(frozen=True)
class Progress:
    """A step of the plan and what is done of it."""

    name: str
    category: str
    outcome: str
    planned: int
    treated: int
    took_ms: int
    reached: str
    done_at: datetime | None


def create(connection: Connection) -> None:
    """Make the tables where they are missing."""
    one_at_a_time(connection)
    metadata.create_all(connection)


_FENCE = bindparam("the_fence", type_=String)
_EPOCH = bindparam("the_epoch", type_=Integer)
_MINE = (fence.c.closure == CLOSURE, fence.c.what == _FENCE)
_LOCK = select(fence.c.epoch).where(*_MINE).with_for_update()
_RAISE = update(fence).where(*_MINE).values(epoch=_EPOCH)
_ENTRY = select(erasure).where(erasure.c.closure == CLOSURE)


def enter(connection: Connection, closure: str, what: str, epoch: int) -> Entry:
    """Let this epoch through and no older one from now on, and read what is known then.

    The fence stays locked until the transaction ends: writers of one closure come one by one.
    Raises StaleEpochError.
    """
    mine = {CLOSURE.key: closure, _FENCE.key: what, _EPOCH.key: epoch}
    passed = connection.scalar(_LOCK, mine)
    if passed is None:
        connection.execute(insert(fence).values(closure=closure, what=what, epoch=epoch))
    elif passed > epoch:
        raise StaleEpochError
    elif passed < epoch:
        connection.execute(_RAISE, mine)
    return entry(connection, closure)


def entry(connection: Connection, closure: str) -> Entry:
    """What is known of a closure's erasure, for whoever holds its fence."""
    found = connection.execute(_ENTRY, {CLOSURE.key: closure}).one_or_none()
    if found is None:
        return NOT_BEGUN
    return Entry(
        begun=True,
        keys=found.keys,
        shared_too=found.shared_jobs_too,
        listing=found.listing,
        reached=found.reached,
        planned=found.planned_at is not None,
        checked=found.checked_at is not None,
    )


_STEPS = (
    select(*(step.c[of.name] for of in fields(Progress)))
    .where(step.c.closure == CLOSURE)
    .order_by(step.c.position)
)


def steps(connection: Connection, closure: str) -> list[Progress]:
    """The steps of the plan in their order."""
    return [Progress(*found) for found in connection.execute(_STEPS, {CLOSURE.key: closure})]


_ADVANCE = (
    update(step)
    .where(step.c.closure == CLOSURE, step.c.name == bindparam("the_step"))
    .values({of: bindparam(f"now_{of}") for of in ("treated", "took_ms", "reached", "done_at")})
)


def advance(connection: Connection, closure: str, now: Sequence[Progress]) -> None:
    """Note how far these steps are now."""
    connection.execute(
        _ADVANCE,
        [
            {
                CLOSURE.key: closure,
                "the_step": at.name,
                "now_treated": at.treated,
                "now_took_ms": at.took_ms,
                "now_reached": at.reached,
                "now_done_at": at.done_at,
            }
            for at in now
        ],
    )
