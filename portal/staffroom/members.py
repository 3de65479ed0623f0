"""The members of staff: added, changed and removed by an operator at the command line."""

import uuid
from dataclasses import dataclass

from sqlalchemy import delete, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from portal.evidence.ledger import Kind, StaffActor, staff
from portal.services import Services
from portal.staffroom import credentials
from portal.staffroom.roles import Role
from portal.staffroom.telling import note
from portal.store.tables import RecoveryCode, Staff, StaffSignIn


@dataclass(frozen=True)
class Member:
    """Somebody at the console, as their row says now."""

    id: str
    name: str
    role: Role | None
    """None for somebody who was removed."""

    @property
    def actor(self) -> StaffActor:
        return staff(self.id)


@dataclass(frozen=True)
class Enrolment:
    """What is shown once, and can't be had again."""

    uri: str
    recovery_codes: tuple[str, ...]


class NameTakenError(Exception):
    """Somebody has, or had, this name: the ledger names people by it."""


class UnknownMemberError(Exception):
    """Nobody of this name works here."""


def member_of(row: Staff) -> Member:
    return Member(row.id, row.name, None if row.removed_at else Role(row.role))


def add(services: Services, name: str, role: Role, password: str) -> Enrolment:
    """Somebody new. Raises NameTakenError."""
    now = services.clock()
    row = Staff(id=uuid.uuid4().hex, name=name, role=role, added_at=now)
    hashed = credentials.hash_password(password)
    try:
        with services.store.begin() as session:
            enrolment = _enrol(services, session, row, hashed)
            facts = {"staff": row.id, "role": role}
            note(services, session, Kind.STAFF_ADDED, now, facts=facts)
    except IntegrityError:
        raise NameTakenError(name) from None
    return enrolment


def reset(services: Services, name: str, password: str) -> Enrolment:
    """A new password, secret and codes; every sign-in ends. Raises UnknownMemberError."""
    now = services.clock()
    hashed = credentials.hash_password(password)
    with services.store.begin() as session:
        row = _find(session, name)
        session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == row.id))
        session.execute(delete(StaffSignIn).where(StaffSignIn.staff_id == row.id))
        facts = {"staff": row.id, "what": "credentials"}
        note(services, session, Kind.STAFF_CHANGED, now, facts=facts)
        return _enrol(services, session, row, hashed)


def change_role(services: Services, name: str, role: Role) -> None:
    """Takes effect with their next click. Raises UnknownMemberError."""
    now = services.clock()
    with services.store.begin() as session:
        row = _find(session, name)
        row.role = role
        facts = {"staff": row.id, "role": role}
        note(services, session, Kind.STAFF_CHANGED, now, facts=facts)


def remove(services: Services, name: str) -> None:
    """They may do nothing from their next click on. Raises UnknownMemberError."""
    now = services.clock()
    with services.store.begin() as session:
        row = _find(session, name)
        session.execute(update(Staff).where(Staff.id == row.id).values(removed_at=now))
        session.execute(delete(RecoveryCode).where(RecoveryCode.staff_id == row.id))
        note(services, session, Kind.STAFF_REMOVED, now, facts={"staff": row.id})


def present_code(services: Services, name: str) -> str:
    """What their authenticator shows now; for development. Raises UnknownMemberError."""
    with services.store.begin() as session:
        row = _find(session, name)
    return credentials.code_at(totp_secret(services, row), services.clock())


def everybody(session: Session) -> list[Staff]:
    return list(session.scalars(select(Staff).order_by(Staff.name)))


def names(session: Session) -> dict[str, str]:
    """What to call each member of staff, by how the ledger names them."""
    return {staff(row.id): row.name for row in everybody(session)}


def totp_secret(services: Services, row: Staff) -> str:
    return services.vault.open(_place(row), row.totp).decode()


def _find(session: Session, name: str) -> Staff:
    here = select(Staff).where(Staff.name == name, Staff.removed_at.is_(None))
    row = session.scalar(here)
    if row is None:
        raise UnknownMemberError(name)
    return row


def _enrol(services: Services, session: Session, row: Staff, hashed: str) -> Enrolment:
    secret, codes = credentials.new_secret(), credentials.new_recovery_codes()
    row.password, row.totp_step = hashed, 0
    row.totp = services.vault.close(_place(row), secret.encode())
    session.add(row)
    session.flush()
    digests = (recovery_digest(services, code) for code in codes)
    session.add_all(RecoveryCode(digest=digest, staff_id=row.id) for digest in digests)
    return Enrolment(credentials.enrolment_uri(row.name, secret), codes)


def recovery_digest(services: Services, typed: str) -> str:
    return services.vault.digest("recovery", credentials.recovery_code(typed))


def _place(row: Staff) -> str:
    return f"staff.totp:{row.id}"
