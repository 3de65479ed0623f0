"""What one reviewer may do alone. Each act carries the version of the closure it was decided on:
of two reviewers who decide at once, the slower one is told who was faster and nothing is done.
"""

from dataclasses import asdict, dataclass
from datetime import date, datetime, time, timedelta

from portal.clock import SHANGHAI
from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.telling import tell
from portal.evidence.ledger import Facts, Kind
from portal.services import Services
from portal.staffroom.members import Member
from portal.staffroom.overtaken import or_overtaken
from portal.staffroom.telling import note
from portal.store import alerts, tasks
from portal.store.tables import Closure


@dataclass(frozen=True)
class Grounds:
    """Why a closure is held or refused, as the reviewer wrote it."""

    public: str = ""
    """What the person reads; empty for the reason's own words."""
    internal: str = ""
    basis: str = ""
    """The rule or document it stands on."""
    source: str = ""
    """Where it comes from."""


class SecondPersonNeededError(Exception):
    """Nobody may do this alone."""


class PublicTextFixedError(Exception):
    """For an authority the person reads the notice's general words and nothing else (三.5)."""


def hold(
    services: Services,
    me: Member,
    closure: Closure,
    version: int,
    reason: Reason,
    grounds: Grounds,
    review_on: date,
) -> None:
    """Hold until something is settled; it must be looked at again on the day at the latest.

    Raises OvertakenError and PublicTextFixedError.
    """
    business = {**_business(reason, grounds), "review_on": review_on.isoformat()}
    same, late = Closure.version == version, end_of(review_on)
    with or_overtaken(services, closure):
        holding.hold(services, closure.id, reason, me.actor, business, same, review_by=late)


def resume(services: Services, me: Member, closure: Closure, version: int, why: str) -> None:
    """Let it go on. Raises OvertakenError and SecondPersonNeededError."""
    if closure.hold_reason == Reason.AUTHORITY:
        raise SecondPersonNeededError
    unchanged = (Closure.version == version, Closure.hold_reason != Reason.AUTHORITY)
    with or_overtaken(services, closure):
        holding.resume(services, closure.id, me.actor, {"internal": why}, *unchanged)


def refuse(
    services: Services,
    me: Member,
    closure: Closure,
    version: int,
    reason: Reason,
    grounds: Grounds,
) -> None:
    """End it; the account opens again. Raises OvertakenError and PublicTextFixedError."""
    business, same = _business(reason, grounds), Closure.version == version
    with or_overtaken(services, closure):
        holding.refuse(services, closure.id, reason, me.actor, business, same)


def hasten(services: Services, me: Member, closure: Closure, kind: tasks.Kind) -> bool:
    """Try a failed task again now; answer whether one was waiting.

    It erases nothing early: the task itself looks whether its time has come.
    """
    now = services.clock()
    with services.store.begin() as session:
        task = tasks.hasten(session, kind, closure.id, now)
        if task:
            facts = {"task": kind}
            tell(services, session, closure, Kind.HASTENED, now, actor=me.actor, facts=facts)
    if task:
        services.bell.ring(task)
    return task is not None


def acknowledge(services: Services, me: Member, alert_id: int) -> bool:
    """Take an alert as seen; answer whether it was still open."""
    now = services.clock()
    with services.store.begin() as session:
        seen = alerts.acknowledge(session, alert_id, me.actor, now)
        if seen:
            facts = {"alert": alert_id}
            note(services, session, Kind.ACKNOWLEDGED, now, actor=me.actor, facts=facts)
    return seen


def end_of(day: date) -> datetime:
    """The instant at which this day is over, in Shanghai."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def _business(reason: Reason, grounds: Grounds) -> Facts:
    if reason is Reason.AUTHORITY and grounds.public:
        raise PublicTextFixedError
    return {key: text for key, text in asdict(grounds).items() if text}
