"""Cases for the tests: asked for, followed, and vouched for."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import select

from portal.accounts.sample.cast import Person
from portal.closure import vouching
from portal.closure.consent import Vouched
from portal.helpdesk import asking, following
from portal.helpdesk.asking import Asked, Drawn, Wish
from portal.helpdesk.conversation import Conversation, Reach
from portal.helpdesk.topics import Topic
from portal.identity.sign_in import Visitor
from portal.services import Services
from portal.staffroom import proposals
from portal.staffroom.members import Member
from portal.staffroom.proposals import Proposed
from portal.store.tables import Event, HelpCase

ADDRESS = "192.0.2.7"
SENTINEL = "SENTINEL-求助的内容-81722"
CONTACT = "SENTINEL-81722@example.com"
FIRST, SECOND = "staff:first", "staff:second"


def wish(
    topic: Topic = Topic.LOST_PHONE,
    text: str = SENTINEL,
    number: str | None = "+8619900000001",
    reach: Reach = Reach.MAIL,
    contact: str = CONTACT,
) -> Wish:
    return Wish(topic, text, reach, contact, number)


def asked(
    services: Services,
    visitors: Sequence[Visitor] = (),
    drawn: Drawn | None = None,
    *,
    topic: Topic = Topic.LOST_PHONE,
    text: str = SENTINEL,
    address: str = ADDRESS,
    **more: Any,
) -> Asked:
    wished = wish(topic, text, **more)
    return asking.ask(services, drawn or asking.draw(), wished, visitors, address)


def followed(services: Services, case: HelpCase) -> Conversation:
    talk = following.follow(services, case.id)
    assert talk is not None
    return talk


def texts(services: Services, case: HelpCase) -> list[str]:
    return [word.text for word in followed(services, case).words]


def vouched_for(services: Services, case: HelpCase, person: Person) -> None:
    """Two members of staff let the case stand in for this person's code."""
    vouched = Vouched(case.reference, FIRST, SECOND, ("姓名一致", "投递记录一致"))
    with services.store.begin() as session:
        vouching.grant(session, services.vault, case.id, person.id, vouched, services.clock())


def vouches(services: Services, case: HelpCase, me: Member, person: Person) -> Proposed:
    """One member of staff proposes that the case stands in for this person's code."""
    compared, why = ("name", "applications"), "姓名和三次投递都对得上。"
    proposals.propose_vouching(services, me, case, person.id, compared, why)
    return proposals.waiting(services)[-1]


def told(services: Services, case: HelpCase) -> list[Event]:
    """What the ledger says of the case itself."""
    mine = select(Event).where(Event.journey_id == case.id).order_by(Event.seq)
    with services.store.begin() as session:
        return list(session.scalars(mine))
