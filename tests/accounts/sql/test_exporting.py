"""What a person is handed of their rows: all of theirs, nothing secret, nothing of others."""

from collections.abc import Iterator
from dataclasses import replace

import pytest
from sqlalchemy import inspect, text

from portal.accounts.export import Extract
from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema import metadata
from portal.accounts.sql.completeness import problems
from portal.accounts.sql.exporting import columns
from portal.accounts.sql.parts import Fate, Handout, Part
from portal.accounts.sql.rows import Rows
from portal.accounts.system import AccountSystemUnavailableError, Words
from tests.accounts.world import MAP, World
from tests.cast import (
    BUSY,
    CLEAN_SEEKER,
    COLLEAGUES,
    MANY_IDENTITIES,
    ONLY_SUPER_ADMIN,
    PEOPLE,
    RECRUITER,
)

ROWS = Rows(metadata.tables, MAP, shared_too=False)
SECRET = {"account.password_hash", "session.token_hash"}
SMALL = 7
"""Rows a bite."""


def export(world: World, person: Person, *identity_ids: str) -> dict[str, Extract]:
    scope = world.scope(person, *identity_ids)
    return {one.name: one for one in replace(world, bite=SMALL).system().export(scope)}


def rows(extract: Extract) -> list[dict[str, object]]:
    names = [one.name for one in extract.columns]
    return [dict(zip(names, row, strict=True)) for bite in extract.bites() for row in bite]


def said(extracts: dict[str, Extract]) -> Iterator[str]:
    for extract in extracts.values():
        for row in rows(extract):
            yield from map(str, row.values())


@pytest.mark.parametrize("person", [BUSY, MANY_IDENTITIES, RECRUITER], ids=lambda one: one.key)
def test_every_row_that_would_be_treated_is_there_once(
    world: World, person: Person, both_databases: str
) -> None:
    planned = {one.name: one.rows for one in world.plan(world.scope(person))}
    found = export(world, person)
    assert found.keys() == {name for name in planned if not name.endswith(".disk")}
    for name, extract in found.items():
        assert len(rows(extract)) == extract.rows == planned[name]


@pytest.mark.parametrize(
    "person",
    [BUSY, MANY_IDENTITIES, RECRUITER, ONLY_SUPER_ADMIN, COLLEAGUES[0]],
    ids=lambda one: one.key,
)
def test_nothing_names_another_person(world: World, person: Person, both_databases: str) -> None:
    everything = "\n".join(said(export(world, person)))
    assert person.name in everything
    for other in {*PEOPLE, *COLLEAGUES} - {person}:
        traces = (other.name, other.phone.removeprefix("+86"), other.mail, other.id)
        assert [one for one in traces if one in everything] == []
        assert other.seeker_id not in everything


def test_nothing_secret_is_handed_out(world: World) -> None:
    everything = "\n".join(said(export(world, BUSY)))
    dump = world.dump()
    secrets = [row["password_hash"] for row in dump["account"].values()]
    secrets += [row["token_hash"] for row in dump["session"].values()]
    assert [one for one in secrets if one in everything] == []


def test_of_a_received_message_role_and_company_of_the_sender_are_told(world: World) -> None:
    received = rows(export(world, BUSY)["chat_message.received"])
    assert received[0].keys() == {"sender_id", "receiver_id", "job_id", "sent_at", "read_at"}
    assert all(isinstance(row["sender_id"], Words) for row in received)
    assert {row["sender_id"].zh.partition("（")[0] for row in received} == {"招聘者"}  # type: ignore[attr-defined]
    assert {str(row["receiver_id"]) for row in received} == {str(Words("求职者", "Job seeker"))}


def test_own_texts_are_there_and_what_others_noted_is_not(world: World) -> None:
    found = export(world, BUSY)
    assert BUSY.name in str(rows(found["chat_message.sent"])[0]["text"])
    assert "resume_copy" in rows(found["application.sent"])[0]
    assert "recruiter_note" not in rows(found["application.sent"])[0]
    assert "remark" not in rows(found["favourite.of_others"])[0]


def test_a_recruiter_gets_no_resume_of_others(world: World) -> None:
    received = rows(export(world, RECRUITER)["application.received"])
    assert received
    assert not {"resume_copy", "cover_letter", "recruiter_note"} & received[0].keys()


def test_one_side_gets_what_is_its_own(world: World) -> None:
    side = export(world, MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002))
    assert rows(side["resume.own"]) == []
    assert "account.own" not in side
    assert len(rows(side["identity.own"])) == 1


def test_the_files_are_there_byte_for_byte(world: World) -> None:
    for name in ("stored_file.avatar", "stored_file.attachment"):
        extract = export(world, BUSY)[name]
        files = {one.name: b"".join(one.read()) for one in extract.files()}
        assert files.keys() == {row["path"] for row in rows(extract)} != set()
        assert all(content == (world.files / path).read_bytes() for path, content in files.items())


def test_a_path_that_leads_out_of_the_folder_is_not_read(world: World) -> None:
    world.run(
        text(
            "UPDATE stored_file SET path = '../accounts.db' WHERE kind = 'avatar'"
            f" AND account_id = '{CLEAN_SEEKER.id}'"
        )
    )
    (file,) = export(world, CLEAN_SEEKER)["stored_file.avatar"].files()
    with pytest.raises(AccountSystemUnavailableError):
        list(file.read())


def test_a_bite_reads_no_more_than_its_rows(world: World) -> None:
    sizes = [len(bite) for bite in export(world, BUSY)["points.own"].bites()]
    assert sizes == [SMALL] * (50 // SMALL) + [50 % SMALL]


def test_reading_keeps_nobody_from_writing(world: World) -> None:
    bites = export(world, BUSY)["points.own"].bites()
    next(bites)
    world.run(text("UPDATE points SET reason = 'changed'"))
    assert {row[1] for row in next(bites)} == {"changed"}


@pytest.mark.parametrize("part", MAP.parts, ids=lambda one: one.name)
def test_no_part_hands_out_what_is_secret_or_anothers(part: Part) -> None:
    """A column that is new stops the start until it is decided, see below."""
    table = metadata.tables[part.table]
    handed = set(columns(ROWS, part))
    leading = {
        name: {key.column.table.name for key in table.c[name].foreign_keys} for name in handed
    }
    assert not {f"{part.table}.{name}" for name in handed} & SECRET
    anothers = [name for name in handed if part.columns[name].fate is Fate.COUNTERPART]
    assert all(leading[name] for name in anothers)
    assert set().union(*leading.values()) <= {"identity", "company", "job"}


@pytest.mark.parametrize(
    ("handouts", "says"),
    [
        ({"resume": Handout(("title",), (), None)}, "resume.own: phone is neither shown nor"),
        ({"diary": Handout((), (), None)}, "diary: has a download, not in the map"),
    ],
)
def test_an_undecided_column_is_named(
    world: World, handouts: dict[str, Handout], says: str
) -> None:
    changed = replace(MAP, handouts={**MAP.handouts, **handouts})
    assert any(one.startswith(says) for one in problems(changed, inspect(world.engine)))


def test_shown_and_withheld_at_once_is_named(world: World) -> None:
    points = MAP.handouts["points"]
    both = replace(points, withheld=(*points.withheld, "amount"))
    found = problems(replace(MAP, handouts={**MAP.handouts, "points": both}), inspect(world.engine))
    assert found == ["points.own: amount is both shown and withheld"]
