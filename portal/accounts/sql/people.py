"""Finding an account, its identities, and what a closure finds rows by."""

from sqlalchemy import ColumnElement, Connection, select

from portal.accounts.sample.schema.account import account, identity
from portal.accounts.sample.schema.company import company
from portal.accounts.sql.parts import Whose
from portal.accounts.sql.rows import Keys
from portal.accounts.system import Account, Identity, Role, Scope


def by_phone(connection: Connection, phone: str) -> Account | None:
    return _account(connection, account.c.phone == phone)


def by_id(connection: Connection, account_id: str) -> Account | None:
    return _account(connection, account.c.id == account_id)


def by_identity(connection: Connection, identity_id: str) -> Account | None:
    mine = select(identity.c.account_id).where(identity.c.id == identity_id)
    return _account(connection, account.c.id.in_(mine))


def _account(connection: Connection, which: ColumnElement[bool]) -> Account | None:
    open_ones = select(account.c.id, account.c.phone).where(which, account.c.closed_at.is_(None))
    found = connection.execute(open_ones).one_or_none()
    return found and Account(found.id, found.phone, identities(connection, found.id))


def identities(connection: Connection, account_id: str) -> tuple[Identity, ...]:
    """The account's identities, oldest first."""
    mine = (
        select(identity.c.id, identity.c.role, company.c.name)
        .outerjoin(company, company.c.id == identity.c.company_id)
        .where(identity.c.account_id == account_id)
        .order_by(identity.c.created_at, identity.c.id)
    )
    return tuple(Identity(row.id, Role(row.role), row.name) for row in connection.execute(mine))


def in_scope(connection: Connection, scope: Scope) -> tuple[Identity, ...]:
    """The identities that close; with the whole account also one that has come since (二.3.1)."""
    mine = identities(connection, scope.account_id)
    return mine if scope.whole else tuple(one for one in mine if one.id in scope.identity_ids)


def keys(connection: Connection, scope: Scope) -> Keys:
    """Account, number and mail only with the whole account: what its owner goes on using is no
    trace."""
    closing = in_scope(connection, scope)
    number, mail = _registered(connection, scope) if scope.whole else ([], [])
    return {
        Whose.ACCOUNT: [scope.account_id] if scope.whole else [],
        Whose.IDENTITY: [one.id for one in closing],
        Whose.SEEKER: [one.id for one in closing if one.role is Role.SEEKER],
        Whose.RECRUITER: [one.id for one in closing if one.role is Role.RECRUITER],
        Whose.NUMBER: number,
        Whose.MAIL: mail,
    }


def _registered(connection: Connection, scope: Scope) -> tuple[list[str], list[str]]:
    mine = select(account.c.phone, account.c.mail).where(account.c.id == scope.account_id)
    row = connection.execute(mine).one_or_none()
    number, mail = row or (None, None)
    return [number] if number else [], [mail] if mail else []


def masked(name: str) -> str:
    """张三 → 张*: enough for a colleague to know who is meant."""
    return f"{name[:1]}*"
