"""Shutting and opening what a closure closes, by a freeze that the closure owns.

A freeze has one owner, and only the owner lifts it: a dispute's or a penalty's stays whatever
becomes of the closure.
"""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import (
    Column,
    ColumnElement,
    Connection,
    Table,
    delete,
    insert,
    literal,
    or_,
    select,
    update,
)

from portal.accounts.sample.schema.account import (
    ACTIVE,
    FROZEN,
    account,
    freeze,
    identity,
    session,
)
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.parts import Whose
from portal.accounts.sql.rows import Keys
from portal.accounts.sql.standing import CLOSURE

REASON = "账号注销处理中"


def shut(connection: Connection, closure: str, keys: Keys, now: datetime) -> None:
    """Freeze for the closure: no signing in, sessions ended, not found in search."""
    accounts, identities = keys[Whose.ACCOUNT], keys[Whose.IDENTITY]
    if accounts:
        _freeze(connection, closure, account, freeze.c.account_id, accounts, now)
        connection.execute(
            update(account).where(account.c.id.in_(accounts)).values(can_sign_in=False)
        )
    else:
        _freeze(connection, closure, identity, freeze.c.identity_id, identities, now)
    connection.execute(update(identity).where(identity.c.id.in_(identities)).values(status=FROZEN))
    # Whoever leaves takes nothing over: a colleague can have it.
    connection.execute(delete(book.heir).where(book.heir.c.to_id.in_(identities)))
    running = (session.c.identity_id.in_(identities), session.c.ended_at.is_(None))
    connection.execute(update(session).where(*running).values(ended_at=now))


def lift(connection: Connection, closure: str, keys: Keys, now: datetime) -> None:
    """Lift the closure's own freeze; open again whatever no other freeze keeps shut.

    What was reserved of what it would have left stays where it is.
    """
    connection.execute(delete(book.heir).where(book.heir.c.closure == closure))
    own = (freeze.c.owner == CLOSURE + closure, freeze.c.lifted_at.is_(None))
    if not connection.execute(update(freeze).where(*own).values(lifted_at=now)).rowcount:
        return
    connection.execute(
        update(account)
        .where(account.c.id.in_(keys[Whose.ACCOUNT]), ~_frozen(freeze.c.account_id == account.c.id))
        .values(can_sign_in=True)
    )
    either = or_(
        freeze.c.identity_id == identity.c.id, freeze.c.account_id == identity.c.account_id
    )
    connection.execute(
        update(identity)
        .where(identity.c.id.in_(keys[Whose.IDENTITY]), ~_frozen(either))
        .values(status=ACTIVE)
    )


def lock(connection: Connection, closure: str) -> bool:
    """Lock the closure's freeze until the transaction ends: what it leaves is handed over before
    its plan begins or not at all. Answers whether there is one."""
    mine = (freeze.c.owner == CLOSURE + closure, freeze.c.lifted_at.is_(None))
    return bool(connection.execute(select(freeze.c.id).where(*mine).with_for_update()).all())


def _freeze(
    connection: Connection,
    closure: str,
    table: Table,
    target: Column[str],
    ids: Sequence[str],
    now: datetime,
) -> None:
    """One freeze for each id that the closure has not frozen yet."""
    standing = select(freeze.c.id).where(
        target == table.c.id, freeze.c.owner == CLOSURE + closure, freeze.c.lifted_at.is_(None)
    )
    new = select(
        table.c.id, literal(CLOSURE + closure), literal(REASON), literal(now, freeze.c.since.type)
    ).where(table.c.id.in_(ids), ~standing.exists())
    columns = [target, freeze.c.owner, freeze.c.reason, freeze.c.since]
    connection.execute(insert(freeze).from_select(columns, new))


def standing_freezes(connection: Connection) -> tuple[str, ...]:
    """The references of the closures that own a freeze which is not lifted."""
    own = (freeze.c.owner.startswith(CLOSURE), freeze.c.lifted_at.is_(None))
    owners = connection.scalars(select(freeze.c.owner).where(*own).distinct())
    return tuple(sorted(owner.removeprefix(CLOSURE) for owner in owners))


def _frozen(which: ColumnElement[bool]) -> ColumnElement[bool]:
    return select(freeze.c.id).where(which, freeze.c.lifted_at.is_(None)).exists()
