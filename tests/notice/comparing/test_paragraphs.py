from hypothesis import given, settings

from portal.notice.comparing.paragraphs import paragraphs_of
from portal.notice.rendering import render
from tests.notice.comparing.versions import two_versions
from tests.notice.fragments import Parsed
from tests.notice.notices import notice_with, sample


def body(text):
    return paragraphs_of(notice_with(text))[4:]


def lines(paragraphs):
    text = "\n".join(paragraph.text for paragraph in paragraphs)
    return [line for line in text.split("\n") if line]


def bold(paragraph):
    return "".join(c for c, is_bold in zip(paragraph.text, paragraph.bold, strict=True) if is_bold)


def test_the_paragraphs_of_2025v1_are_the_lines_of_its_page():
    notice = sample("2025V1")
    assert lines(paragraphs_of(notice)) == Parsed(render(notice).html).lines


@given(two_versions())
@settings(max_examples=60, deadline=None)
def test_the_paragraphs_of_any_notice_are_the_lines_of_its_page(versions):
    for notice in versions:
        assert lines(paragraphs_of(notice)) == Parsed(render(notice).html).lines


def test_places_are_cited_as_printed():
    paragraphs = body("甲\n\n一、乙\n\n（一）丙\n\n1.丁\n\n- 1) 戊\n\n己\n\n## 附则\n\n1.庚")
    assert [paragraph.cited for paragraph in paragraphs] == [
        "开头第 1 段", "一、乙", "一、（一）", "一、（一） 1.", "一、（一） 1. 1)", "一、（一） 1.",
        "附则", "附则 1.",
    ]  # fmt: skip


def test_every_paragraph_knows_what_it_stands_under():
    paragraphs = body("甲\n\n一、乙\n\n1.丙\n\n- 1) 丁\n\n戊")
    parents = [
        paragraph.parent and paragraphs[paragraph.parent - 4].text for paragraph in paragraphs
    ]
    assert parents == [None, None, "一、乙", "1.丙", "1.丙"]


def test_only_what_opens_a_clause_has_its_level_and_number():
    paragraphs = body("一、甲\n\n2. 乙\n\n丙")
    assert [(p.level, p.number, p.words) for p in paragraphs] == [
        (1, "一、", "甲"),
        (3, "2.", " 乙"),
        (0, "", "丙"),
    ]


def test_header_lines_are_told_apart_by_their_names():
    head = paragraphs_of(notice_with("甲"))[:4]
    assert [paragraph.number for paragraph in head] == ["", "更新日期", "生效日期", "版本"]


def test_items_and_table_rows_are_paragraphs_of_their_own():
    paragraphs = body("- 甲\n- 乙\n  - 丙\n\n| 丁 | 戊 |\n|---|---|\n| 己 | 庚 |\n\n> 辛")
    assert [p.text for p in paragraphs] == ["甲", "乙", "丙", "丁\n戊", "己\n庚", "辛"]


def test_bold_is_known_by_the_character():
    paragraphs = body("一、**甲**乙\n\n| **丙** | 丁**戊** |\n|---|---|")
    assert [bold(paragraph) for paragraph in paragraphs] == ["甲", "丙戊"]
