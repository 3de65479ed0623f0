"""The adapter's own tables beside the accounts: fences, plans, and what is done of them.

They lie in the accounts' database so that an effect, its marker and its fence commit together.
Row keys live from the plan to the check; closures, steps and counts stay.
"""

from datetime import datetime

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    Integer,
    MetaData,
    String,
    Table,
    insert,
    select,
    update,
)

from portal.accounts.locking import one_at_a_time
from portal.accounts.system import NotPlannedError, StaleEpochError
from portal.store.base import Base, Instant

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
    Column("keys", JSON),
    Column("shared_jobs_too", Boolean, nullable=False),
    Column("planned_at", Instant, nullable=False),
    Column("checked_at", Instant),
)
"""``keys`` (whose: ids, or the number) is what rows are found by, forgotten once the check is
passed; ``shared_jobs_too`` is which jobs go offline (二.3.2), as the person was told."""

step = Table(
    "closure_step",
    metadata,
    Column("closure", String(40), primary_key=True),
    Column("name", String(80), primary_key=True),
    Column("position", Integer, nullable=False),
    Column("category", String(40), nullable=False),
    Column("outcome", String(10), nullable=False),
    Column("planned", Integer, nullable=False),
    Column("treated", Integer),
    Column("done_at", Instant),
)
"""``treated`` is empty until the step is done."""

row = Table(
    "closure_row",
    metadata,
    Column("closure", String(40), primary_key=True),
    Column("step", String(80), primary_key=True),
    Column("key", String(200), primary_key=True),
)

OWN_TABLES = frozenset(metadata.tables)

ACCESS = "access"
ERASING = "erasing"


def create(connection: Connection) -> None:
    """Make the tables where they are missing."""
    one_at_a_time(connection)
    metadata.create_all(connection)


def pass_fence(connection: Connection, closure: str, what: str, epoch: int) -> None:
    """Let this epoch through and no older one from now on. Raises StaleEpochError.

    The row stays locked until the transaction ends: writers of one closure come one by one.
    """
    mine = (fence.c.closure == closure, fence.c.what == what)
    raised = update(fence).where(*mine, fence.c.epoch <= epoch).values(epoch=epoch)
    if connection.execute(raised).rowcount:
        return
    if connection.scalar(select(fence.c.epoch).where(*mine)) is not None:
        raise StaleEpochError
    connection.execute(insert(fence).values(closure=closure, what=what, epoch=epoch))


def is_planned(connection: Connection, closure: str) -> bool:
    mine = select(erasure.c.closure).where(erasure.c.closure == closure)
    return connection.scalar(mine) is not None


def found_by(connection: Connection, closure: str) -> tuple[dict[str, list[str]], bool]:
    """What the closure's rows are found by: keys, which are empty once they are forgotten, and
    whether jobs that others share are treated like the others. Raises NotPlannedError."""
    mine = select(erasure.c["keys"], erasure.c.shared_jobs_too).where(erasure.c.closure == closure)
    found = connection.execute(mine).one_or_none()
    if found is None:
        raise NotPlannedError(closure)
    return found[0] or {}, found[1]


def treated(connection: Connection, closure: str, name: str) -> int | None:
    """How many rows the step treated; None while it is still to be done. Raises NotPlannedError."""
    mine = (step.c.closure == closure, step.c.name == name)
    found = connection.execute(select(step.c.treated).where(*mine)).one_or_none()
    if found is None:
        raise NotPlannedError(name)
    number: int | None = found[0]
    return number


def mark(connection: Connection, closure: str, name: str, treated: int, now: datetime) -> None:
    """Note that the step is done, and how many rows it treated."""
    mine = (step.c.closure == closure, step.c.name == name)
    connection.execute(update(step).where(*mine).values(treated=treated, done_at=now))
