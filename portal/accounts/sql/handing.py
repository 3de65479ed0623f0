"""Handing over what a recruiter leaves, and taking it back (二.3.2).

Whoever hands over holds a lock until the transaction ends: the closure's freeze, which is also
what makes the reservation possible, or the company, whose pool it is. So of two admins one is
first, and the other is told. The UPDATEs are guarded all the same.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Connection,
    Insert,
    Row,
    delete,
    func,
    insert,
    literal,
    null,
    select,
    update,
)

from portal.accounts.sample.schema.account import ACTIVE, freeze, identity
from portal.accounts.sample.schema.company import company, job, membership
from portal.accounts.sample.schema.money import entitlement
from portal.accounts.sample.schema.seeking import application
from portal.accounts.sql import access
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.estates import (
    FOUND_BY,
    OFFLINE,
    OWNERS,
    SEALED,
    TABLES,
    UNDO,
    Source,
    heir_of,
    members,
    workplace,
)
from portal.accounts.sql.standing import CLOSURE
from portal.accounts.system import Left, NotAllowedError, Refused, Share, Why

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
        kind = self.share.kind
        return (_found_by(self.share), *self.source.rows(kind), ~_has_heir(kind, self.source))


def hand_over(
    connection: Connection, source: Source, shares: Sequence[Share], to: str
) -> tuple[Refused, ...]:
    """The source is locked. Answers what could not be given."""
    here = (membership.c.identity_id == to, membership.c.company_id == source.company_id)
    # The heir's own closure waits for this, or this for it.
    connection.execute(select(identity.c.id).where(identity.c.id == to).with_for_update())
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
        .where(_found_by(hand.share), TABLES[kind].c.company_id == hand.source.company_id)
        .order_by(_HEIR.at.desc())
    )
    row = hand.connection.execute(taken).first()
    if row is None:
        return Refused(hand.share, Why.GONE)
    return Refused(hand.share, Why.TAKEN, heir=heir_of(hand.connection, row.to_id, row.at))


def _reserve(hand: Hand) -> int:
    """Note the heir of each row; nothing of the leaver's is touched."""
    return hand.connection.execute(_noting(hand, null())).rowcount


def _noting(hand: Hand, sealed_at: Any) -> Insert:
    table = TABLES[hand.share.kind]
    whole = hand.share.kind is not Left.ENTITLEMENT
    values = {
        "closure": literal(hand.source.closure, _HEIR.closure.type),
        "table": literal(table.name),
        "row": table.c.id,
        "quantity": null() if whole else literal(hand.share.quantity, _HEIR.quantity.type),
        "to_id": literal(hand.to),
        "at": literal(hand.source.now, _HEIR.at.type),
        "sealed_at": sealed_at,
    }
    found = select(*values.values()).where(*hand.found)
    noting = insert(book.heir).from_select(list(values), found)
    return noting.execution_options(preserve_rowcount=True)


def _give(hand: Hand) -> int:
    """Out of the pool, at once."""
    kind, connection = hand.share.kind, hand.connection
    if kind is Left.ENTITLEMENT:
        _part(hand)
    table, sealed_at = TABLES[kind], _SEALED_AT[kind]
    # What was handed over before and has come back to the pool since.
    rows = select(table.c.id).where(_found_by(hand.share), *hand.source.rows(kind))
    old = (_HEIR.table == table.name, _HEIR.row.in_(rows))
    connection.execute(delete(book.heir).where(*old))
    connection.execute(_noting(hand, sealed_at))
    noted = select(_HEIR.row).where(_HEIR.table == table.name, _HEIR.to_id == hand.to)
    mine = (_found_by(hand.share), *hand.source.rows(kind), table.c.id.in_(noted))
    giving = update(table).where(*mine).values({OWNERS[kind].name: hand.to, **_GIVEN[kind]})
    return connection.execute(giving).rowcount


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


def take_back(connection: Connection, source: Source, shares: Sequence[Share], by: str) -> int:
    """``by`` is the heir, or (empty) anybody who hands over. The source is locked."""
    return sum(_take_back(connection, source, share, by) for share in shares)


def _take_back(connection: Connection, source: Source, share: Share, by: str) -> int:
    kind, table = share.kind, TABLES[share.kind]
    here = (_found_by(share), table.c.company_id == source.company_id)
    noted = _HEIR.row.in_(select(table.c.id).where(*here)) & (_HEIR.table == table.name)
    noted &= _HEIR.closure.is_not_distinct_from(source.closure)
    if by:
        noted &= _HEIR.to_id == by
    if source.closure:
        return connection.execute(delete(book.heir).where(noted)).rowcount
    lately = select(book.heir).where(noted, _HEIR.at > source.now - UNDO)
    return sum(_return(connection, kind, row) for row in connection.execute(lately).all())


def _return(connection: Connection, kind: Left, row: Row[Any]) -> int:
    """Back to the pool, unless it has been used."""
    table = TABLES[kind]
    unused = (table.c.id == row.row, OWNERS[kind] == row.to_id, *_unused(kind, row.quantity))
    returned = {OWNERS[kind].name: None, **_returned(kind, row.sealed_at)}
    done = connection.execute(update(table).where(*unused).values(returned)).rowcount
    if done:
        connection.execute(delete(book.heir).where(_HEIR.id == row.id))
    return done


def forget(connection: Connection, now: datetime) -> None:
    """Who got what out of the pool, once it can't be undone any more."""
    connection.execute(delete(book.heir).where(_HEIR.closure.is_(None), _HEIR.at <= now - UNDO))


def _unused(kind: Left, quantity: int | None) -> tuple[ColumnElement[bool], ...]:
    match kind:
        case Left.JOB:
            return (job.c.status == OFFLINE,)
        case Left.ENTITLEMENT:
            return (entitlement.c.status == ACTIVE, entitlement.c.quantity == quantity)
    return ()


def _returned(kind: Left, sealed_at: Any) -> dict[str, Any]:
    match kind:
        case Left.JOB:
            return {}
        case Left.ENTITLEMENT:
            return {"status": SEALED, "sealed_at": sealed_at}
    return {"sealed_at": sealed_at}


def _found_by(share: Share) -> ColumnElement[bool]:
    """No row for a key that is no row's number."""
    return FOUND_BY[share.kind] == (int(share.key) if share.key.isdecimal() else 0)


def _same_row(kind: Left) -> ColumnElement[bool]:
    return (_HEIR.table == TABLES[kind].name) & (_HEIR.row == TABLES[kind].c.id)


def _has_heir(kind: Left, source: Source) -> ColumnElement[bool]:
    same = _HEIR.closure.is_not_distinct_from(source.closure) & _same_row(kind)
    has = select(_HEIR.id).where(same).correlate(TABLES[kind]).exists()
    # In the pool the owner says it: a row there has none.
    return has if source.closure else literal(value=False)


def locked(connection: Connection, source: Source) -> bool:
    """Lock the source; answer whether it is still open to be handed over."""
    if source.closure is None:
        connection.execute(
            select(company.c.id).where(company.c.id == source.company_id).with_for_update()
        )
        return True
    standing = access.lock(connection, source.closure)
    begun = select(func.count()).where(book.erasure.c.closure == source.closure)
    return standing and not connection.scalar(begun)


def source_of(
    connection: Connection, by: str, closure: str | None, now: datetime, months: int
) -> tuple[Source, bool]:
    """Where ``by`` may hand over from, and whether ``by`` may do so for others too.

    Raises NotAllowedError, also for a closure of another company.
    """
    member, company_id = workplace(connection, by)
    if closure is None:
        if not member.hands_over:
            raise NotAllowedError
        return Source(company_id, now, months), True
    frozen = select(freeze.c.account_id, freeze.c.identity_id).where(
        freeze.c.owner == CLOSURE + closure
    )
    found = connection.execute(frozen).first()
    whose = identity.c.id == found.identity_id if found and found.identity_id else None
    if found and found.account_id:
        whose = identity.c.account_id == found.account_id
    leavers = select(identity.c.id).where(identity.c.company_id == company_id)
    leaver = connection.scalar(leavers.where(whose)) if whose is not None else None
    if leaver is None:
        raise NotAllowedError
    return Source(company_id, now, months, leaver, closure), member.hands_over
