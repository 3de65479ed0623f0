"""Handing over what a recruiter leaves, and taking it back (二.3.2).

Whoever hands over holds a lock until the transaction ends: the closure's freeze, which is also
what makes the reservation possible, or the company, whose pool it is. So of two admins one is
first, and the other is told. The UPDATEs are guarded all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    delete,
    insert,
    literal,
    null,
    select,
    update,
)

from portal.accounts.sample.schema.account import ACTIVE, identity
from portal.accounts.sample.schema.company import job, membership
from portal.accounts.sample.schema.money import entitlement
from portal.accounts.sample.schema.seeking import application
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.estates import (
    FOUND_BY,
    OWNERS,
    TABLES,
    Source,
    heir_of,
    members,
)
from portal.accounts.system import Left, Refused, Share, Why

_HEIR = book.heir.c


@dataclass(frozen=True)
class Hand:
    """One share that is handed over: from where, to whom."""

    connection: Connection
    source: Source
    share: Share
    to: str

    @property
    def found(self) -> tuple[ColumnElement[bool], ...]:
        """The rows that lie there and are nobody's yet."""
        kind, closure = self.share.kind, self.source.closure
        here = (found_by(self.share), *self.source.rows(kind))
        return (*here, ~_reserved(kind, closure)) if closure else here


def hand_over(
    connection: Connection, source: Source, shares: Sequence[Share], to: str
) -> tuple[Refused, ...]:
    """The source is locked. Answers what could not be given."""
    here = (membership.c.identity_id == to, membership.c.company_id == source.company_id)
    # The heir's own closure waits for this, or this for it.
    connection.execute(
        select(identity.c.id).where(identity.c.id == to).with_for_update(key_share=True)
    )
    if to == source.leaver or not members(connection, *here):
        return tuple(Refused(share, Why.NO_HEIR) for share in shares)
    tried = (_hand(Hand(connection, source, share, to)) for share in shares)
    return tuple(refused for refused in tried if refused)


def _hand(hand: Hand) -> Refused | None:
    share = hand.share
    if share.quantity is not None and share.kind is Left.ENTITLEMENT:
        left = _number(hand)
        if left < share.quantity or share.quantity < 1:
            return _refused(hand, left)
    done = _reserve(hand) if hand.source.closure else _give(hand)
    return None if done else _refused(hand, 0)


def _number(hand: Hand) -> int:
    left = select(entitlement.c.quantity).where(*hand.found)
    return hand.connection.scalar(left) or 0


def _refused(hand: Hand, left: int) -> Refused:
    if left:
        return Refused(hand.share, Why.LESS, left)
    kind = hand.share.kind
    taken = (
        select(_HEIR.to_id, _HEIR.at)
        .select_from(TABLES[kind].join(book.heir, _same_row(kind)))
        .where(found_by(hand.share), TABLES[kind].c.company_id == hand.source.company_id)
        .order_by(_HEIR.at.desc())
    )
    row = hand.connection.execute(taken).first()
    if row is None:
        return Refused(hand.share, Why.GONE)
    return Refused(hand.share, Why.TAKEN, heir=heir_of(hand.connection, row.to_id, row.at))


def _reserve(hand: Hand) -> int:
    """Note the heir of each row; nothing of the leaver's is touched."""
    return _note(hand, null())


def _give(hand: Hand) -> int:
    """Out of the pool, at once."""
    kind = hand.share.kind
    if kind is Left.ENTITLEMENT:
        _part(hand)
    table = TABLES[kind]
    _note(hand, _SEALED_AT[kind])
    noted = select(_HEIR.row).where(_HEIR.table == table.name, _HEIR.to_id == hand.to)
    giving = update(table).where(*hand.found, table.c.id.in_(noted))
    given = giving.values({OWNERS[kind].name: hand.to, **_GIVEN[kind]})
    return hand.connection.execute(given).rowcount


def _note(hand: Hand, sealed_at: Any) -> int:
    """Note who gets the rows; whom one of them went to before is past."""
    table = TABLES[hand.share.kind]
    rows = select(table.c.id).where(*hand.found)
    past = (_HEIR.table == table.name, _HEIR.row.in_(rows))
    hand.connection.execute(delete(book.heir).where(*past))
    values = {
        "closure": literal(hand.source.closure, _HEIR.closure.type),
        "table": literal(table.name),
        "row": table.c.id,
        "quantity": _quantity(hand.share),
        "to_id": literal(hand.to),
        "at": literal(hand.source.now, _HEIR.at.type),
        "sealed_at": sealed_at,
    }
    found = select(*values.values()).where(*hand.found)
    noting = insert(book.heir).from_select(list(values), found)
    return hand.connection.execute(noting.execution_options(preserve_rowcount=True)).rowcount


def _quantity(share: Share) -> Any:
    if share.kind is not Left.ENTITLEMENT:
        return null()
    return entitlement.c.quantity if share.quantity is None else literal(share.quantity)


def _part(hand: Hand) -> None:
    """Leave what is not asked for in the pool, as a row of its own."""
    wanted = hand.share.quantity
    if wanted is None:
        return
    c = entitlement.c
    new = {column.name: column for column in c if column.name != "id"}
    rest = select(*(new | {"quantity": c.quantity - wanted}).values())
    parted = rest.where(*hand.found, c.quantity > wanted)
    hand.connection.execute(insert(entitlement).from_select(list(new), parted))
    hand.connection.execute(update(entitlement).where(*hand.found).values(quantity=wanted))


_SEALED_AT = {
    Left.RESUMES: application.c.sealed_at,
    Left.JOB: job.c.offline_at,
    Left.ENTITLEMENT: entitlement.c.sealed_at,
}
_GIVEN: dict[Left, dict[str, Any]] = {
    Left.RESUMES: {"sealed_at": None},
    # It stays offline until its new owner puts it online again.
    Left.JOB: {},
    Left.ENTITLEMENT: {"status": ACTIVE, "sealed_at": None},
}


def found_by(share: Share) -> ColumnElement[bool]:
    """No row for a key that is no row's number."""
    return FOUND_BY[share.kind] == (int(share.key) if share.key.isdecimal() else 0)


def _same_row(kind: Left) -> ColumnElement[bool]:
    return (_HEIR.table == TABLES[kind].name) & (_HEIR.row == TABLES[kind].c.id)


def _reserved(kind: Left, closure: str) -> ColumnElement[bool]:
    reserved = select(_HEIR.id).where(_HEIR.closure == closure, _same_row(kind))
    return reserved.correlate(TABLES[kind]).exists()
