"""The facts behind the six conditions (一.2), read from the tables."""

from collections.abc import Iterator, Sequence
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, Table, or_, select

from portal.accounts.sample.schema.account import (
    ACTIVE,
    OFFICIAL_CHANNELS,
    account,
    freeze,
    penalty,
    security_event,
)
from portal.accounts.sample.schema.desk import complaint
from portal.accounts.sample.schema.money import PROVIDED, debt, entitlement, service_order
from portal.accounts.sql import people
from portal.accounts.system import (
    Asset,
    Debt,
    Dispute,
    DisputeKind,
    Penalty,
    Scope,
    SecurityEvent,
    Standing,
    UnpaidOrder,
)

LOOK_BACK = timedelta(days=366)
DISPUTE = "dispute"
CLOSURE = "closure:"
"""Owners of freezes. Every other owner sanctions: its freeze counts as a penalty."""


def standing(connection: Connection, scope: Scope, now: datetime) -> Standing:
    who = scope.account_id
    ids = [one.id for one in people.in_scope(connection, scope)]
    channel = connection.scalar(select(account.c.channel).where(account.c.id == who))
    return Standing(
        official=channel in OFFICIAL_CHANNELS,
        debts=_debts(connection, who),
        assets=assets(connection, ids, now),
        unpaid_orders=_unpaid(connection, scope, ids),
        disputes=(*_complaints(connection, ids), *_dispute_freezes(connection, who, ids)),
        security_events=_security_events(connection, who, now - LOOK_BACK),
        penalties=(*_penalties(connection, who, ids), *_penalty_freezes(connection, who, ids)),
    )


def assets(connection: Connection, ids: Sequence[str], now: datetime) -> tuple[Asset, ...]:
    """What the identities have not used up and what has not run out."""
    unspent = (
        select(entitlement)
        .where(
            entitlement.c.identity_id.in_(ids),
            entitlement.c.status == ACTIVE,
            entitlement.c.quantity > 0,
            or_(entitlement.c.expires_at.is_(None), entitlement.c.expires_at > now),
        )
        .order_by(entitlement.c.id)
    )
    return tuple(
        Asset(row.identity_id, row.name, row.quantity, row.unit)
        for row in connection.execute(unspent)
    )


def _debts(connection: Connection, who: str) -> tuple[Debt, ...]:
    owed = select(debt.c.what, debt.c.fen).where(
        debt.c.account_id == who, debt.c.settled_at.is_(None)
    )
    return tuple(Debt(row.what, row.fen) for row in connection.execute(owed))


def _unpaid(connection: Connection, scope: Scope, ids: Sequence[str]) -> tuple[UnpaidOrder, ...]:
    """Provided and not paid; an order that was given up before anything was provided is none.

    一.2.3 speaks of the account: what it ordered for no identity in particular counts always.
    """
    order = service_order.c
    mine = order.account_id == scope.account_id
    if not scope.whole:
        mine &= order.identity_id.is_(None)
    provided = select(service_order).where(
        order.identity_id.in_(ids) | mine, order.status == PROVIDED
    )
    return tuple(UnpaidOrder(row.number, row.what, row.fen) for row in connection.execute(provided))


def _complaints(connection: Connection, ids: Sequence[str]) -> Iterator[Dispute]:
    sides = {
        DisputeKind.COMPLAINANT: complaint.c.complainant_id,
        DisputeKind.RESPONDENT: complaint.c.respondent_id,
    }
    for kind, side in sides.items():
        open_ones = select(complaint).where(side.in_(ids), complaint.c.settled_at.is_(None))
        for row in connection.execute(open_ones):
            yield Dispute(kind, row.number, row.opened_at)


def _dispute_freezes(connection: Connection, who: str, ids: Sequence[str]) -> Iterator[Dispute]:
    frozen = select(freeze).where(_against(freeze, who, ids), freeze.c.owner == DISPUTE)
    for row in connection.execute(frozen.where(freeze.c.lifted_at.is_(None))):
        yield Dispute(DisputeKind.FREEZE, f"DJ{row.id:06}", row.since)


def _security_events(
    connection: Connection, who: str, since: datetime
) -> tuple[SecurityEvent, ...]:
    event = security_event.c
    suspicious = (
        select(event.what, event.at)
        .where(event.account_id == who, event.suspicious, event.at >= since)
        .order_by(event.at.desc())
    )
    return tuple(SecurityEvent(row.what, row.at) for row in connection.execute(suspicious))


def _penalties(connection: Connection, who: str, ids: Sequence[str]) -> Iterator[Penalty]:
    unsettled = select(penalty).where(_against(penalty, who, ids), penalty.c.settled_at.is_(None))
    for row in connection.execute(unsettled):
        yield Penalty(row.what, row.since)


def _penalty_freezes(connection: Connection, who: str, ids: Sequence[str]) -> Iterator[Penalty]:
    sanctions = (freeze.c.owner != DISPUTE) & ~freeze.c.owner.startswith(CLOSURE)
    frozen = select(freeze).where(_against(freeze, who, ids), sanctions)
    for row in connection.execute(frozen.where(freeze.c.lifted_at.is_(None))):
        yield Penalty(row.reason, row.since)


def _against(table: Table, who: str, ids: Sequence[str]) -> ColumnElement[bool]:
    """Of the account, or of one of these identities."""
    return or_(table.c.account_id == who, table.c.identity_id.in_(ids))
