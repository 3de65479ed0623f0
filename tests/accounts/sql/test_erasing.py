"""What is true of every erasure, whoever the person is."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from portal.accounts.sql.bookkeeping import metadata as own_tables
from portal.accounts.sql.treating import PLACEHOLDER
from portal.accounts.system import Scope
from portal.clock import SHANGHAI
from tests.accounts.world import Dump, World
from tests.cast import PEOPLE, Person

AUTHORS = {
    ("application", "resume_copy"): "seeker_id",
    ("application", "cover_letter"): "seeker_id",
    ("chat_message", "text"): "sender_id",
    ("chat_message", "read_at"): "receiver_id",
    ("complaint", "answer"): "respondent_id",
    ("complaint", "statement"): "complainant_id",
    ("interview", "candidate_name"): "seeker_id",
    ("interview", "candidate_phone"): "seeker_id",
    ("interview", "contact_name"): "recruiter_id",
    ("interview", "contact_phone"): "recruiter_id",
    ("interview", "invitation"): "recruiter_id",
    ("interview", "reply"): "seeker_id",
}
"""Of rows of two people: who wrote the column, or did what it notes, by the row's own column."""

KEPT = {"account"}
"""The table in which a closed account's id stays: it names nobody any more."""


@dataclass(frozen=True)
class Gone:
    """A person before and after, and the world that goes on without them."""

    person: Person
    world: World
    scope: Scope
    before: Dump
    after: Dump

    @property
    def ids(self) -> set[str]:
        return {self.scope.account_id, *self.scope.identity_ids}


@pytest.fixture(scope="module", params=PEOPLE, ids=lambda person: person.key)
def gone(
    request: pytest.FixtureRequest,
    make_world: Callable[..., World],
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Gone]:
    person: Person = request.param
    world = make_world(tmp_path_factory.mktemp(person.key))
    scope, before = world.scope(person), world.dump()
    assert world.erase(scope) == ()
    yield Gone(person, world, scope, before, world.dump())
    world.engine.dispose()


def _changed(gone: Gone) -> Iterator[tuple[str, dict, dict | None]]:
    for table, rows in gone.before.items():
        for key, row in rows.items():
            if row != gone.after[table].get(key):
                yield table, row, gone.after[table].get(key)


def test_only_rows_of_this_person_change(gone: Gone) -> None:
    for table, row, _ in _changed(gone):
        assert gone.ids & {value for value in row.values() if isinstance(value, str)}, table


def test_nothing_is_added(gone: Gone) -> None:
    assert all(rows.keys() >= gone.after[table].keys() for table, rows in gone.before.items())


def test_the_other_person_of_a_row_keeps_a_shell_with_their_own_words(gone: Gone) -> None:
    for (table, column), author in AUTHORS.items():
        for key, row in gone.before[table].items():
            theirs = row[author] is not None and row[author] not in gone.ids
            left = gone.after[table][key][column]
            assert left == row[column] if theirs else left is None or row[author] is None


def test_the_persons_ids_stay_only_where_the_map_keeps_them(gone: Gone) -> None:
    for table, rows in gone.after.items():
        for row in rows.values():
            assert table in KEPT or not gone.ids & set(row.values()), table


def test_the_account_is_an_empty_shell(gone: Gone) -> None:
    row = gone.after["account"][(gone.person.id,)]
    empty = ("phone", "mail", "name", "password_hash")
    assert [row[column] for column in empty] == [None] * len(empty)
    assert row["login_name"].startswith(PLACEHOLDER)
    assert row["can_sign_in"] is False
    assert row["registered_at"] == datetime(2024, 1, 1, tzinfo=SHANGHAI)
    assert row["closed_at"] == gone.world.clock()


def test_no_byte_of_the_person_is_left_in_any_file(gone: Gone) -> None:
    who = gone.person
    traces = [who.name, who.phone[3:], who.mail, f"user_{who.key}", *gone.scope.identity_ids]
    everything = gone.world.everything_on_disk()
    assert not [trace for trace in traces if trace.encode() in everything]


def test_the_search_for_bytes_would_find_them(gone: Gone, settled: Path) -> None:
    database = (settled / "accounts.db").read_bytes()
    assert gone.person.name.encode() in database
    assert gone.person.phone[3:].encode() in database


def test_files_are_gone_and_others_stay(gone: Gone) -> None:
    for row in gone.before["stored_file"].values():
        mine = bool(gone.ids & {row["account_id"], row["identity_id"]})
        assert (gone.world.files / row["path"]).exists() is not mine


def test_erasing_twice_changes_nothing(gone: Gone) -> None:
    tables = (gone.world.dump(), gone.world.dump(own_tables))
    assert gone.world.erase(gone.scope) == ()
    assert (gone.world.dump(), gone.world.dump(own_tables)) == tables


def test_the_plan_forgets_its_keys_and_keeps_its_counts(gone: Gone) -> None:
    kept = gone.world.dump(own_tables)
    assert kept["closure_row"] == {}
    assert all(row["treated"] == row["planned"] for row in kept["closure_step"].values())
    (erasure,) = kept["closure_erasure"].values()
    assert erasure["keys"] is None
