"""Everything a reviewer decides by, on one page; every look at it is told to the ledger."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from portal.accounts.system import Account, AccountSystemUnavailableError
from portal.closure import waiver
from portal.closure.access import closing_scope
from portal.closure.conditions import Condition, judge
from portal.closure.lifecycle import by_reference
from portal.closure.telling import tell
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.evidence.ledger import Kind, read
from portal.services import Services
from portal.staffroom import members
from portal.staffroom.members import Member
from portal.staffroom.search import cases_of
from portal.store.tables import Closure, ErasureStep, Event, HelpCase, Message, Task

_EVENTS, _LOOKS = 500, 50
"""The newest of each kind; far more than a case has, and a bound all the same."""


@dataclass(frozen=True)
class Told:
    """One event, with what was sealed of the person's business while its key lives."""

    kind: str
    at: datetime
    actor: str
    facts: dict[str, Any]
    business: dict[str, Any]


@dataclass(frozen=True)
class Upstream:
    """What the account system says now."""

    account: Account | None
    conditions: tuple[Condition, ...]
    known: bool
    """False while it gives no answer."""


@dataclass(frozen=True)
class Case:
    closure: Closure
    story: tuple[Told, ...]
    """Everything that happened, but for the looks."""
    looks: tuple[Told, ...]
    """Who looked, this time included."""
    upstream: Upstream
    waived_until: datetime | None
    steps: tuple[ErasureStep, ...]
    tasks: tuple[Task, ...]
    messages: tuple[Message, ...]
    helps: tuple[HelpCase, ...]
    """What its owner has asked for; nothing of them is opened."""
    names: dict[str, str]
    """What to call each member of staff, by actor."""

    def last(self, kind: Kind) -> Told | None:
        """The newest event of a kind."""
        return next((one for one in reversed(self.story) if one.kind == kind), None)


def look(services: Services, me: Member, reference: str) -> Case | None:
    """The case, looked at by this member of staff now; None for an unknown reference."""
    now = services.clock()
    with services.store.begin() as session:
        closure = by_reference(session, reference)
        if closure is None:
            return None
        tell(services, session, closure, Kind.LOOKED, now, actor=me.actor)
        story = _events(services, session, closure, Event.kind != Kind.LOOKED, _EVENTS)
        looks = _events(services, session, closure, Event.kind == Kind.LOOKED, _LOOKS)
        steps = select(ErasureStep).where(ErasureStep.closure_id == closure.id)
        tasks = select(Task).where(Task.subject == closure.id)
        messages = select(Message).where(Message.closure_id == closure.id)
        found = (
            tuple(session.scalars(steps.order_by(ErasureStep.position))),
            tuple(session.scalars(tasks.order_by(Task.kind))),
            tuple(session.scalars(messages.order_by(Message.created_at))),
            cases_of(services, session, closure.account_id) if closure.account_id else (),
            members.names(session),
        )
    waived = waiver.until(services, closure.account_id) if closure.account_id else None
    return Case(closure, story, looks, _upstream(services, closure, waived), waived, *found)


def find(services: Services, reference: str) -> Closure | None:
    """The closure alone, for acting on it: nothing of the person is shown."""
    with services.store.begin() as session:
        return by_reference(session, reference)


def _events(
    services: Services, session: Session, closure: Closure, wanted: ColumnElement[bool], most: int
) -> tuple[Told, ...]:
    mine = select(Event).where(Event.journey_id == closure.journey_id, wanted)
    newest = session.scalars(mine.order_by(Event.seq.desc()).limit(most)).all()
    return tuple(
        Told(one.kind, one.at, one.actor, one.facts, _business(services, session, one))
        for one in reversed(newest)
    )


def _business(services: Services, session: Session, event: Event) -> dict[str, Any]:
    try:
        return dict(read(session, services.vault, event, Purpose.BUSINESS) or {})
    except KeyDestroyedError:
        return {}


def _upstream(services: Services, closure: Closure, waived: datetime | None) -> Upstream:
    now = services.clock()
    if closure.account_id is None:
        return Upstream(None, (), known=True)
    try:
        account = services.accounts.account(closure.account_id)
        standing = services.accounts.standing(closing_scope(closure)) if account else None
    except AccountSystemUnavailableError:
        return Upstream(None, judge(None, now), known=False)
    return Upstream(account, judge(standing, now, waived) if account else (), known=True)
