"""Rows as they stand in the tables, without the walks that would make them."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import count
from typing import Any

from portal.store.tables import Closure

NUMBERS: Iterator[int] = count()


def a_closure(now: datetime, **different: Any) -> Closure:
    """A closure that was just submitted, but for what is different about it."""
    number = next(NUMBERS)
    values: dict[str, Any] = {
        "id": f"{number:032}",
        "reference": f"ZX-{number:011}",
        "journey_id": f"{number:032}",
        "state": "pending",
        "version": 1,
        "account_id": f"account {number}",
        "identity_ids": [],
        "whole": True,
        "shared_jobs_too": False,
        "notice_version": "2025V1",
        "submitted_at": now,
        "erase_at": now + timedelta(hours=108),
        "promise_at": now + timedelta(hours=120),
        "changed_at": now,
        "access_confirmed": False,
    }
    return Closure(**values | different)
