"""Heads: signed over what is new, chained, outside the database, one for each number."""

from threading import Event as Flag
from threading import Thread
from typing import Any

import pytest
from sqlalchemy import delete
from sqlalchemy.exc import OperationalError

from portal.evidence import anchor as anchoring
from portal.evidence.anchor import (
    DatabaseBehindError,
    WitnessBehindError,
    is_behind,
    mark_restored,
)
from portal.evidence.heads import NOTHING_BEFORE, Head, HeadKind, leaf
from portal.evidence.tree import Tree
from portal.evidence.witness import Witness
from portal.store.tables import Anchor
from tests.evidence.world import Ledger
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("both_databases")


def heads_of(witness: Witness) -> list[Head]:
    return [Head.of_line(line) for line in witness.heads]


def leaf_lines(witness: Witness) -> list[list[str]]:
    return [line.split(" ") for line in witness.leaves]


class TestAHead:
    def test_it_covers_every_new_event_and_is_signed(self, ledger: Ledger) -> None:
        events = ledger.grow(5)
        head = ledger.anchor()
        root = Tree(leaf(one.seq, one.hash) for one in events).root.hex()
        assert (head.number, head.kind, head.count, head.root) == (1, HeadKind.EVENTS, 5, root)
        assert (head.first_seq, head.last_seq) == (1, events[-1].seq)
        assert head.genuine(ledger.public_key)

    def test_the_next_one_covers_what_came_since_and_stands_on_it(self, ledger: Ledger) -> None:
        ledger.grow(3)
        first = ledger.anchor()
        ledger.grow(2)
        second = ledger.anchor()
        assert (first.previous, second.previous) == (NOTHING_BEFORE, first.digest)
        assert (second.number, second.count, second.keeps) == (2, 2, 1)
        assert second.first_seq == first.last_seq + 1

    def test_nothing_new_makes_no_head(self, ledger: Ledger) -> None:
        assert ledger.try_anchor() is None
        ledger.grow(1)
        ledger.anchor()
        assert ledger.try_anchor() is None
        assert len(heads_of(ledger.witness)) == 1

    def test_many_new_ones_lie_under_heads_of_a_bounded_size(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(anchoring, "MOST", 3)
        events = ledger.grow(8)
        heads = ledger.anchors()
        assert [one.count for one in heads] == [3, 3, 2]
        assert [one.keeps for one in heads] == [0, 1, 2]
        assert [one.first_seq for one in heads[1:]] == [one.last_seq + 1 for one in heads[:-1]]
        assert heads[-1].last_seq == events[-1].seq
        assert heads_of(ledger.witness) == heads
        assert ledger.anchors() == []
        assert ledger.verify().good

    def test_one_full_head_is_not_followed_by_an_empty_one(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(anchoring, "MOST", 4)
        ledger.grow(4)
        assert [one.count for one in ledger.anchors()] == [4]

    def test_heads_are_cut_by_events_and_not_by_numbers(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(anchoring, "MOST", 2)
        ledger.grow(9)
        ledger.attack("DELETE FROM event WHERE seq BETWEEN 2 AND 7")
        assert [(one.count, one.last_seq) for one in ledger.anchors()] == [(2, 8), (1, 9)]

    def test_a_longer_head_from_before_still_stands(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ledger.grow(7)
        long = ledger.anchor()
        monkeypatch.setattr(anchoring, "MOST", 3)
        ledger.grow(7)
        assert [one.count for one in ledger.anchors()] == [3, 3, 1]
        assert long.count == 7
        assert ledger.verify().good

    @pytest.mark.parametrize("moment", range(1, 4))
    def test_dying_between_two_heads_the_next_run_goes_on(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch, moment: int
    ) -> None:
        monkeypatch.setattr(anchoring, "MOST", 2)
        ledger.grow(6)
        published, calls = anchoring._publish, []

        def dies(*arguments: Any) -> None:
            calls.append(arguments)
            if len(calls) == moment:
                raise OSError("gone")
            published(*arguments)

        monkeypatch.setattr(anchoring, "_publish", dies)
        with pytest.raises(OSError, match="gone"):
            ledger.anchors()
        ledger.anchors()
        assert [one.count for one in heads_of(ledger.witness)] == [2, 2, 2]
        assert ledger.verify().good

    def test_the_folder_holds_the_head_and_every_leaf(self, ledger: Ledger) -> None:
        events = ledger.grow(3)
        head = ledger.anchor()
        assert heads_of(ledger.witness) == [head]
        assert leaf_lines(ledger.witness) == [
            ["1", str(one.seq), leaf(one.seq, one.hash).hex()] for one in events
        ]

    def test_its_row_says_the_same(self, ledger: Ledger) -> None:
        ledger.grow(3)
        head = ledger.anchor()
        with ledger.store.begin() as session:
            row = session.get_one(Anchor, 1)
        assert row.head == head.line.encode()
        assert (row.first_seq, row.last_seq, row.at) == (1, head.last_seq, ledger.clock())

    def test_it_hashes_only_what_is_new(
        self, ledger: Ledger, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        ledger.grow(50)
        ledger.anchor()
        ledger.grow(2)
        hashed: list[int] = []
        monkeypatch.setattr(
            anchoring, "leaf", lambda seq, one: hashed.append(seq) or leaf(seq, one)
        )
        head = ledger.anchor()
        assert set(hashed) == set(range(head.first_seq, head.last_seq + 1))


class TestCrashes:
    @pytest.mark.parametrize("lost", [["heads"], ["heads", "leaves"], ["heads", "half the leaves"]])
    def test_what_a_crash_kept_from_the_folder_comes_later(
        self, ledger: Ledger, lost: list[str]
    ) -> None:
        ledger.grow(2)
        ledger.anchor()
        ledger.grow(4)
        ledger.anchor()
        heads, leaves = list(ledger.witness.heads), list(ledger.witness.leaves)
        ledger.witness.heads.keep(lambda line: line == heads[0])
        if lost != ["heads"]:
            left = leaves[:2] if "leaves" in lost else leaves[:4]
            ledger.witness.leaves.keep(left.__contains__)
        assert ledger.try_anchor() is None
        assert list(ledger.witness.heads) == heads
        assert list(ledger.witness.leaves) == leaves

    def test_a_folder_that_lost_more_is_named_and_filled_only_when_asked(
        self, ledger: Ledger
    ) -> None:
        for _ in range(3):
            ledger.grow(1)
            ledger.anchor()
        heads, leaves = list(ledger.witness.heads), list(ledger.witness.leaves)
        ledger.witness.heads.path.unlink()
        ledger.witness.leaves.path.unlink()
        with pytest.raises(WitnessBehindError):
            ledger.anchor()
        ledger.try_anchor(refill=True)
        assert (list(ledger.witness.heads), list(ledger.witness.leaves)) == (heads, leaves)


class TestRaces:
    def test_two_at_once_make_one_head_for_each_number(self, ledger: Ledger) -> None:
        ledger.grow(3)
        made = at_once(4, lambda _: ledger.try_anchor())
        assert len([one for one in made if one]) == 1
        ledger.grow(3)
        at_once(4, lambda _: ledger.try_anchor())
        assert [one.number for one in heads_of(ledger.witness)] == [1, 2]
        assert len(leaf_lines(ledger.witness)) == 6

    def test_an_event_of_a_writer_that_stays_open_is_never_left_behind(
        self, ledger: Ledger
    ) -> None:
        ledger.grow(1)
        inside, leave = Flag(), Flag()

        def stay_open() -> None:
            with ledger.store.begin() as session:
                ledger.record(session)
                inside.set()
                leave.wait(10)

        writer = Thread(target=stay_open)
        writer.start()
        inside.wait(10)
        if ledger.on_postgresql:
            ledger.grow(1)  # a higher number, committed first
            with pytest.raises(OperationalError):
                ledger.anchor()
        leave.set()
        writer.join()
        head = ledger.anchor()
        assert head.count == len(ledger.events())


class TestRestoredBackup:
    @pytest.fixture
    def restored(self, ledger: Ledger) -> Ledger:
        """Three heads in the folder, and a database that has only the first."""
        for _ in range(3):
            ledger.grow(2)
            ledger.anchor()
        ledger.attack("DELETE FROM event WHERE seq > 2")
        with ledger.store.begin() as session:
            session.execute(delete(Anchor).where(Anchor.number > 1))
        return ledger

    def test_it_is_seen_and_nothing_is_overwritten(self, restored: Ledger) -> None:
        before = list(restored.witness.heads)
        restored.grow(5)
        with restored.store.begin() as session:
            assert is_behind(session, restored.witness)
        with pytest.raises(DatabaseBehindError):
            restored.anchor()
        assert list(restored.witness.heads) == before

    def test_a_head_says_what_is_left_and_signing_goes_on(self, restored: Ledger) -> None:
        marked = restored.mark_restored()
        assert (marked.number, marked.kind, marked.keeps) == (4, HeadKind.RESTORED, 1)
        assert (marked.count, marked.first_seq, marked.last_seq) == (0, 3, 2)
        restored.grow(2)
        head = restored.anchor()
        assert (head.number, head.first_seq, head.keeps) == (5, 3, 4)

    def test_marking_twice_changes_nothing(self, restored: Ledger) -> None:
        restored.mark_restored()
        with restored.store.begin() as session:
            assert not is_behind(session, restored.witness)
        assert restored.try_mark_restored() is None


def test_a_fresh_database_and_folder_are_not_behind(ledger: Ledger) -> None:
    with ledger.store.begin() as session:
        assert not is_behind(session, ledger.witness)
    assert mark_restored(ledger.store, ledger.vault, ledger.witness, ledger.clock) is None
