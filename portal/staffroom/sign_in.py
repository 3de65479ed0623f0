"""Signing in to the console: name, password and a second factor at once (ASVS 6.3, 6.5, 7.3).

One answer for everything that may be wrong, after the same work, so that nothing can be found out
part by part. A session of its own kind: a person's sign-in opens nothing here, and the reverse.
"""

import secrets
from datetime import datetime, timedelta

import structlog
from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from portal.evidence.ledger import Kind
from portal.identity import limits, rates
from portal.identity.limits import Buckets, Limit
from portal.services import Services
from portal.staffroom import credentials
from portal.staffroom.members import Member, member_of, recovery_digest, totp_secret
from portal.staffroom.telling import note
from portal.store.tables import RecoveryCode, Staff, StaffSignIn
from portal.store.vault import token_hash

IDLE = timedelta(minutes=10)
ABSOLUTE = timedelta(hours=12)
_SEEN_EVERY = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_NAME = (Limit("staff_name", _HOUR, 10),)
# A whole office may come from one address.
_ADDRESS = (Limit("staff_address", _HOUR, 50),)

log = structlog.get_logger()


class NotSignedInError(Exception):
    """Something of it is wrong; it is not said what."""


def sign_in(
    services: Services,
    name: str,
    password: str,
    code: str,
    address: str,
    *,
    instead_of: str | None = None,
) -> str:
    """A new token. ``code`` is the authenticator's or a recovery code; ``instead_of`` is the token
    this browser had, which ends.

    Raises NotSignedInError, and LimitedError after too many failures for this name or address.
    """
    by_name = f"staff name {services.vault.digest('staff', name)}"
    buckets: Buckets = {by_name: _NAME, **_of_address(services, address)}
    with services.store.begin() as session:
        _refuse_when_full(session, buckets, services.clock())
        here = select(Staff).where(Staff.name == name, Staff.removed_at.is_(None))
        row = session.scalar(here)
    # Slow on purpose, so outside of any transaction.
    known = credentials.password_matches(row.password if row else None, password)
    now = services.clock()
    with services.store.begin() as session:
        limits.queue_up(session, buckets, now)
        _refuse_when_full(session, buckets, now)
        if row and known and _use_code(services, session, row, code, now):
            limits.clear(session, [by_name])
            note(services, session, Kind.STAFF_SIGNED_IN, now, actor=member_of(row).actor)
            return _open(session, row, now, instead_of)
        limits.count(session, buckets, now)
        if row:
            who = member_of(row).actor
            note(services, session, Kind.STAFF_NOT_SIGNED_IN, now, actor=who)
    log.warning("staff sign-in failed", staff=row.id if row else None)
    raise NotSignedInError


def look_up(session: Session, token: str, now: datetime) -> Member | None:
    """Whose token it is, with the role they have now; None when unknown, ended or too old."""
    found = session.execute(
        select(StaffSignIn, Staff)
        .join(Staff, Staff.id == StaffSignIn.staff_id)
        .where(
            StaffSignIn.token_hash == token_hash(token),
            StaffSignIn.seen_at > now - IDLE,
            StaffSignIn.created_at > now - ABSOLUTE,
        )
    ).one_or_none()
    if found is None:
        return None
    signed_in, row = found
    if now - signed_in.seen_at >= _SEEN_EVERY:
        signed_in.seen_at = now
    return member_of(row)


def sign_out(session: Session, token: str) -> None:
    session.execute(delete(StaffSignIn).where(StaffSignIn.token_hash == token_hash(token)))


def prune(session: Session, now: datetime) -> None:
    """Delete the sign-ins that are over by age."""
    session.execute(delete(StaffSignIn).where(StaffSignIn.created_at <= now - ABSOLUTE))


def _of_address(services: Services, address: str) -> Buckets:
    digest = services.vault.digest("address", rates.network(address))
    return {f"staff address {digest}": _ADDRESS}


def _refuse_when_full(session: Session, buckets: Buckets, now: datetime) -> None:
    if full := limits.reached(session, buckets, now):
        raise full


def _use_code(services: Services, session: Session, row: Staff, code: str, now: datetime) -> bool:
    """Whether the second factor is right; a right one is used up by that, for everybody."""
    step = credentials.matching_step(totp_secret(services, row), code, now)
    if step is not None:
        # Whoever was reset or removed since the row was read does not come in by it.
        same = (Staff.id == row.id, Staff.totp == row.totp, Staff.removed_at.is_(None))
        fresh = update(Staff).where(*same, Staff.totp_step < step)
        return session.scalar(fresh.values(totp_step=step).returning(Staff.id)) is not None
    mine = (RecoveryCode.digest == recovery_digest(services, code), RecoveryCode.staff_id == row.id)
    used = delete(RecoveryCode).where(*mine).returning(RecoveryCode.digest)
    return session.scalar(used) is not None


def _open(session: Session, row: Staff, now: datetime, instead_of: str | None) -> str:
    if instead_of:
        sign_out(session, instead_of)
    token = secrets.token_urlsafe(32)
    session.add(
        StaffSignIn(token_hash=token_hash(token), staff_id=row.id, created_at=now, seen_at=now)
    )
    return token
