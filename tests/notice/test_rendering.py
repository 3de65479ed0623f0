import hashlib
import re
from itertools import cycle

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.notice.reading import NoticeError
from portal.notice.rendering import render
from tests.notice.fragments import Parsed
from tests.notice.notices import notice_with, sample

TAGS = {
    *("header", "h1", "h2", "h3", "section", "ol", "ul", "li", "p", "blockquote", "pre"),
    *("table", "thead", "tbody", "tr", "th", "td", "strong", "em", "code", "a", "br"),
}
ATTRIBUTES = {"id", "class", "role", "scope", "href"}

WORDS = st.text("账号注销一3A。，；：、！？（）《》“”‘’…—·", min_size=1, max_size=6)
PARAGRAPH = st.lists(WORDS, min_size=1, max_size=5)
"""Plain and bold words by turns."""

PIECES = [
    *("<script>", "</p>", "<img onerror=x>", "<", ">", '"', "&lt;", "#", "一、", "1) ", " "),
    *("[甲](", "[", "]", "(", ")", "javascript:", "data:,", "https://a.b", "/", "//a.b", "\\"),
    *("**", "*", "`", "\n", "\n\n", "- ", "> ", "|", "---"),
]
HOSTILE = st.lists(st.sampled_from(PIECES), max_size=25).map("".join)


def parsed(body, links=None):
    return Parsed(render(notice_with(body), links or {}).html)


def body_lines(body, links=None):
    return parsed(body, links).lines[4:]


def without_markup(source):
    """The lines of a notice as a reader would copy them by hand."""
    text = re.sub(r"\[(.*?)\]\(.*?\)", r"\1", source.replace("**", ""))
    return [re.sub(r"^(- |# )", "", line) for line in text.split("\n") if line]


@pytest.mark.parametrize("version", ["2025V1", "2026V1"])
def test_every_character_stands_there_once_in_order_and_nothing_else(version):
    notice = sample(version)
    assert Parsed(render(notice).html).lines == without_markup(notice.source.decode())


def test_2025v1_is_well_formed_with_a_stable_id_for_every_clause_and_bold_run():
    notice = sample("2025V1")
    ids = Parsed(render(notice).html).ids
    assert len(ids) == len(set(ids))
    expected = {"head"} | {c.id for c in notice.clauses} | {b.id for b in notice.bold_runs}
    assert set(ids) == expected


def test_2025v1_has_one_h1_four_h2_and_eleven_bold_runs():
    fragment = render(sample("2025V1"))
    tags = Parsed(fragment.html).tags
    assert (tags.count("h1"), tags.count("h2"), tags.count("strong")) == (1, 4, 11)
    assert fragment.bold_ids == tuple(
        re.findall(r'<strong class="clause" id="(.*?)">', fragment.html)
    )


def test_clauses_are_lists_whose_numbers_are_text():
    html = render(notice_with("一、甲\n\n2.乙\n\n- 1) 丙")).html.replace("\n", "")
    assert html.partition("</header>")[2] == (
        '<section id="c-1"><h2>一、甲</h2><ol role="list" class="clauses">'
        '<li id="c-1-2"><p>2.乙</p><ol role="list" class="clauses">'
        '<li id="c-1-2-1"><p>1) 丙</p></li></ol></li></ol></section>'
    )


def test_the_digest_is_over_the_bytes_of_the_fragment():
    fragment = render(sample("2025V1"))
    assert fragment.sha256 == hashlib.sha256(fragment.html.encode()).hexdigest()


def test_rendering_twice_gives_the_same_fragment():
    assert render(sample("2025V1")) == render(sample("2025V1"))


def test_open_links_take_their_targets_by_text_and_are_text_without_one():
    html = render(sample("2025V1"), {"隐私政策": "https://example.com/p?a=1&b=2"}).html
    assert (
        '《智联招聘用户服务协议》和《<a href="https://example.com/p?a=1&amp;b=2">隐私政策</a>》'
        in html
    )


@pytest.mark.parametrize("target", ["https://example.com", "HTTPS://example.com/a#b", "/terms"])
def test_safe_links_are_links(target):
    assert parsed(f"[甲]({target})").tags[-1] == "a"


@pytest.mark.parametrize(
    "target",
    [
        *("javascript:alert(1)", "JaVaScRiPt:alert(1)", "&#106;avascript:alert(1)", "vbscript:x"),
        *(
            "data:text/html,x",
            "data:image/png;base64,x",
            "file:///etc/passwd",
            "mailto:a@b.example",
        ),
        *("http://example.com", "//example.com", "///example.com", "https:example.com", "https://"),
        *("https://zhaopin.com@example.com", "", "<>", "#", "#c-1"),
    ],
)
def test_unsafe_links_are_their_text(target):
    page = parsed(f"一[甲]({target})乙")
    assert page.values("href") == []
    assert page.lines[-1] == "一甲乙"


@pytest.mark.parametrize(
    "target", ["javascript:alert(1)", "http://example.com", "//a", "/\\a", "/\ta", "#"]
)
def test_unsafe_targets_from_the_settings_are_refused(target):
    with pytest.raises(NoticeError, match="隐私政策"):
        render(sample("2025V1"), {"隐私政策": target})


@pytest.mark.parametrize(
    "raw",
    [
        *("<script>alert(1)</script>", "<img src=x onerror=alert(1)>", "<b>甲</b>", "甲<br/>乙"),
        *("<!-- 甲 -->", "<style>p{}</style>", '<a href="https://example.com">甲</a>', "&<>\"'"),
    ],
)
def test_raw_html_is_text(raw):
    assert body_lines(f"{raw}\n\n一、{raw}\n\n- 1) {raw}") == [raw, f"一、{raw}", f"1) {raw}"]


def test_an_autolink_to_a_script_is_text():
    assert parsed("<javascript:alert(1)>").values("href") == []


def test_tables_quotes_lists_and_code_are_shown():
    table, code = "| 甲 | 乙 |\n|:--|--:|\n| 丙 | 丁 |", "```\n壬\n```\n`癸`"
    page = parsed(f"{table}\n\n> 戊\n\n- 己\n  - 庚\n- 辛\n\n{code}\n\n*子*")
    assert page.lines[4:] == list("甲乙丙丁戊己庚辛壬癸子")
    assert {"table", "th", "td", "blockquote", "ul", "pre", "code", "em"} <= set(page.tags)
    assert page.values("scope") == ["col", "col"]


def test_rules_and_line_breaks_add_no_text():
    assert body_lines("甲  \n乙\n\n---\n\n> 丙\n>\n> ***\n\n丁") == list("甲乙丙丁")


def test_a_heading_without_number_inside_a_section_stays_inside_it():
    html = render(notice_with("一、甲\n\n### 乙\n\n1.丙")).html.replace("\n", "")
    assert '<section id="c-1"><h2>一、甲</h2><h3>乙</h3><ol' in html


def test_bold_may_stand_in_title_headings_links_and_numbers():
    body = "**一、甲**\n\n**1.**乙\n\n[**丙**](https://example.com)"
    page = parsed(body)
    assert page.lines[4:] == ["一、甲", "1.乙", "丙"]
    assert {"b-c-1-1", "b-c-1-1-1", "b-c-1-1-2"} <= set(page.ids)


@given(st.lists(PARAGRAPH, min_size=1, max_size=4), st.booleans())
@settings(max_examples=150, deadline=None)
def test_generated_notices_keep_every_character_and_every_bold_run(paragraphs, listed):
    marked = ["".join(mark + w + mark for mark, w in zip(cycle(["", "**"]), p)) for p in paragraphs]
    notice = notice_with("\n".join(f"- {m}" for m in marked) if listed else "\n\n".join(marked))
    fragment = render(notice)
    page = Parsed(fragment.html)
    assert page.lines[4:] == ["".join(paragraph) for paragraph in paragraphs]
    assert [run.text for run in notice.bold_runs] == [w for p in paragraphs for w in p[1::2]]
    assert len(page.ids) == len(set(page.ids))
    assert set(fragment.bold_ids) <= set(page.ids)


@given(HOSTILE)
@settings(max_examples=300, deadline=None)
def test_hostile_notices_give_only_our_own_tags_and_safe_targets(body):
    page = parsed("甲\n\n" + body)
    assert set(page.tags) <= TAGS
    assert {name for name, _ in page.attributes} <= ATTRIBUTES
    assert all(target.startswith(("https://", "/")) for target in page.values("href"))
    assert len(page.ids) == len(set(page.ids))
