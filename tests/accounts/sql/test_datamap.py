from pathlib import Path

import pytest

from portal.accounts.sample import DATAMAP
from portal.accounts.sql.datamap import DataMap, DataMapError
from portal.accounts.sql.parts import Fate, Treatment
from portal.accounts.system import Outcome

SMALL = """
[category.chats]
zh = "聊天"
en = "Chats"
outcome = "anonymise"
[sharing]
table = "t"
row = "r"
identity = "i"
[succession]
table = "m"
identity = "who"
company = "c"
term = { years = 1 }
[unique]
number = ["a.n"]
mail = ["a.m"]
[part."chat.sent"]
of = "identity"
by = "sender"
category = "chats"
columns = { id = "keep", sender = "null", state = { value = "gone" } }
"""


def load(tmp_path: Path, text: str) -> DataMap:
    (tmp_path / "map.toml").write_text(text, "utf-8")
    return DataMap.load(tmp_path / "map.toml")


def test_a_part_says_whose_rows_how_found_and_what_becomes_of_each_column(tmp_path: Path) -> None:
    (part,) = load(tmp_path, SMALL).parts
    assert (part.table, part.whose, part.by) == ("chat", "identity", "sender")
    assert part.kind.outcome is Outcome.ANONYMISE
    assert part.treated == {
        "sender": Treatment(Fate.NULL),
        "state": Treatment(Fate.VALUE, "gone"),
    }


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('category = "chats"', 'category = "chat"', "'chat' is missing or unknown"),
        ('of = "identity"', 'of = "people"', "'people' is not a valid Whose"),
        ('by = "sender"', 'by = "reader"', "reader"),
        ('sender = "null"', 'sender = "burn"', "'burn' is not a valid Fate"),
        ('state = { value = "gone" }', 'state = "value"', "a value is written"),
        ('outcome = "anonymise"', 'outcome = "keep"', "needs basis, until and term"),
        ('outcome = "anonymise"', 'outcome = "keep"\nterm = { days = 3 }', "days is unknown"),
        ('by = "sender"', 'by = "sender"\nsince = "state"', "since when its term runs"),
        ('zh = "聊天"', 'zh = ""', "a text is empty"),
        ('sender = "null", state = { value = "gone" }', 'sender = "keep"', "nothing becomes"),
        ('outcome = "anonymise"', 'outcome = "delete"', "list their columns"),
        ('en = "Chats"\n', "", "'en' is missing"),
        ('of = "identity"', 'of = "identity"\nof_whom = 1', "of_whom is unknown"),
        ('identity = "i"', "", "identity"),
        ('mail = ["a.m"]', "", "unique: .*mail"),
        ('company = "c"', "", "succession: 'company'"),
        ('sender = "null"', 'sender = "heir"', "only reserved rows have an heir"),
        ('by = "sender"', 'by = "sender"\nrest = "chat.sent"', "a share leaves a rest"),
        ("[sharing]", "[sharing", "map.toml"),
    ],
)
def test_what_is_wrong_is_named(tmp_path: Path, right: str, wrong: str, says: str) -> None:
    assert right in SMALL
    with pytest.raises(DataMapError, match=says):
        load(tmp_path, SMALL.replace(right, wrong))


def test_everything_that_is_wrong_is_named_at_once(tmp_path: Path) -> None:
    wrong = SMALL.replace('zh = "聊天"', "").replace('of = "identity"', 'of = "people"')
    wrong = wrong.replace('identity = "i"', "")
    with pytest.raises(DataMapError) as raised:
        load(tmp_path, wrong)
    places = [line.split(":")[0] for line in raised.value.problems]
    assert places == ["chats", "chat.sent", "sharing"]


KEPT = SMALL.replace(
    'outcome = "anonymise"',
    'outcome = "keep"\nbasis = { zh = "法", en = "Law" }\nuntil = { zh = "到", en = "End" }\n'
    "term = { years = 1, months = 2 }",
).replace('state = { value = "gone" }', 'at = "keep"')


def test_what_is_kept_has_a_term_and_says_since_when(tmp_path: Path) -> None:
    (part,) = load(tmp_path, KEPT.replace('by = "sender"', 'by = "sender"\nsince = "at"')).parts
    assert (part.kind.months, part.since) == (14, ("at",))


@pytest.mark.parametrize(
    ("wrong", "says"),
    [
        (KEPT, "since when its term runs"),
        (KEPT.replace('by = "sender"', 'by = "sender"\nsince = "on"'), "on is not one of its"),
        (
            KEPT.replace('by = "sender"', 'by = "sender"\nsince = "at"').replace("null", "random"),
            "kept or null",
        ),
    ],
)
def test_a_term_that_can_not_be_reckoned_is_named(tmp_path: Path, wrong: str, says: str) -> None:
    with pytest.raises(DataMapError, match=says):
        load(tmp_path, wrong)


POOL = SMALL.replace(
    'state = { value = "gone" } }',
    """at = "now" }
[pool."chat.sent"]
since = "at"
emptied = ["id"]
basis = { zh = "法", en = "Law" }
""",
)


def test_what_nobody_takes_over_has_a_beginning_an_end_and_a_basis(tmp_path: Path) -> None:
    (pool,) = load(tmp_path, POOL).pools
    assert (pool.part.name, pool.since, pool.emptied) == ("chat.sent", "at", ("id",))
    assert (pool.basis.zh, pool.basis.en) == ("法", "Law")


@pytest.mark.parametrize(
    ("right", "wrong", "says"),
    [
        ('since = "at"', 'since = "id"', "id does not say since when"),
        ('sender = "null"', 'sender = "keep"', "nobody has any more"),
        ('emptied = ["id"]', 'emptied = ["x"]', "x is not one of its columns"),
        ('basis = { zh = "法", en = "Law" }', "", "'basis' is missing"),
        ('emptied = ["id"]', 'emptied = ["id"]\nafter = 1', "after is unknown"),
        ('[pool."chat.sent"]', '[pool."chat.got"]', "'chat.got' is missing or unknown"),
    ],
)
def test_a_pool_that_makes_no_sense_is_named(
    tmp_path: Path, right: str, wrong: str, says: str
) -> None:
    assert right in POOL
    with pytest.raises(DataMapError, match=says):
        load(tmp_path, POOL.replace(right, wrong))


@pytest.mark.parametrize(
    ("one", "other", "does"),
    [
        ("service_order.own", "service_order.account", True),
        ("job.number", "job.offline", False),
        ("profile_view.own", "profile_view.by_others", True),
        ("profile_view.by_others", "profile_view.own", False),
        ("job.offline", "job.number", True),
        ("interview.attended", "interview.number_of_contact", False),
        ("resume.own", "follow.own", False),
    ],
)
def test_a_part_does_all_of_another_that_writes_nothing_more(
    one: str, other: str, does: bool
) -> None:
    parts = {part.name: part for part in DataMap.load(DATAMAP).parts}
    assert parts[one].does_all_of(parts[other]) is does


def test_a_missing_map_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(DataMapError, match=r"none\.toml"):
        DataMap.load(tmp_path / "none.toml")


def test_what_is_kept_names_law_and_end_in_both_languages() -> None:
    kept = [kind for kind in DataMap.load(DATAMAP).kinds if kind.outcome is Outcome.KEEP]
    assert {kind.name for kind in kept} == {"orders", "debts", "security_log"}
    for kind in kept:
        assert kind.basis
        assert kind.until
        assert kind.months in {6, 36}
        assert all((kind.basis.zh, kind.basis.en, kind.until.zh, kind.until.en))


def test_every_category_has_rows() -> None:
    datamap = DataMap.load(DATAMAP)
    assert {part.kind for part in datamap.parts} == set(datamap.kinds)
