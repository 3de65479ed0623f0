"""What happens in the sample account system meanwhile, and what it looks like there."""

from typing import Any

from sqlalchemy import delete, insert, select, update

from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema.account import (
    FROZEN,
    account,
    freeze,
    identity,
    penalty,
    security_event,
)
from portal.accounts.sample.schema.company import ONLINE, job
from portal.accounts.sample.schema.desk import complaint
from portal.accounts.sample.schema.money import PROVIDED, debt, entitlement, service_order
from portal.accounts.sample.schema.seeking import search_record
from portal.services import Services


def run(services: Services, statement: Any) -> Any:
    """The first value a statement answers, if it answers any."""
    with services.accounts._engine.begin() as connection:
        result = connection.execute(statement)
        return result.scalar() if result.returns_rows else None


def can_sign_in(services: Services, person: Person) -> bool:
    return bool(run(services, select(account.c.can_sign_in).where(account.c.id == person.id)))


def is_closed(services: Services, person: Person) -> bool:
    query = select(account.c.closed_at).where(account.c.id == person.id)
    return run(services, query) is not None


def has_identity(services: Services, identity_id: str) -> bool:
    return run(services, select(identity.c.id).where(identity.c.id == identity_id)) is not None


def is_frozen(services: Services, identity_id: str) -> bool:
    status = run(services, select(identity.c.status).where(identity.c.id == identity_id))
    return bool(status == FROZEN)


def complain_about(services: Services, person: Person) -> None:
    """Somebody complains about this seeker; the complaint is open."""
    values = {"number": "TS202600009999", "respondent_id": person.seeker_id, "subject": "言语不当"}
    run(services, insert(complaint).values(**values, opened_at=services.clock()))


def settle_complaints(services: Services, person: Person) -> None:
    mine = update(complaint).where(complaint.c.respondent_id == person.seeker_id)
    run(services, mine.values(settled_at=services.clock()))


def owe(services: Services, person: Person) -> None:
    values = {"account_id": person.id, "what": "服务费", "fen": 100, "since": services.clock()}
    run(services, insert(debt).values(**values))


def use_up_assets(services: Services, identity_id: str) -> None:
    run(services, delete(entitlement).where(entitlement.c.identity_id == identity_id))


def advertise(services: Services, identity_id: str, company_id: int) -> None:
    """The recruiter puts one more job online."""
    values = {"company_id": company_id, "recruiter_id": identity_id, "title": "新职位"}
    run(services, insert(job).values(**values, status=ONLINE, published_at=services.clock()))


def dispute(services: Services, person: Person) -> None:
    """Somebody other than the closure freezes the account."""
    values = {"account_id": person.id, "owner": "dispute", "reason": "交易争议核查中"}
    run(services, insert(freeze).values(**values, since=services.clock()))


def search(services: Services, person: Person) -> None:
    """One more row of a kind that the person has many of."""
    values = {"identity_id": person.seeker_id, "words": "工程师", "searched_at": services.clock()}
    run(services, insert(search_record).values(**values))


def suspect(services: Services, person: Person) -> None:
    """A suspicious sign-in a moment ago."""
    values = {"account_id": person.id, "what": "异地登录", "suspicious": True}
    run(services, insert(security_event).values(**values, at=services.clock()))


def punish(services: Services, person: Person) -> None:
    values = {"account_id": person.id, "what": "限制发布"}
    run(services, insert(penalty).values(**values, since=services.clock()))


def leave_unpaid(services: Services, person: Person) -> None:
    """A service that was provided and is not paid."""
    order = {"number": "ZL9999", "account_id": person.id, "identity_id": person.seeker_id}
    what = {"what": "面试辅导服务", "fen": 100, "status": PROVIDED}
    run(services, insert(service_order).values(**order, **what, ordered_at=services.clock()))


def hand_over_identity(services: Services, identity_id: str, to: Person) -> None:
    """The identity is another account's from now on."""
    mine = update(identity).where(identity.c.id == identity_id)
    run(services, mine.values(account_id=to.id))
