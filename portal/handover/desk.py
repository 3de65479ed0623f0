"""What a member of a company sees of what recruiters leave there, and what it does about it."""

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import delete, select, update

from portal.accounts.system import Estate, Item, Left, Member, Refused, Share, Why
from portal.evidence.ledger import Kind
from portal.handover.naming import Things, offers
from portal.handover.telling import settle, tell
from portal.services import Services
from portal.store.tables import HandoverOffer


@dataclass(frozen=True)
class Named:
    """Something that a leaving colleague has named this member for; still there, and nobody's."""

    offer_id: str
    closure: str
    leaver: str
    """Masked."""
    item: Item
    share: Share


@dataclass(frozen=True)
class Desk:
    """One company as this member may see it."""

    member: Member
    named: tuple[Named, ...]
    estates: tuple[Estate, ...]
    """Nothing for a member who is not in charge."""


def desks(services: Services, account_id: str) -> list[Desk]:
    """One for each company the account recruits for, while it is neither shut out nor leaving."""
    return [_desk(services, member) for member in services.accounts.posts(account_id)]


def _desk(services: Services, member: Member) -> Desk:
    mine = services.accounts.estates(member.identity_id) if member.hands_over else ()
    return Desk(member, tuple(named_for(services, member)), mine)


def named_for(services: Services, member: Member) -> list[Named]:
    """What waits for this member's answer: only of closures that are open."""
    with services.store.begin() as session:
        to_me = HandoverOffer.to_id == member.identity_id
        waiting = session.scalars(select(HandoverOffer).where(to_me)).all()
    estates = {one: services.accounts.estate(one) for one in {o.identity_id for o in waiting}}
    return [
        named
        for offer in waiting
        if (named := _named(offer, estates[offer.identity_id])) is not None
    ]


def _named(offer: HandoverOffer, estate: Estate) -> Named | None:
    found = (
        item
        for item in estate.items
        if (item.kind, item.key, item.heir) == (offer.kind, offer.key, None)
    )
    item = next(found, None)
    if item is None or estate.closure is None:
        return None
    quantity = offer.quantity if item.kind is Left.ENTITLEMENT else None
    share = Share(item.kind, item.key, quantity)
    return Named(offer.id, estate.closure, estate.name or "", item, share)


def wishes(services: Services, estate: Estate) -> Things:
    """Whom the leaver has named, for those in charge."""
    return offers(services, estate.identity_id) if estate.identity_id else {}


def hand_over(
    services: Services, member: Member, estate: Estate, shares: Sequence[Share], to: str
) -> tuple[Refused, ...]:
    """Give these to a member of the company; answers what could not be given.

    Asked again (a second click) it is no refusal. Raises NotAllowedError.
    """
    return _give(services, member, estate.closure, shares, to)


def _give(
    services: Services,
    member: Member,
    closure: str | None,
    shares: Sequence[Share],
    to: str,
    *,
    named: bool = False,
) -> tuple[Refused, ...]:
    refused = services.accounts.hand_over(member.identity_id, closure, shares, to, named=named)
    settle(services)
    return tuple(one for one in refused if not _has_it(one, to))


def _has_it(refused: Refused, to: str) -> bool:
    return refused.heir is not None and refused.heir.identity_id == to


def take_back(services: Services, member: Member, estate: Estate, shares: Sequence[Share]) -> bool:
    """Undo; answers whether there was anything that could be. Raises NotAllowedError."""
    back = services.accounts.take_back(member.identity_id, estate.closure, shares)
    settle(services)
    return back > 0


def accept(services: Services, member: Member, offer_ids: Sequence[str]) -> tuple[Refused, ...]:
    """Accept what was named for this member; answers what could not be had, and why.

    What there is less of by now stays named, for as much as there is. Raises NotAllowedError.
    """
    wanted = [one for one in named_for(services, member) if one.offer_id in offer_ids]
    refused: list[Refused] = []
    for closure in dict.fromkeys(one.closure for one in wanted):
        of_one = [one for one in wanted if one.closure == closure]
        shares, me = [one.share for one in of_one], member.identity_id
        missed = _give(services, member, closure, shares, me, named=True)
        _settle(services, of_one, missed)
        refused += missed
    return tuple(refused)


def _settle(services: Services, asked: Sequence[Named], missed: Sequence[Refused]) -> None:
    less = {one.share: one.left for one in missed if one.why is Why.LESS}
    with services.store.begin() as session:
        for one in asked:
            mine = HandoverOffer.id == one.offer_id
            if one.share in less:
                now = update(HandoverOffer).where(mine).values(quantity=less[one.share])
                session.execute(now)
            else:
                session.execute(delete(HandoverOffer).where(mine))


def decline(services: Services, member: Member, offer_ids: Sequence[str]) -> int:
    """Say no; it stays free for others. Answers how many."""
    declined = [one for one in named_for(services, member) if one.offer_id in offer_ids]
    if declined:
        with services.store.begin() as session:
            mine = HandoverOffer.id.in_([one.offer_id for one in declined])
            session.execute(delete(HandoverOffer).where(mine))
            for closure in {one.closure for one in declined}:
                kinds = [one.item.kind for one in declined if one.closure == closure]
                tell(services, session, Kind.SUCCESSOR_DECLINED, closure, kinds)
    return len(declined)
