"""What recruiters leave to their company, and who there may take it over (二.3.2).

Everything is asked by the company: of another one nobody sees anything.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, Select, func, literal, null, or_, select

from portal.accounts.sample.schema.account import ACTIVE, account, freeze, identity
from portal.accounts.sample.schema.company import ONLINE, company, job, membership
from portal.accounts.sample.schema.money import entitlement
from portal.accounts.sample.schema.seeking import application
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.calendar import end_of_term
from portal.accounts.sql.people import masked
from portal.accounts.sql.standing import CLOSURE
from portal.accounts.system import Estate, Heir, Item, Left, Member, NotAllowedError, TeamRole

OFFLINE, SEALED = "offline", "sealed"
UNDO = timedelta(hours=24)


@dataclass(frozen=True)
class Source:
    """Where rows are that can be handed over: a departing recruiter's, or (none) in the pool."""

    company_id: int
    now: datetime
    months: int
    leaver: str | None = None
    closure: str | None = None

    def owned(self, column: ColumnElement[Any]) -> ColumnElement[bool]:
        return column.is_(None) if self.leaver is None else column == self.leaver

    def assignable(self, sealed_at: ColumnElement[Any]) -> ColumnElement[bool]:
        """In the pool only for its term."""
        if self.leaver is not None:
            return sealed_at.is_(None)
        return sealed_at.is_not(None) & (end_of_term(sealed_at, self.months) > self.now)

    def rows(self, kind: Left) -> tuple[ColumnElement[bool], ...]:
        """Which rows of the kind's table lie here."""
        pool = self.leaver is None
        match kind:
            case Left.RESUMES:
                c = application.c
                mine = (c.company_id == self.company_id, self.owned(c.recruiter_id))
                return (*mine, self.assignable(c.sealed_at))
            case Left.JOB:
                c = job.c
                mine = (c.company_id == self.company_id, self.owned(c.recruiter_id))
                there = (*mine, c.status == (OFFLINE if pool else ONLINE))
                return (*there, self.assignable(c.offline_at)) if pool else there
            case Left.ENTITLEMENT:
                c = entitlement.c
                mine = (c.company_id == self.company_id, self.owned(c.identity_id))
                lasts = or_(c.expires_at.is_(None), c.expires_at > self.now)
                unspent = (c.status == (SEALED if pool else ACTIVE), c.quantity > 0, lasts)
                return (*mine, *unspent, self.assignable(c.sealed_at))


TABLES = {Left.RESUMES: application, Left.JOB: job, Left.ENTITLEMENT: entitlement}
OWNERS = {
    Left.RESUMES: application.c.recruiter_id,
    Left.JOB: job.c.recruiter_id,
    Left.ENTITLEMENT: entitlement.c.identity_id,
}
FOUND_BY = {
    Left.RESUMES: application.c.job_id,
    Left.JOB: job.c.id,
    Left.ENTITLEMENT: entitlement.c.id,
}
"""What an item's key is: résumés go together by the job they were sent to."""
_NAMES = {
    Left.RESUMES: job.c.title,
    Left.JOB: job.c.title,
    Left.ENTITLEMENT: entitlement.c.name,
}
_NUMBERS: dict[Left, ColumnElement[int]] = {
    Left.RESUMES: func.count(),
    Left.JOB: func.count(),
    Left.ENTITLEMENT: func.sum(entitlement.c.quantity),
}
_SINCE: dict[Left, ColumnElement[Any]] = {
    Left.RESUMES: application.c.sealed_at,
    Left.JOB: job.c.offline_at,
    Left.ENTITLEMENT: entitlement.c.sealed_at,
}
_UNITS: dict[Left, ColumnElement[str]] = {
    Left.RESUMES: literal("份"),
    Left.JOB: literal("个"),
    Left.ENTITLEMENT: func.max(entitlement.c.unit),
}

_NEVER: ColumnElement[Any] = null()


def members(connection: Connection, *which: ColumnElement[bool]) -> tuple[Member, ...]:
    """Who works for a company, is not shut out and not leaving."""
    working = (
        select(identity.c.id, account.c.name, identity.c.title, membership.c.role)
        .add_columns(company.c.name.label("company"))
        .select_from(membership.join(identity).join(account))
        .join(company, company.c.id == membership.c.company_id)
        .where(identity.c.status == ACTIVE, account.c.can_sign_in, *which)
        .order_by(membership.c.id)
    )
    return tuple(
        Member(row.id, masked(row.name), row.title or "", TeamRole(row.role), row.company)
        for row in connection.execute(working)
    )


def colleagues(connection: Connection, identity_id: str) -> tuple[Member, ...]:
    mine = select(membership.c.company_id).where(membership.c.identity_id == identity_id)
    there = membership.c.company_id.in_(mine)
    return members(connection, there, membership.c.identity_id != identity_id)


def workplace(connection: Connection, by: str) -> tuple[Member, int]:
    """The member, and its company's id. Raises NotAllowedError."""
    found = members(connection, membership.c.identity_id == by)
    mine = select(membership.c.company_id).where(membership.c.identity_id == by)
    company_id = connection.scalar(mine)
    if not found or company_id is None:
        raise NotAllowedError
    return found[0], company_id


def estate(connection: Connection, identity_id: str, now: datetime, months: int) -> Estate:
    """What one recruiter would leave; nothing where there is no such recruiter."""
    found = connection.execute(_leavers().where(identity.c.id == identity_id)).first()
    if found is None:
        return Estate(None, identity_id, None, ())
    return _departing(connection, found, now, months)


def estates(connection: Connection, by: str, now: datetime, months: int) -> tuple[Estate, ...]:
    """Raises NotAllowedError."""
    member, company_id = workplace(connection, by)
    if not member.hands_over:
        raise NotAllowedError
    leaving = _leavers().where(identity.c.company_id == company_id, freeze.c.id.is_not(None))
    departing = [
        _departing(connection, row, now, months) for row in connection.execute(leaving).all()
    ]
    pool = Source(company_id, now, months)
    return (*departing, Estate(None, None, None, tuple(_pool(connection, pool))))


def _leavers() -> Select[Any]:
    """Recruiters, with the freeze of the closure that has not begun to erase, if there is one."""
    owner = literal(CLOSURE) + book.erasure.c.closure
    begun = select(book.erasure.c.closure).where(owner == freeze.c.owner).correlate(freeze)
    theirs = or_(
        freeze.c.identity_id == identity.c.id, freeze.c.account_id == identity.c.account_id
    )
    frozen = theirs & freeze.c.owner.startswith(CLOSURE) & freeze.c.lifted_at.is_(None)
    return (
        select(identity.c.id, identity.c.company_id, account.c.name, freeze.c.owner)
        .select_from(identity.join(account).outerjoin(freeze, frozen))
        .where(identity.c.company_id.is_not(None), ~begun.exists())
        .order_by(freeze.c.since, identity.c.id)
    )


def _departing(connection: Connection, row: Row[Any], now: datetime, months: int) -> Estate:
    closure = row.owner.removeprefix(CLOSURE) if row.owner else None
    source = Source(row.company_id, now, months, row.id, closure)
    items = [item for kind in Left for item in _items(connection, kind, source)]
    return Estate(closure, row.id, masked(row.name), tuple(items))


def _pool(connection: Connection, pool: Source) -> Iterator[Item]:
    for kind in Left:
        yield from _items(connection, kind, pool)
        yield from _handed(connection, kind, pool)


def _items(connection: Connection, kind: Left, source: Source) -> Iterator[Item]:
    """The rows that lie here, résumés by their job; with whom they are reserved for."""
    reserved = _heirs(kind) & book.heir.c.closure.is_not_distinct_from(source.closure)
    ends = func.min(end_of_term(_SINCE[kind], source.months)) if source.leaver is None else _NEVER
    yield from _listed(connection, kind, source.rows(kind), reserved, ends)


def _handed(connection: Connection, kind: Left, pool: Source) -> Iterator[Item]:
    """What was handed over out of the pool a short while ago."""
    table = TABLES[kind]
    mine = (table.c.company_id == pool.company_id, OWNERS[kind] == book.heir.c.to_id)
    lately = (book.heir.c.closure.is_(None), book.heir.c.at > pool.now - UNDO)
    yield from _listed(connection, kind, (*mine, *lately), _heirs(kind))


def _heirs(kind: Left) -> ColumnElement[bool]:
    table = TABLES[kind]
    return (book.heir.c.table == table.name) & (book.heir.c.row == table.c.id)


def _listed(
    connection: Connection,
    kind: Left,
    where: Sequence[ColumnElement[bool]],
    reserved: ColumnElement[bool],
    ends: ColumnElement[Any] = _NEVER,
) -> Iterator[Item]:
    heir, key, name = book.heir.c, FOUND_BY[kind], _NAMES[kind]
    joined = TABLES[kind].outerjoin(book.heir, reserved)
    if kind is Left.RESUMES:
        joined = joined.join(job, job.c.id == application.c.job_id)
    found = (
        select(key.label("key"), name.label("name"), heir.to_id, func.max(heir.at).label("at"))
        .add_columns(_UNITS[kind].label("unit"), _NUMBERS[kind].label("number"))
        .add_columns(func.sum(heir.quantity).label("share"), ends.label("ends_at"))
        .select_from(joined)
        .where(*where)
        .group_by(key, name, heir.to_id)
        .order_by(key, heir.to_id)
    )
    for row in connection.execute(found).all():
        number = int(row.number)
        share = number if row.share is None else min(int(row.share), number)
        gets = heir_of(connection, row.to_id, row.at) if row.to_id else None
        rest = number - share
        yield Item(kind, str(row.key), row.name, share, row.unit, gets, rest, row.ends_at)


def heir_of(connection: Connection, identity_id: str, at: datetime) -> Heir:
    """Raises no error for somebody who is not there any more."""
    named = select(account.c.name).select_from(identity.join(account))
    name = connection.scalar(named.where(identity.c.id == identity_id))
    return Heir(identity_id, masked(name or ""), at)
