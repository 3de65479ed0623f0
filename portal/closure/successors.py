"""Telling a colleague that somebody who leaves has named them (二.3.2): once for each closure.

Named, withdrawn and named again is still once; what was never sent does not count.
"""

import uuid
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import Select, delete, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from portal.closure import news
from portal.closure.lifecycle import RESTORABLE
from portal.identity import limits, rates
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store.tables import Closure, HandoverOffer, HandoverTold, Message


def tell(services: Services, session: Session, closure: Closure, now: datetime) -> list[str]:
    """Put an SMS in the outbox for everybody whom this open closure names and who was not told
    yet; answer the tasks to ring for.

    Past a limit nobody is told: the names count all the same, and stand at the desk.
    """
    limited = {
        to: rates.successors(services.vault, closure.id, to)
        for to in _named(session, closure.identity_ids)
    }
    if not limited:
        return []
    limits.queue_up(session, {name for buckets in limited.values() for name in buckets}, now)
    tasks = []
    for to, buckets in limited.items():
        if limits.reached(session, buckets, now) or not (told := _note(session, closure, to)):
            continue
        limits.count(session, buckets, now)
        kind, facts = MessageKind.SUCCESSOR, {"told": told}
        tasks.append(news.announce(services, session, closure, kind, now, facts))
    return tasks


def _named(session: Session, leaving: Sequence[str]) -> Sequence[str]:
    named = _offers(leaving).with_only_columns(HandoverOffer.to_id).distinct()
    return session.scalars(named.order_by(HandoverOffer.to_id)).all()


def _offers(leaving: Sequence[str]) -> Select[HandoverOffer]:
    return select(HandoverOffer).where(HandoverOffer.identity_id.in_(leaving))


def _note(session: Session, closure: Closure, to: str) -> str | None:
    """The id of the note that this colleague is told; None where there is one already."""
    insert = sqlite.insert if session.get_bind().dialect.name == "sqlite" else postgresql.insert
    note = insert(HandoverTold).values(id=uuid.uuid4().hex, closure_id=closure.id, to_id=to)
    once = note.on_conflict_do_nothing(index_elements=["closure_id", "to_id"])
    return session.scalar(once.returning(HandoverTold.id))


def phone(services: Services, message: Message, closure: Closure) -> str | None:
    """The colleague's number; None where nothing waits for their answer any more.

    Raises AccountSystemUnavailableError.
    """
    with services.store.begin() as session:
        told = session.get(HandoverTold, message.facts["told"])
        named = _offers(closure.identity_ids)
        offers = (
            session.scalars(named.where(HandoverOffer.to_id == told.to_id)).all() if told else ()
        )
    if told is None or closure.state not in RESTORABLE or not _wait(services, offers):
        return None
    account = services.accounts.owner(told.to_id)
    works = account and {one.identity_id for one in services.accounts.posts(account.id)}
    return account.phone if account and works and told.to_id in works else None


def _wait(services: Services, offers: Sequence[HandoverOffer]) -> bool:
    """Whether one of these is still free: nobody was given it meanwhile."""
    free = {
        (leaver, item.kind, item.key)
        for leaver in {offer.identity_id for offer in offers}
        for item in services.accounts.estate(leaver).items
        if item.heir is None
    }
    return any((offer.identity_id, offer.kind, offer.key) in free for offer in offers)


def unsent(session: Session, message: Message) -> None:
    """This one is given up: whoever is named once more can be told."""
    session.execute(delete(HandoverTold).where(HandoverTold.id == message.facts["told"]))


def forget(session: Session, closure_id: str) -> None:
    """The closure has ended."""
    session.execute(delete(HandoverTold).where(HandoverTold.closure_id == closure_id))
