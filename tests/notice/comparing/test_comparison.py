from hypothesis import given, settings

from portal.notice.comparing.changes import Kind, Relinked
from portal.notice.comparing.comparison import compare
from portal.notice.comparing.paragraphs import paragraphs_of
from tests.notice.comparing.versions import edited, marked, of_samples, told, two_versions
from tests.notice.notices import sample


def texts(comparison, version, without):
    """The paragraphs of one version, in its order, put together from segments."""
    changes = [change for change in comparison.changes if getattr(change, version)]
    changes.sort(key=lambda change: getattr(change, version).position)
    return [
        "".join(segment.text for segment in change.segments if segment.mark != without)
        for change in changes
    ]


def test_the_two_samples():
    assert told(of_samples()) == [
        ("changed", "二、3. 1)"),
        ("changed", "二、4."),
        ("bold", "三、3."),
        ("added", "三、7."),
        ("changed", "四、其他事项"),
    ]


def test_header_lines_say_what_they_say_now():
    head = [marked(change.segments) for change in of_samples().changes[:4]]
    assert head == [
        "智联账号注销须知",
        "更新日期：[-20251222-]{+20260520+}",
        "生效日期：[-20251229-]{+20260601+}",
        "版本：[-2025V1-]{+2026V1+}",
    ]


def test_a_version_differs_in_nothing_from_itself():
    comparison = compare(sample("2025V1"), sample("2025V1"))
    assert {change.kind for change in comparison.changes} == {Kind.UNCHANGED}
    assert comparison.relinked == ()


@given(two_versions())
@settings(max_examples=100, deadline=None)
def test_the_segments_are_both_texts_and_nothing_else(versions):
    comparison = compare(*versions)
    for notice, version, without in zip(
        versions, ("old", "new"), ("insert", "delete"), strict=True
    ):
        expected = [paragraph.text for paragraph in paragraphs_of(notice)]
        assert texts(comparison, version, without) == expected


@given(two_versions())
@settings(max_examples=60, deadline=None)
def test_any_version_differs_in_nothing_from_itself(versions):
    assert told(compare(versions[1], versions[1])) == []


@given(two_versions())
@settings(max_examples=60, deadline=None)
def test_changes_stand_in_the_order_of_the_new_version(versions):
    positions = [change.new.position for change in compare(*versions).changes if change.new]
    assert positions == list(range(len(positions)))


def test_an_inserted_clause_only_renumbers_those_after_it():
    first = "1.本须知自公布之日起施行。"
    comparison = edited((first, f"1.您可以随时撤回。\n\n2{first[1:]}"), ("2.争议", "3.争议"))
    assert told(comparison) == [
        ("added", "二、1."),
        ("renumbered", "二、2."),
        ("renumbered", "二、3."),
    ]


def test_a_clause_moved_to_another_section_has_moved():
    law = "2.争议由法院管辖。"
    comparison = edited((f"\n\n{law}", ""), ("二、附则", f"3{law[1:]}\n\n二、附则"))
    assert told(comparison) == [("moved", "一、3.")]
    assert [change.old.cited for change in comparison.changes if change.moved] == ["二、2."]


def test_a_section_that_changes_places_takes_its_clauses_along():
    old = "一、总则\n\n1.甲甲甲\n\n2.乙乙乙\n\n二、附则\n\n1.丙丙丙\n\n2.丁丁丁"
    new = "一、附则\n\n1.丙丙丙\n\n2.丁丁丁\n\n二、总则\n\n1.甲甲甲\n\n2.乙乙乙"
    assert told(edited((old, new), body=old)) == [("moved", "一、附则"), ("renumbered", "二、总则")]


def test_a_clause_may_move_and_change():
    law = "2.争议由法院管辖。"
    changed = "3.有关争议由法院管辖。"
    comparison = edited((f"\n\n{law}", ""), ("二、附则", f"{changed}\n\n二、附则"))
    assert [(c.kind.value, c.here.cited) for c in comparison.changes if c.moved] == [
        ("changed", "一、3.")
    ]


def test_a_deleted_clause_stands_where_it_would_be():
    comparison = edited(("- 1) 姓名和电话；\n- 2) 收货", "- 1) 收货"))
    kinds = [(change.kind.value, change.here.text[:4]) for change in comparison.changes[7:10]]
    assert kinds == [("unchanged", "2.乙方"), ("deleted", "1) 姓"), ("renumbered", "1) 收")]


def test_a_deleted_section_stands_behind_all_of_the_one_before_it():
    comparison = edited(
        ("二、附则\n\n1.本须知自公布之日起施行。\n\n2.争议由法院管辖。", "3.新的一条。")
    )
    assert told(comparison) == [
        ("added", "一、3."),
        ("deleted", "二、附则"),
        ("deleted", "二、1."),
        ("deleted", "二、2."),
    ]


def test_what_stands_above_is_told_as_it_is_called_now():
    comparison = edited(("二、附则", "二、其他"), ("\n\n2.争议由法院管辖。", ""))
    deleted = comparison.changes[-1]
    assert (deleted.kind, [one.text for one in deleted.above]) == (Kind.DELETED, ["二、其他"])


def test_links_that_lead_elsewhere_are_told():
    comparison = edited(
        ("争议由", "争议[见](https://a.example)[此](#)由"),
        body="争议由[见](https://b.example)",
    )
    assert comparison.relinked == (
        Relinked("见", ("https://b.example",), ("https://a.example", "https://b.example")),
        Relinked("此", (), ("#",)),
    )
