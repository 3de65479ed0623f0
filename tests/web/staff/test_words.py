"""The console has a word for everything that it can be given to show."""

from enum import StrEnum
from typing import Any

import pytest

from portal.closure.brake import Cause
from portal.closure.conditions import Outcome
from portal.closure.help_ties import State as HelpState
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.evidence.ledger import Actor, Kind
from portal.messages.outbox import MessageKind
from portal.messages.outbox import State as Sent
from portal.staffroom.proposals import Kind as Proposing
from portal.staffroom.roles import Role
from portal.store import alerts, tasks
from portal.web.staff import words

OF_NO_CLOSURE = {one for one in Kind if one.startswith(("staff.", "alert."))}
"""Events that are in nobody's journey."""
TASKS_OF_NO_CLOSURE = {
    tasks.Kind.ANCHOR,
    tasks.Kind.DOWNLOAD,
    tasks.Kind.KEPT,
    tasks.Kind.MESSAGE,
    tasks.Kind.RETENTION,
}


@pytest.mark.parametrize(
    ("known", "things"),
    [
        (words.STATES, State),
        (words.REASONS, Reason),
        (words.ROLES, Role),
        (words.OUTCOMES, Outcome),
        (words.PROPOSALS, Proposing),
        (words.CAUSES, Cause),
        (words.TASKS, set(tasks.Kind) - TASKS_OF_NO_CLOSURE),
        (words.MESSAGES, MessageKind),
        (words.SENT, Sent),
        (words.ALERTS, alerts.Kind),
        (words.EVENTS, set(Kind) - OF_NO_CLOSURE),
        (words.HELP_STATES, HelpState),
        (words.ACTORS, Actor),
    ],
)
def test_everything_has_its_word(known: dict[StrEnum, Any], things: Any) -> None:
    assert set(known) == set(things)
