"""Walking through the flows without a page: from consent to a submitted closure."""

from dataclasses import dataclass

from sqlalchemy import select

from portal.accounts.sample.cast import Person
from portal.accounts.system import Account
from portal.closure import consent, verify
from portal.closure import journey as walk
from portal.closure.submit import submit
from portal.closure.verify import Verified
from portal.identity import sign_in
from portal.identity.sign_in import Visitor
from portal.jobs.run import run_task
from portal.messages.texts import Purpose
from portal.services import Services
from portal.store.tables import Closure, Event, Journey, Task
from portal.store.tasks import Kind

ADDRESS = "192.0.2.1"
BOX = "我已阅读并同意《智联账号注销须知》（版本 %(version)s）"


@dataclass(frozen=True)
class Walked:
    """Somebody who has come to the last page and only has to submit."""

    journey: Journey
    account: Account
    visitor: Visitor

    def submit(self, services: Services) -> Closure:
        return submit(services, self.journey, self.account)


def submitted(services: Services, person: Person, side: str | None = None) -> Closure:
    """A closure of this person's, or of one side of theirs, that was just submitted."""
    return walked(services, person, side).submit(services)


def walked(
    services: Services, person: Person, side: str | None = None, visitor: Visitor | None = None
) -> Walked:
    """The whole journey but its last click; with a code, or as a visitor who gave one before."""
    token = accepted(services)
    if visitor is None:
        visitor = verified(services, person, token)
    else:
        verify.bind_signed_in(services, token, visitor)
    account = services.accounts.account(person.id)
    assert account is not None
    if side:
        walk.choose_side(services, journey_of(services, token), account, side)
    confirm(services, journey_of(services, token), account)
    return Walked(journey_of(services, token), account, visitor)


def accepted(services: Services) -> str:
    """Reads the notice and ticks the box; answers the token of the draft."""
    return consent.accept(services, consent.shown_now(services, BOX, "zh-Hans"), None, None)


def verified(services: Services, person: Person, journey_token: str | None = None) -> Visitor:
    """Asks for a code, reads the SMS, types it; answers the sign-in."""
    started = verify.request_code(services, person.phone, Purpose.CLOSE, ADDRESS, ())
    send_messages(services)
    code = services.gateway.last_code(person.phone)
    answered = verify.answer_code(services, started.challenge_id, code, journey_token, None)
    assert isinstance(answered, Verified)
    with services.store.begin() as session:
        visitor = sign_in.look_up(session, answered.token, services.clock())
    assert visitor is not None
    return visitor


def confirm(services: Services, journey: Journey, account: Account) -> None:
    """Steps 3 and 4: the conditions and assets, then the consequences, as they are now."""
    facts = walk.read_facts(services, journey, account)
    seen = walk.assets_digest(services, journey, facts)
    walk.confirm_conditions(services, journey, facts, seen)
    shown = walk.snapshot(services, facts, walk.read_holdings(services, facts))
    walk.confirm_consequences(services, journey, shown)


def journey_of(services: Services, token: str) -> Journey:
    with services.store.begin() as session:
        found = consent.find(session, token, services.clock())
    assert found is not None
    return found


def send_messages(services: Services) -> None:
    """Send what waits to be sent, and do nothing else."""
    work_on(services, Kind.MESSAGE)


def work_on(services: Services, *kinds: Kind) -> None:
    """Do the due tasks of these kinds once, and nothing else."""
    for task in tasks_of(services, *kinds):
        run_task(services, task.id)


def tasks_of(services: Services, *kinds: Kind, subject: str | None = None) -> list[Task]:
    """The tasks on the list, of these kinds or of all."""
    query = select(Task).where(Task.kind.in_(kinds or tuple(Kind)))
    if subject:
        query = query.where(Task.subject == subject)
    with services.store.begin() as session:
        return list(session.scalars(query.order_by(Task.kind)))


def reload(services: Services, closure: Closure) -> Closure:
    """The closure as it is now."""
    with services.store.begin() as session:
        return session.get_one(Closure, closure.id)


def events_of(services: Services, of: Closure | Journey) -> list[Event]:
    """What the ledger tells of the journey, or of the closure it became, in order."""
    journey_id = of.journey_id if isinstance(of, Closure) else of.id
    mine = select(Event).where(Event.journey_id == journey_id).order_by(Event.seq)
    with services.store.begin() as session:
        return list(session.scalars(mine))
