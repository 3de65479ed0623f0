"""Before the erasure a recruiter names who shall have what they leave (二.3.2).

Possible as soon as the person is known, and until erasing begins; a name has an effect only once
the colleague, or somebody in charge of the company, has accepted while the closure is open.
"""

import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from portal.accounts.system import Account, Estate, Item, Left, Member, Role
from portal.closure import successors
from portal.closure.lifecycle import OPEN, RESTORABLE, open_of
from portal.evidence.ledger import Actor, Kind
from portal.handover.telling import tell_journey
from portal.services import Services
from portal.store.tables import Closure, HandoverOffer, Journey

Things = Mapping[tuple[str, str], HandoverOffer]
"""Offers by kind and key of their item."""


@dataclass(frozen=True)
class Leaving:
    """What one recruiter identity would leave, to whom it may go, and what was named already."""

    identity_id: str
    company: str
    estate: Estate
    colleagues: tuple[Member, ...]
    offers: Things

    def named(self, item: Item) -> str | None:
        """The masked name of who is to have it, and has not accepted yet."""
        offer = self.offers.get((item.kind, item.key))
        names = {one.identity_id: one.name for one in self.colleagues}
        return names.get(offer.to_id) if offer and item.heir is None else None


def leaving(services: Services, account: Account, journey: Journey | None) -> list[Leaving]:
    """By recruiter identity that is closing, or would close by this journey; nothing once erasing
    has begun."""
    with services.store.begin() as session:
        closure = open_of(session, account.id)
    if closure is None and (journey is None or journey.account_id != account.id):
        return []
    if closure and closure.state not in RESTORABLE:
        return []
    closing = _closing(account, closure, journey)
    found = []
    for one in account.identities:
        if one.role is Role.RECRUITER and one.id in closing:
            estate, others = services.accounts.estate(one.id), services.accounts.colleagues(one.id)
            found.append(
                Leaving(one.id, one.company or "", estate, others, offers(services, one.id))
            )
    return found


def _closing(account: Account, closure: Closure | None, journey: Journey | None) -> set[str]:
    if closure:
        return set(closure.identity_ids)
    every = {one.id for one in account.identities}
    recruits = {one.id: one.role is Role.RECRUITER for one in account.identities}
    side = journey.side if journey else None
    return {side} if side and recruits.get(side) else every


def offers(services: Services, identity_id: str) -> Things:
    """What this recruiter has named."""
    with services.store.begin() as session:
        mine = select(HandoverOffer).where(HandoverOffer.identity_id == identity_id)
        return {(one.kind, one.key): one for one in session.scalars(mine)}


def name(
    services: Services,
    account: Account,
    journey: Journey | None,
    leaver: Leaving,
    items: Sequence[Item],
    to: str | None,
) -> bool:
    """Name this colleague for these, or nobody (None). Answers whether it could be: erasing may
    have begun meanwhile, and the colleague may be one no more."""
    if to is not None and to not in {one.identity_id for one in leaver.colleagues}:
        return False
    free = [item for item in items if item.heir is None]
    with services.store.begin() as session:
        journey_id = _locked(session, account, journey)
        closure = open_of(session, account.id)
        if journey_id is None or not free or (closure and closure.state not in RESTORABLE):
            return False
        withdraw(session, leaver.identity_id, ((item.kind, item.key) for item in free))
        if to:
            session.add_all(
                _offer(services, account, leaver.identity_id, item, to) for item in free
            )
        kind = Kind.SUCCESSOR_NAMED if to else Kind.SUCCESSOR_WITHDRAWN
        kinds = [item.kind for item in free]
        tell_journey(services, session, kind, journey_id, kinds, Actor.PERSON)
        # Before there is a request nobody is told: submitting it does.
        now = services.clock()
        told = successors.tell(services, session, closure, now) if closure and to else []
    services.bell.ring(*told)
    return True


def _locked(session: Session, account: Account, journey: Journey | None) -> str | None:
    """The journey that is named on, held until the transaction ends: a second click, submitting
    and the end of the closure wait, or were first."""
    open_one = select(Closure.journey_id).where(
        Closure.account_id == account.id, Closure.state.in_(OPEN)
    )
    journey_id = session.scalar(open_one) or (journey.id if journey else None)
    return session.scalar(select(Journey.id).where(Journey.id == journey_id).with_for_update())


def withdraw(session: Session, identity_id: str, items: Iterable[tuple[str, str]]) -> None:
    """Drop the names for these, if they have any."""
    for kind, key in items:
        session.execute(
            delete(HandoverOffer).where(
                HandoverOffer.identity_id == identity_id,
                HandoverOffer.kind == kind,
                HandoverOffer.key == key,
            )
        )


def _offer(
    services: Services, account: Account, identity_id: str, item: Item, to: str
) -> HandoverOffer:
    return HandoverOffer(
        id=uuid.uuid4().hex,
        account_id=account.id,
        identity_id=identity_id,
        kind=item.kind,
        key=item.key,
        quantity=item.quantity if item.kind is Left.ENTITLEMENT else 1,
        to_id=to,
        at=services.clock(),
    )
