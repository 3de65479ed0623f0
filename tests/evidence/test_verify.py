"""Whatever is changed of what is anchored is found, and the first bad event is named."""

import json
from hashlib import sha256

import pytest

from portal.evidence import keys
from portal.evidence.canonical import canonical
from portal.evidence.comparing import What
from portal.evidence.ledger import event_hash
from portal.evidence.verify import Report
from portal.evidence.witness import Lines
from portal.store.vault import Vault
from tests.evidence.world import JOURNEY, Ledger

pytestmark = pytest.mark.usefixtures("both_databases")


@pytest.fixture
def anchored(ledger: Ledger) -> Ledger:
    """Events 1 to 12 under three heads, and 13 and 14 not yet under one."""
    for _ in range(3):
        ledger.grow(4)
        ledger.anchor()
    ledger.grow(2)
    return ledger


def first_bad(report: Report) -> tuple[What, int, str | None]:
    assert report.bad_event
    return report.bad_event.what, report.bad_event.seq, report.bad_event.id


def id_of(ledger: Ledger, seq: int) -> str:
    return ledger.events()[seq - 1].id


def rewrite(lines: Lines, old: str, new: str) -> None:
    text = lines.path.read_text()
    assert text.count(old) == 1
    lines.path.write_text(text.replace(old, new))


class TestAllWell:
    def test_everything_is_read_and_the_tail_is_counted(self, anchored: Ledger) -> None:
        report = anchored.verify()
        assert report.good
        assert (report.heads, report.events, report.tail) == (3, 14, 2)

    def test_an_empty_ledger_is_good(self, ledger: Ledger) -> None:
        assert ledger.verify() == Report()

    def test_it_holds_after_every_key_is_gone(self, anchored: Ledger) -> None:
        with anchored.store.begin() as session:
            keys.destroy(session, JOURNEY, *keys.Purpose)
        assert anchored.verify().good

    def test_gaps_that_nobody_filled_are_none_of_its_business(self, ledger: Ledger) -> None:
        ledger.grow(2)
        ledger.attack("UPDATE event SET seq = 9 WHERE seq = 2")
        ledger.anchor()
        assert ledger.verify().good

    def test_a_head_on_its_way_into_the_folder_is_no_alarm(self, anchored: Ledger) -> None:
        heads = list(anchored.witness.heads)
        anchored.witness.heads.keep(lambda line: line != heads[-1])
        report = anchored.verify()
        assert report.good
        assert (report.heads, report.tail) == (2, 6)


CHANGES = [
    "kind = 'closure.closed'",
    "actor = 'operator'",
    "journey_id = 'other'",
    "at = at + 1",
    "at = -1",
    "evidence = NULL",
    "business = evidence",
    "id = 'other'",
    "hash = 'other'",
    """facts = '{"method": "post"}'""",
    "facts = '{}'",
]
COPIES = ["first_seq = first_seq + 1", "last_seq = 0", "at = at + 1", "number = 77"]
ON_SQLITE_ALONE = ["facts = '{'", "at = 'then'", "evidence = 'text'", "evidence = 7", "hash = 7"]
"""What PostgreSQL would not even let its owner do."""


class TestTampering:
    def test_a_changed_event_is_named(self, anchored: Ledger) -> None:
        for change in CHANGES if anchored.on_postgresql else CHANGES + ON_SQLITE_ALONE:
            for seq in (1, 6, 12, 14):
                with anchored.attacked(f"UPDATE event SET {change} WHERE seq = {seq}") as report:
                    assert first_bad(report)[:2] == (What.CHANGED, seq), change

    def test_one_that_was_changed_with_its_hash_is_named(self, anchored: Ledger) -> None:
        for event in anchored.events()[:12]:
            event.actor = "operator"
            values = f"actor = 'operator', hash = '{event_hash(event)}'"
            with anchored.attacked(f"UPDATE event SET {values} WHERE seq={event.seq}") as report:
                assert first_bad(report) == (What.CHANGED, event.seq, event.id)

    def test_a_deleted_one_is_named(self, anchored: Ledger) -> None:
        for seq in range(1, 13):
            with anchored.attacked(f"DELETE FROM event WHERE seq = {seq}") as report:
                assert first_bad(report) == (What.MISSING, seq, None)

    def test_of_several_the_first_is_named(self, anchored: Ledger) -> None:
        anchored.attack(
            "DELETE FROM event WHERE seq = 11", "UPDATE event SET kind = 'x' WHERE seq = 7"
        )
        assert first_bad(anchored.verify())[:2] == (What.CHANGED, 7)

    def test_an_inserted_one_is_named(self, ledger: Ledger) -> None:
        """Between events there is room where a transaction was rolled back on PostgreSQL."""
        ledger.grow(2)
        ledger.attack("UPDATE event SET seq = 4 WHERE seq = 2")
        ledger.anchor()
        columns = "id, at, journey_id, kind, actor, evidence, business, facts, hash"
        forged = columns.replace("id,", "'forged',", 1)
        for seq in (-3, 0, 2, 3):
            insert = f"INSERT INTO event (seq, {columns}) SELECT {seq}, {forged} FROM event"
            with ledger.attacked(f"{insert} WHERE seq = 1") as report:
                assert first_bad(report) == (What.INSERTED, seq, "forged")

    def test_swapped_ones_are_named(self, anchored: Ledger) -> None:
        ids = [event.id for event in anchored.events()]
        for one, other in ((2, 3), (4, 5), (1, 12)):
            with anchored.attacked(
                f"UPDATE event SET seq = 99 WHERE seq = {one}",
                f"UPDATE event SET seq = {one} WHERE seq = {other}",
                f"UPDATE event SET seq = {other} WHERE seq = 99",
            ) as report:
                assert first_bad(report) == (What.REORDERED, one, ids[other - 1])

    def test_a_tail_that_was_cut_is_found(self, anchored: Ledger) -> None:
        for left in range(12):
            with anchored.attacked(f"DELETE FROM event WHERE seq > {left}") as report:
                assert first_bad(report) == (What.MISSING, left + 1, None)

    def test_a_tail_that_was_cut_with_its_heads_is_found(self, anchored: Ledger) -> None:
        anchored.attack("DELETE FROM event WHERE seq > 8", "DELETE FROM anchor WHERE number > 2")
        report = anchored.verify()
        assert first_bad(report) == (What.MISSING, 9, None)
        assert str(report.bad_head) == "head 3: the database lacks it"


class TestHeads:
    def test_a_changed_copy_in_the_database_is_named(self, anchored: Ledger) -> None:
        for change in COPIES if anchored.on_postgresql else [*COPIES, "at = 'x'", "head = 'x'"]:
            for number in (1, 2, 3):
                attack = f"UPDATE anchor SET {change} WHERE number = {number}"
                with anchored.attacked(attack) as report:
                    assert report.bad_head is not None
                    assert report.bad_head.number == number

    def test_one_that_only_the_database_has_is_named(self, anchored: Ledger) -> None:
        anchored.attack(
            "INSERT INTO anchor SELECT 9, at, first_seq, last_seq, head FROM anchor WHERE number=3"
        )
        assert str(anchored.verify().bad_head) == "head 9: the witness folder lacks it"

    def test_a_changed_line_of_the_file_is_named(self, anchored: Ledger) -> None:
        whole = anchored.witness.heads.path.read_text()
        for number, line in ((1, whole.split("\n")[0]), (3, whole.split("\n")[2])):
            for field, value in json.loads(line).items():
                other = value + 1 if isinstance(value, int) else f"{value[:-1]}x"
                changed = canonical({**json.loads(line), field: other}).decode()
                rewrite(anchored.witness.heads, line, changed)
                bad = anchored.verify().bad_head
                assert bad is not None
                assert bad.number == number
                anchored.witness.heads.path.write_text(whole)

    @pytest.mark.parametrize("line", ["", "{}", "[]", "[" * 9999, '{"number":1}', "1" * 9999])
    @pytest.mark.parametrize("number", [2, 3])
    def test_a_line_that_is_no_head_is_named(
        self, anchored: Ledger, line: str, number: int
    ) -> None:
        rewrite(anchored.witness.heads, list(anchored.witness.heads)[number - 1], line)
        assert str(anchored.verify().bad_head) == f"head {number}: not readable"

    def test_a_line_that_is_no_text_is_named(self, anchored: Ledger) -> None:
        path = anchored.witness.heads.path
        path.write_bytes(path.read_bytes().replace(b"events", b"ev\xff\x00ts", 1))
        assert str(anchored.verify().bad_head) == "head 1: not readable"

    def test_one_taken_out_of_the_middle_is_named(self, anchored: Ledger) -> None:
        second = list(anchored.witness.heads)[1]
        anchored.witness.heads.keep(lambda line: line != second)
        assert str(anchored.verify().bad_head) == "head 2: head 3 stands in its place"

    def test_a_file_that_lost_its_end_is_found(self, anchored: Ledger) -> None:
        first = next(iter(anchored.witness.heads))
        anchored.witness.heads.keep(lambda line: line == first)
        assert str(anchored.verify().bad_head) == "head 3: the witness folder lacks it"

    def test_another_key_signed_none_of_them(self, anchored: Ledger) -> None:
        other = Vault(sha256(b"other").digest()).signing_key.public_key()
        assert str(anchored.verify(other).bad_head) == "head 1: not signed with this key"


class TestLeaves:
    @pytest.mark.parametrize("attack", ["change", "drop", "double", "garbage"])
    def test_leaves_that_were_not_signed_are_found(self, anchored: Ledger, attack: str) -> None:
        whole = anchored.witness.leaves.path.read_text()
        for number, line in enumerate(whole.splitlines(keepends=True)):
            changed = f"{line[:-2]}{'1' if line[-2] == '0' else '0'}\n"
            new = {"change": changed, "drop": "", "double": line * 2, "garbage": "x y\n"}[attack]
            rewrite(anchored.witness.leaves, line, new)
            report = anchored.verify()
            assert report.bad_event is None
            told = f"head {number // 4 + 1}: its leaves are not those that were signed"
            assert str(report.bad_head) == told
            anchored.witness.leaves.path.write_text(whole)

    def test_a_file_that_is_gone_is_found(self, anchored: Ledger) -> None:
        anchored.witness.leaves.path.unlink()
        assert (
            str(anchored.verify().bad_head) == "head 1: its leaves are not those that were signed"
        )


class TestRestoredBackup:
    @pytest.fixture
    def restored(self, anchored: Ledger) -> Ledger:
        """The database lost heads 2 and 3 and says so in head 4; head 5 covers new events."""
        anchored.attack("DELETE FROM event WHERE seq > 4", "DELETE FROM anchor WHERE number > 1")
        anchored.mark_restored()
        anchored.grow(3)
        anchored.anchor()
        return anchored

    def test_superseded_heads_are_no_alarm(self, restored: Ledger) -> None:
        report = restored.verify()
        assert report.good
        assert (report.heads, report.superseded, report.events) == (5, 2, 7)

    def test_what_came_afterwards_is_watched_as_before(self, restored: Ledger) -> None:
        seq = restored.events()[5].seq
        restored.attack(f"DELETE FROM event WHERE seq = {seq}")
        assert first_bad(restored.verify()) == (What.MISSING, seq, None)

    def test_a_backup_from_before_all_that_can_be_restored_too(self, anchored: Ledger) -> None:
        """Heads 1 to 3 live again then; those since are superseded."""
        keep = "CREATE TABLE {0}_kept AS SELECT * FROM {0}"
        anchored.attack(
            keep.format("event"),
            keep.format("anchor"),
            "DELETE FROM event WHERE seq > 4",
            "DELETE FROM anchor WHERE number > 1",
        )
        anchored.mark_restored()
        anchored.grow(3)
        anchored.anchor()
        back = "INSERT INTO {0} SELECT * FROM {0}_kept"
        anchored.attack("DELETE FROM event", "DELETE FROM anchor")
        anchored.attack(back.format("event"), back.format("anchor"))
        assert anchored.mark_restored().keeps == 3
        report = anchored.verify()
        assert report.good
        assert (report.heads, report.superseded, report.events) == (6, 2, 14)


def test_one_page_after_the_other_is_read(
    anchored: Ledger, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("portal.evidence.stream._PAGE", 3)
    report = anchored.verify()
    assert report.good
    assert report.events == 14
    anchored.attack("UPDATE event SET kind = 'x' WHERE seq = 7")
    assert first_bad(anchored.verify())[:2] == (What.CHANGED, 7)
