"""Who was erased, outside both databases: a restored backup must not bring anybody back.

One sealed line each in the witness folder, written once the account system's result was checked
and before the closure is closed. A line dies with the oldest backup that could still be restored.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime

from portal.accounts.system import Scope
from portal.closure.access import closing_scope
from portal.services import Services
from portal.store.tables import Closure


@dataclass(frozen=True)
class Erased:
    """Somebody who was erased, and the closure by which it was done."""

    reference: str
    id: str
    journey_id: str
    notice_version: str
    shared_jobs_too: bool
    submitted_at: datetime
    erase_at: datetime
    promise_at: datetime
    scope: Scope


_INSTANTS = ("submitted_at", "erase_at", "promise_at")
_PLAIN = ("reference", "id", "journey_id", "notice_version", "shared_jobs_too", *_INSTANTS)


def note(services: Services, closure: Closure) -> None:
    """Add the closure's line; twice does no harm. Raises OSError."""
    scope = asdict(closing_scope(closure))
    sealed = services.vault.close_json(_place(closure.reference), scope)
    line = {name: getattr(closure, name) for name in _PLAIN}
    line |= {"at": services.clock(), "sealed": b64encode(sealed).decode()}
    services.witness.erased.add(json.dumps(line, default=datetime.isoformat))


def last_reference(services: Services) -> str | None:
    """Whose line is the last one. Raises OSError."""
    line = services.witness.erased.last()
    return None if line is None else str(json.loads(line)["reference"])


def everybody(services: Services) -> Iterator[Erased]:
    """Everybody on the list, the first one first. Raises OSError, SealBrokenError."""
    for line in services.witness.erased:
        entry = json.loads(line)
        place = _place(entry["reference"])
        kept = services.vault.open_json(place, b64decode(entry["sealed"]))
        scope = Scope(kept["account_id"], tuple(kept["identity_ids"]), kept["whole"])
        plain = {name: entry[name] for name in _PLAIN}
        instants = {name: datetime.fromisoformat(entry[name]) for name in _INSTANTS}
        yield Erased(**(plain | instants), scope=scope)


def forget(services: Services) -> None:
    """Drop the lines that no backup has any use for any more. Raises OSError."""
    oldest = services.clock() - services.settings.backups_kept
    first = next(iter(services.witness.erased), None)
    if first is not None and _at(first) <= oldest:
        services.witness.erased.keep(lambda line: _at(line) > oldest)


def _at(line: str) -> datetime:
    return datetime.fromisoformat(json.loads(line)["at"])


def _place(reference: str) -> str:
    return f"erased:{reference}"
