"""The adapter's own tables beside the accounts: fences, plans, and what is done of them.

They lie in the accounts' database so that an effect, its marker and its fence commit together.
Row keys live from the plan to the check; closures, steps and counts stay.
"""

from dataclasses import dataclass
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
    Column("reached", String(200), nullable=False),
    Column("done_at", Instant),
    Column("ends_at", Instant),
)
"""``treated`` counts up to ``reached``, the last key that is treated, until the step is done;
``ends_at`` is when the last of its kept rows may go."""

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

OWN_TABLES = frozenset(metadata.tables)

ACCESS = "access"
ERASING = "erasing"

CLOSURE = bindparam("the_closure", type_=String)
NOW = bindparam("the_now", type_=Instant)
BITE = bindparam("the_bite", type_=Integer)
"""Bound wherever a statement is the same for every closure. The names are no column's: an UPDATE
would write them."""


@dataclass(frozen=True)
class Entry:
    """What is known of a closure and of one of its steps by whoever has passed the fence."""

    begun: bool
    keys: bytes | None
    shared_too: bool
    listing: int
    reached: str | None
    planned: bool
    checked: bool
    step: "Progress | None"


@dataclass(frozen=True)
class Progress:
    name: str
    planned: int
    treated: int
    reached: str
    done: bool


def create(connection: Connection) -> None:
    """Make the tables where they are missing."""
    one_at_a_time(connection)
    metadata.create_all(connection)


_FENCE = bindparam("the_fence", type_=String)
_STEP = bindparam("the_step", type_=String)
_EPOCH = bindparam("the_epoch", type_=Integer)
_MINE = (fence.c.closure == CLOSURE, fence.c.what == _FENCE)
_ENTRY = (
    select(
        fence.c.epoch,
        erasure.c["keys"].label("sealed"),
        *(erasure.c[of] for of in ("shared_jobs_too", "begun_at", "listing", "reached")),
        *(erasure.c[of] for of in ("planned_at", "checked_at")),
        *(step.c[of] for of in ("name", "planned", "treated", "done_at")),
        step.c.reached.label("treated_to"),
    )
    .select_from(
        fence.outerjoin(erasure, erasure.c.closure == fence.c.closure).outerjoin(
            step, (step.c.closure == fence.c.closure) & (step.c.name == _STEP)
        )
    )
    .where(*_MINE)
    # Writers of one closure come one by one; on SQLite all writers do.
    .with_for_update(of=fence)
)
_RAISE = update(fence).where(*_MINE, fence.c.epoch < _EPOCH).values(epoch=_EPOCH)


def enter(
    connection: Connection, closure: str, what: str, epoch: int, step_name: str = ""
) -> Entry:
    """Let this epoch through and no older one from now on, and read what is known then.

    The fence stays locked until the transaction ends. Raises StaleEpochError.
    """
    mine = {CLOSURE.key: closure, _FENCE.key: what, _STEP.key: step_name, _EPOCH.key: epoch}
    found = connection.execute(_ENTRY, mine).one_or_none()
    if found is None:
        connection.execute(insert(fence).values(closure=closure, what=what, epoch=epoch))
        return enter(connection, closure, what, epoch, step_name)
    if found.epoch > epoch:
        raise StaleEpochError
    if found.epoch < epoch:
        connection.execute(_RAISE, mine)
    return Entry(
        begun=found.begun_at is not None,
        keys=found.sealed,
        shared_too=bool(found.shared_jobs_too),
        listing=found.listing or 0,
        reached=found.reached,
        planned=found.planned_at is not None,
        checked=found.checked_at is not None,
        step=found.name
        and Progress(
            found.name, found.planned, found.treated, found.treated_to, found.done_at is not None
        ),
    )


_ADVANCE = (
    update(step)
    .where(
        step.c.closure == CLOSURE,
        step.c.name == _STEP,
        step.c.reached == bindparam("the_start"),
        step.c.done_at.is_(None),
    )
    .values(
        treated=step.c.treated + bindparam("the_rows", type_=Integer),
        reached=bindparam("the_end", type_=String),
        done_at=bindparam("the_done", type_=Instant),
    )
)


def advance(
    connection: Connection, closure: str, at: Progress, rows: int, end: str, done: datetime | None
) -> bool:
    """Note what was treated; answer False if somebody else has noted it meanwhile."""
    how = {"the_start": at.reached, "the_rows": rows, "the_end": end, "the_done": done}
    mine = {CLOSURE.key: closure, _STEP.key: at.name}
    return bool(connection.execute(_ADVANCE, mine | how).rowcount)
