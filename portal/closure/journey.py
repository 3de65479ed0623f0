"""One person's walk: which step comes next, and what each step keeps."""

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from enum import IntEnum
from typing import Any

from sqlalchemy import update

from portal.accounts.system import (
    Account,
    Asset,
    Holdings,
    Scope,
)
from portal.closure import waiver
from portal.closure.conditions import Condition, judge, may_continue
from portal.closure.scope import only_side, scope_of
from portal.evidence import keys
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Actor, Kind, record
from portal.services import Services
from portal.store.tables import Journey
from portal.store.vault import Seal


class Stage(IntEnum):
    """What has to be done next, in the order of the journey."""

    NOTICE = 1
    VERIFY = 2
    SIDE = 3
    CONDITIONS = 4
    CONSEQUENCES = 5
    CONFIRM = 6


@dataclass(frozen=True)
class Facts:
    """Everything a page of a bound journey stands on, read together."""

    account: Account
    scope: Scope
    conditions: tuple[Condition, ...]
    assets: tuple[Asset, ...]
    checked_at: datetime


class FactsChangedError(Exception):
    """Something is no longer as it was shown: the person looks at ``stage`` again."""

    def __init__(self, stage: Stage) -> None:
        super().__init__(stage.name)
        self.stage = stage


def stage_of(journey: Journey | None, account: Account | None, version: str) -> Stage:
    """The first step not yet done, for the signed-in account and the version in force.

    A journey that somebody else began in this browser is not this account's.
    """
    if journey is None or journey.version != version:
        return Stage.NOTICE
    if account is None or journey.account_id is None:
        return Stage.VERIFY
    if journey.account_id != account.id:
        return Stage.NOTICE
    if side_of(journey, account) is None:
        return Stage.SIDE
    if journey.confirmed is None:
        return Stage.CONDITIONS
    return Stage.CONSEQUENCES if journey.consequences is None else Stage.CONFIRM


def side_of(journey: Journey, account: Account) -> str | None:
    """The chosen side; where there is only one identity there is nothing to choose."""
    if any(one.id == journey.side for one in account.identities):
        return journey.side
    return only_side(account)


def choose_side(services: Services, journey: Journey, account: Account, side: str) -> None:
    """Keep which side is to be closed; what was confirmed for another side is forgotten.

    Raises UnknownSideError.
    """
    scope_of(account, side)
    if journey.side == side:
        return
    _keep(services, journey, side=side, confirmed=None, consequences=None)


def read_facts(services: Services, journey: Journey, account: Account) -> Facts:
    """Read and judge the standing of what would be closed.

    Raises AccountSystemUnavailableError, UnknownSideError.
    """
    scope = scope_of(account, side_of(journey, account) or "")
    standing = services.accounts.standing(scope)
    now = services.clock()
    conditions = judge(standing, now, waiver.until(services, account.id))
    return Facts(account, scope, conditions, standing.assets, now)


def assets_digest(services: Services, journey: Journey, facts: Facts) -> str:
    """Names in a form, without repeating it, what would be closed and what would be given up."""
    shown = [asdict(facts.scope), [asdict(asset) for asset in facts.assets]]
    return services.vault.digest(f"assets:{journey.id}", _canonical(shown))


def agreed_digest(services: Services, journey: Journey, account: Account) -> str:
    """Names in the last form what it sums up: it confirms nothing chosen elsewhere since."""
    scope = scope_of(account, side_of(journey, account) or "")
    kept = [sealed.hex() for sealed in (journey.confirmed, journey.consequences) if sealed]
    agreed = _canonical([asdict(scope), kept, journey.accepted_at.isoformat()])
    return services.vault.digest(f"agreed:{journey.id}", agreed)


def confirm_conditions(services: Services, journey: Journey, facts: Facts, seen: str) -> None:
    """Keep that the person confirmed the conditions and the assets they saw.

    Raises FactsChangedError when the facts do not allow it or other assets were shown.
    """
    if not may_continue(facts.conditions) or seen != assets_digest(services, journey, facts):
        raise FactsChangedError(Stage.CONDITIONS)
    kept = {
        "assets": [asdict(asset) for asset in facts.assets],
        "conditions": {str(c.number): c.outcome for c in facts.conditions},
        "checked_at": facts.checked_at.isoformat(),
    }
    _keep_sealed(services, journey, "confirmed", kept, Kind.CONDITIONS_CONFIRMED, consequences=None)


def read_holdings(services: Services, facts: Facts) -> Holdings:
    """What closing this would take away, now. Raises AccountSystemUnavailableError."""
    too = services.settings.shared_jobs_too
    return services.accounts.holdings(facts.scope, shared_jobs_too=too)


def snapshot(services: Services, facts: Facts, holdings: Holdings) -> dict[str, Any]:
    """What the page of the consequences shows, as it is kept."""
    return {
        "scope": asdict(facts.scope),
        "holdings": asdict(holdings),
        "shared_jobs_too": services.settings.shared_jobs_too,
        "shown_at": services.clock().isoformat(),
    }


def confirm_consequences(services: Services, journey: Journey, shown: dict[str, Any]) -> None:
    """Keep the snapshot that the person saw; the digest in the ledger is over its ciphertext."""
    _keep_sealed(services, journey, "consequences", shown, Kind.CONSEQUENCES_SHOWN)


def confirmed(services: Services, journey: Journey) -> dict[str, Any]:
    """What the person confirmed in step 3. Raises KeyDestroyedError."""
    kept: dict[str, Any] = _opened(services, journey, "confirmed", journey.confirmed)
    return kept


def checked_at(services: Services, journey: Journey) -> datetime:
    """When the conditions that the person confirmed were read. Raises KeyDestroyedError."""
    return datetime.fromisoformat(confirmed(services, journey)["checked_at"])


def compare(services: Services, journey: Journey, facts: Facts) -> None:
    """Hold what is true now against what the person agreed to.

    Row counts may move on by themselves; assets, jobs, team, bindings and outcomes may not.
    Raises FactsChangedError and AccountSystemUnavailableError.
    """
    assets = [asdict(asset) for asset in facts.assets]
    before = confirmed(services, journey)["assets"]
    if not may_continue(facts.conditions) or _canonical(assets) != _canonical(before):
        raise FactsChangedError(Stage.CONDITIONS)
    shown = _opened(services, journey, "consequences", journey.consequences)
    present = snapshot(services, facts, read_holdings(services, facts))
    if _canonical(_essence(shown)) != _canonical(_essence(present)):
        raise FactsChangedError(Stage.CONSEQUENCES)


def _essence(shown: dict[str, Any]) -> dict[str, Any]:
    holdings = shown["holdings"]
    return {
        "scope": shown["scope"],
        "shared_jobs_too": shown["shared_jobs_too"],
        "bindings": holdings["bindings"],
        "identities": [{**one, "resumes": None} for one in holdings["identities"]],
        "categories": [{**one, "rows": None} for one in holdings["categories"]],
    }


def _opened(services: Services, journey: Journey, column: str, sealed: bytes | None) -> Any:
    with services.store.begin() as session:
        seal: Seal = keys.seal(session, services.vault, journey.id, Purpose.BUSINESS)
    return seal.open_json(f"journey.{column}:{journey.id}", sealed or b"")


def _keep_sealed(
    services: Services,
    journey: Journey,
    column: str,
    value: dict[str, Any],
    kind: Kind,
    **others: object,
) -> None:
    """Keep what the person saw or confirmed in its column, and tell the ledger in the same move."""
    with services.store.begin() as session:
        seal = keys.seal(session, services.vault, journey.id, Purpose.BUSINESS)
        sealed = seal.close_json(f"journey.{column}:{journey.id}", value)
        _update(session, journey, **{column: sealed}, **others)
        record(
            session,
            services.vault,
            at=services.clock(),
            journey_id=journey.id,
            kind=kind,
            actor=Actor.PERSON,
            business=value,
        )


def _keep(services: Services, journey: Journey, **values: object) -> None:
    with services.store.begin() as session:
        _update(session, journey, **values)


def _update(session: Any, journey: Journey, **values: object) -> None:
    # A journey that was submitted in another tab is not changed any more.
    session.execute(
        update(Journey)
        .where(Journey.id == journey.id, Journey.submitted_at.is_(None))
        .values(**values)
    )


def _canonical(value: Any) -> str:
    return json.dumps(value, sort_keys=True, ensure_ascii=False)
