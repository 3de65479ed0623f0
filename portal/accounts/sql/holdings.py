"""What closing takes away: names and counts behind the consequences (二)."""

from collections import Counter
from datetime import datetime

from sqlalchemy import Connection, func, select

from portal.accounts.sample.schema.account import account, identity, third_party_binding
from portal.accounts.sample.schema.company import ONLINE, job, job_collaborator, membership
from portal.accounts.sample.schema.seeking import application, resume
from portal.accounts.sql import people
from portal.accounts.sql.parts import Whose
from portal.accounts.sql.planning import counts
from portal.accounts.sql.rows import Keys, Rows
from portal.accounts.sql.standing import assets
from portal.accounts.system import (
    Category,
    Holdings,
    Identity,
    IdentityHoldings,
    Job,
    Role,
    Scope,
    Team,
    TeamRole,
)


def holdings(connection: Connection, scope: Scope, rows: Rows, now: datetime) -> Holdings:
    keys = people.keys(connection, scope)
    return Holdings(
        tuple(
            _of_identity(connection, one, keys, now) for one in people.in_scope(connection, scope)
        ),
        _bindings(connection, keys),
        categories(connection, rows, keys),
    )


def categories(connection: Connection, rows: Rows, keys: Keys) -> tuple[Category, ...]:
    """Rows by category of the data map, in the map's order, counted in one statement."""
    sums = Counter[str]()
    for name, number in counts(connection, rows, keys).items():
        action = rows.actions[name]
        sums[action.part.kind.name] += 0 if action.on_disk else number
    return tuple(
        Category(kind.name, kind.label, kind.outcome, sums[kind.name], kind.basis, kind.until)
        for kind in rows.datamap.kinds
        if kind.name in sums
    )


def _of_identity(
    connection: Connection, one: Identity, keys: Keys, now: datetime
) -> IdentityHoldings:
    recruits = one.role is Role.RECRUITER
    return IdentityHoldings(
        one,
        assets(connection, [one.id], now),
        _jobs(connection, one, keys) if recruits else (),
        _team(connection, one) if recruits else None,
        _resumes(connection, one),
    )


def _resumes(connection: Connection, one: Identity) -> int:
    mine = {
        Role.SEEKER: (resume, resume.c.identity_id),
        Role.RECRUITER: (application, application.c.recruiter_id),
    }
    table, column = mine[one.role]
    return connection.scalar(select(func.count()).select_from(table).where(column == one.id)) or 0


def _jobs(connection: Connection, one: Identity, keys: Keys) -> tuple[Job, ...]:
    others = (
        select(func.count())
        .select_from(job_collaborator)
        .where(
            job_collaborator.c.job_id == job.c.id,
            job_collaborator.c.identity_id.notin_(keys[Whose.IDENTITY]),
        )
        .scalar_subquery()
    )
    online = (
        select(job.c.title, others.label("others"))
        .where(job.c.recruiter_id == one.id, job.c.status == ONLINE)
        .order_by(job.c.published_at, job.c.id)
    )
    return tuple(Job(row.title, row.others) for row in connection.execute(online))


def _team(connection: Connection, one: Identity) -> Team | None:
    """The recruiter's place, and who of the same company may take over (二.3.2)."""
    mine = connection.execute(
        select(membership).where(membership.c.identity_id == one.id)
    ).one_or_none()
    if mine is None:
        return None
    staying = connection.execute(
        select(account.c.name, membership.c.role)
        .select_from(membership.join(identity).join(account))
        .where(
            membership.c.company_id == mine.company_id,
            membership.c.identity_id != one.id,
            membership.c.role.in_([TeamRole.SUPER_ADMIN, TeamRole.ADMIN]),
            account.c.can_sign_in,
        )
        .order_by(membership.c.role.desc(), membership.c.id)
    ).all()
    alone = mine.role == TeamRole.SUPER_ADMIN and not any(
        row.role == TeamRole.SUPER_ADMIN for row in staying
    )
    return Team(TeamRole(mine.role), alone, tuple(people.masked(row.name) for row in staying))


def _bindings(connection: Connection, keys: Keys) -> tuple[str, ...]:
    bound = (
        select(third_party_binding.c.service)
        .where(third_party_binding.c.account_id.in_(keys[Whose.ACCOUNT]))
        .order_by(third_party_binding.c.bound_at)
    )
    return tuple(connection.scalars(bound))
