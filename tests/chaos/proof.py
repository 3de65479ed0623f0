"""What must be true after the storm, whatever happened in it."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Engine, create_engine, select

from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import account
from portal.closure.lifecycle import OPEN, State
from portal.evidence.keys import Purpose
from portal.evidence.ledger import Kind, event_hash
from portal.evidence.verify import verify
from portal.messages.outbox import State as MessageState
from portal.store.tables import Closure, DataKey, ErasureStep, Event, Message, Task
from tests.chaos.portal import Portal
from tests.chaos.storm import Fate, Storm
from tests.closure.journeys import events_of, reload, tasks_of

Row = Mapping[str, Any]
Dump = Mapping[str, Mapping[tuple[Any, ...], Row]]

MAY_CHANGE = {
    "session": {"ended_at"},
    "account": {"can_sign_in"},
    "identity": {"status"},
}
"""What a freeze leaves behind or touches, in rows of people whose account was not erased."""


class Onlooker:
    """Looks at both databases without making anybody wait."""

    def __init__(self, portal: Portal) -> None:
        settings = portal.services.settings
        self._portal = create_engine(settings.database_url)
        self._accounts = create_engine(settings.accounts_url)
        self.engines: tuple[Engine, Engine] = (self._portal, self._accounts)

    def close(self) -> None:
        for engine in self.engines:
            engine.dispose()

    def accounts(self) -> Dump:
        """Every row of the account system."""
        with self._accounts.connect() as connection:
            return {
                table.name: {
                    tuple(row[column.name] for column in table.primary_key): dict(row)
                    for row in connection.execute(select(table)).mappings()
                }
                for table in metadata.sorted_tables
            }

    def nobody_is_erased_early(self, fates: Sequence[Fate]) -> None:
        """The account goes only after the move to erasing, so this order of looking is enough."""
        with self._accounts.connect() as connection:
            shut = select(account.c.id).where(account.c.closed_at.is_not(None))
            gone = set(connection.scalars(shut))
        if not gone:
            return
        with self._portal.connect() as connection:
            states = dict(connection.execute(select(Closure.id, Closure.state)).tuples().all())
        for fate in fates:
            if fate.walked.account.id in gone and fate.closure:
                assert states[fate.closure.id] in (State.ERASING, State.CLOSED)

    def epoch(self, closure_id: str) -> int | None:
        """How often the closure's erasure was taken up; None when it is done."""
        mine = select(Task.epoch).where(Task.kind == "erase", Task.subject == closure_id)
        with self._portal.connect() as connection:
            return connection.scalar(mine)

    def left(self) -> list[str]:
        """Closures that are on their way, and tasks that are for one or for an SMS."""
        of_one = Task.subject.in_(select(Closure.id)) | (Task.kind == "message")
        with self._portal.connect() as connection:
            underway = connection.scalars(select(Closure.state).where(Closure.state.in_(OPEN)))
            to_do = connection.scalars(select(Task.kind).where(of_one))
            return [*underway, *to_do]

    def all_is_done(self) -> bool:
        return not self.left()


@dataclass(frozen=True)
class Proof:
    """Both sides after the storm, and the account system as it was before."""

    portal: Portal
    storm: Storm
    before: Dump
    after: Dump

    def holds(self) -> None:
        """Every promise below, one after the other."""
        for name, promise in vars(Proof).items():
            if name != "holds" and not name.startswith("_") and callable(promise):
                promise(self)

    def every_closure_ended_as_it_had_to(self) -> None:
        for fate in self.storm.fates:
            assert fate.closure is not None
            now = reload(self.portal.services, fate.closure)
            assert now.state == fate.end, now.reference
            assert now.access_confirmed or fate.end == State.CLOSED, now.reference

    def the_ledger_tells_each_thing_once(self) -> None:
        for fate in self.storm.fates:
            told = Counter(event.kind for event in self._events(fate))
            once = {Kind.SUBMITTED, *_ENDS[fate.end]}
            never = {kind for kinds in _ENDS.values() for kind in kinds} - once
            assert {kind: told[kind] for kind in once} == dict.fromkeys(once, 1)
            assert not any(told[kind] for kind in never)
            assert told[Kind.HELD] == fate.holds
            assert told[Kind.RESUMED] in (fate.holds, fate.holds - 1)

    def every_planned_row_is_treated_once(self) -> None:
        """By what the account system counted in the step's own transaction."""
        for fate in self._ended(State.CLOSED):
            with self.portal.services.store.begin() as session:
                mine = select(ErasureStep).where(ErasureStep.closure_id == fate.id)
                steps = session.scalars(mine.order_by(ErasureStep.position)).all()
            done = [one.facts for one in self._events(fate) if one.kind == Kind.STEP_DONE]
            assert sum(step.planned for step in steps) > 100
            assert [step.done for step in steps] == [step.planned for step in steps]
            assert [(one["step"], one["rows"]) for one in done] == [
                (step.name, step.done) for step in steps
            ]

    def the_closed_are_gone(self) -> None:
        everything = repr(self.after)
        for fate in self._ended(State.CLOSED):
            who = fate.walked.account
            traces = (who.phone[3:], *(one.id for one in who.identities))
            assert not [trace for trace in traces if trace in everything]
            row = self.after["account"][(who.id,)]
            assert row["closed_at"] is not None
            assert not row["can_sign_in"]
        assert "群众" in repr(self.before)

    def everybody_else_has_everything(self) -> None:
        """Row by row; of the restored and refused, too, but for the traces of the freeze."""
        erased = {key for fate in self._ended(State.CLOSED) for key in _ids(fate)}
        frozen = {key for fate in self._ended(State.RESTORED, State.REFUSED) for key in _ids(fate)}
        for table, key, row in _rows(self.before):
            if erased.isdisjoint(_texts(row)):
                may = MAY_CHANGE.get(table, set()) if frozen & _texts(row) else set()
                now = self.after[table].get(key, {})
                assert _without(now, may) == _without(row, may), (table, key)
        for fate in self._ended(State.RESTORED, State.REFUSED):
            assert self.after["account"][(fate.walked.account.id,)]["can_sign_in"]
            for one in fate.walked.account.identities:
                assert self.after["identity"][(one.id,)]["status"] == "active"

    def nothing_is_added_but_freezes(self) -> None:
        new = [(t, k, row) for t, k, row in _rows(self.after) if k not in self.before[t]]
        assert {table for table, _, _ in new} <= {"freeze"}
        open_again = {fate.walked.account.id for fate in self._ended(State.RESTORED, State.REFUSED)}
        assert all(row["lifted_at"] for _, _, row in new if row["account_id"] in open_again)

    def the_ledger_is_intact(self) -> None:
        with self.portal.services.store.begin() as session:
            for event in session.scalars(select(Event).execution_options(yield_per=500)):
                assert event_hash(event) == event.hash

    def the_ledger_is_as_it_was_anchored(self) -> None:
        services = self.portal.services
        key = services.vault.signing_key.public_key()
        report = verify(services.store, services.witness, key)
        assert report.good, report
        assert report.heads

    def the_keys_of_the_closed_are_destroyed(self) -> None:
        closed = {fate.closure.journey_id for fate in self._ended(State.CLOSED) if fate.closure}
        with self.portal.services.store.begin() as session:
            business = select(DataKey.journey_id).where(DataKey.purpose == Purpose.BUSINESS)
            assert closed.isdisjoint(session.scalars(business))

    def no_sms_was_sent_twice(self) -> None:
        """Unless the gateway itself did; nor was any tried again after an unknown answer."""
        calls: dict[str, list[int]] = {}
        for line in _lines(self.portal, "gateway.jsonl"):
            if line["outcome"] != "refused":
                calls.setdefault(line["key"], []).append(line["times"])
        assert calls
        assert all(len(times) == 1 for times in calls.values())
        sent = Counter(line["key"] for line in _lines(self.portal, "sms.jsonl"))
        assert all(number <= calls[key][0] for key, number in sent.items())

    def every_message_is_decided_and_wiped(self) -> None:
        decided = set(MessageState) - {MessageState.QUEUED, MessageState.SENDING}
        with self.portal.services.store.begin() as session:
            messages = session.scalars(select(Message)).all()
        assert {message.state for message in messages} <= decided
        assert all(message.phone is message.text is None for message in messages)

    def nobody_holds_anything(self) -> None:
        """Nothing is leased for longer than a lease, nor kept by somebody who is dead."""
        services = self.portal.services
        latest = services.clock() + services.settings.lease
        assert all(t.lease_until is None or t.lease_until <= latest for t in tasks_of(services))

    def nothing_forged_was_run(self) -> None:
        assert not self.storm.trap.exists()

    def _ended(self, *states: State) -> list[Fate]:
        return [fate for fate in self.storm.fates if fate.end in states]

    def _events(self, fate: Fate) -> list[Event]:
        assert fate.closure is not None
        return events_of(self.portal.services, fate.closure)


_ENDS = {
    State.CLOSED: (Kind.ERASING, Kind.PLANNED, Kind.CLOSED),
    State.RESTORED: (Kind.RESTORED,),
    State.REFUSED: (Kind.REFUSED,),
}


def _rows(dump: Dump) -> Iterator[tuple[str, tuple[Any, ...], Row]]:
    for table, rows in dump.items():
        for key, row in rows.items():
            yield table, key, row


def _ids(fate: Fate) -> set[str]:
    who = fate.walked.account
    return {who.id, *(one.id for one in who.identities)}


def _texts(row: Row) -> set[str]:
    return {value for value in row.values() if isinstance(value, str)}


def _without(row: Row, columns: set[str]) -> Row:
    return {name: value for name, value in row.items() if name not in columns}


def _lines(portal: Portal, name: str) -> Iterator[dict[str, Any]]:
    for line in (portal.folder / name).read_text("utf-8").splitlines():
        yield json.loads(line)
