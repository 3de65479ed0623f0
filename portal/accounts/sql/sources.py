"""Where somebody may hand over from, and the lock on it (二.3.2)."""

from datetime import datetime

from sqlalchemy import Connection, func, select

from portal.accounts.sample.schema.account import freeze, identity
from portal.accounts.sample.schema.company import company
from portal.accounts.sql import access
from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.estates import Source, workplace
from portal.accounts.sql.standing import CLOSURE
from portal.accounts.system import NotAllowedError


def locked(connection: Connection, source: Source) -> bool:
    """Lock the source; answer whether it is still open to be handed over."""
    if source.closure is None:
        connection.execute(
            select(company.c.id)
            .where(company.c.id == source.company_id)
            .with_for_update(key_share=True)
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
