import re

from hypothesis import given, settings

from portal.notice.comparing.comparison import compare
from portal.notice.comparing.page import render_changes
from tests.notice.comparing.versions import edited, of_samples, two_versions
from tests.notice.fragments import Parsed

TAGS = {"p", "h2", "h3", "ul", "li", "a", "ins", "del", "span", "strong", "small"}


def paragraphs(html):
    return re.findall(r'<p class="changed">(.*?)</p>', html, re.DOTALL)


def without(html, tag):
    return re.sub(rf"<{tag}\b.*?</{tag}>", "", html, flags=re.DOTALL)


def seen(html):
    """What is read without the words for screen readers."""
    return re.sub(r"<.*?>", "", without(html, "span"))


def test_the_page_of_the_samples_is_well_formed_with_headings_in_order():
    page = Parsed(render_changes(of_samples()))
    assert set(page.tags) <= TAGS
    headings = [tag for tag in page.tags if tag in ("h2", "h3")]
    assert headings == ["h2", "h2", "h3", "h3", "h2", "h3", "h3", "h2", "h3"]


def test_a_changed_paragraph_reads_as_either_version():
    html = paragraphs(render_changes(edited(("甲方应当保护", "我们必须保护"))))[0]
    assert seen(without(html, "ins")) == "1.甲方应当保护个人信息。"
    assert seen(without(html, "del")) == "1.我们必须保护个人信息。"


def test_changes_are_said_in_words_too():
    html = render_changes(of_samples())
    assert '<ins><span class="spoken">〔新增：</span>录<' in html
    assert '<del><span class="spoken">〔删除：</span>陆<' in html
    assert "〔加粗变化：" in html
    assert "〔改为加粗〕" in html


def test_an_inserted_space_can_be_heard():
    html = render_changes(edited(("VIP会员", "VIP 会员"), body="VIP会员"))
    assert '<ins><span class="spoken">〔新增：</span> <span class="spoken">空格</span>' in html


def test_bold_words_among_deleted_ones_stay_bold_in_one_deletion():
    (html,) = paragraphs(render_changes(edited(("\n\n甲**乙**丙", ""), body="丁\n\n甲**乙**丙")))
    assert without(html, "span") == "<del>甲<strong>乙</strong>丙</del>"


def test_a_changed_clause_is_linked_in_both_versions():
    html = render_changes(of_samples())
    assert '<a href="/notices/2025V1#c-2-4">2025V1 二、4.</a>' in html
    assert '<a href="/notices/2026V1#c-2-4">2026V1 二、4.</a>' in html
    assert "/notices/2025V1#c-3-7" not in html


def test_new_numbers_are_a_list_of_links():
    html = render_changes(edited(("2.争议", "3.争议")))
    assert (
        '<li>“争议由法院管辖。”：<a href="/notices/2025V1#c-2-2">2025V1 二、2.</a>'
        ' 改为 <a href="/notices/2025V1#c-2-3">2025V1 二、3.</a></li>'
    ) in html


def test_changed_links_are_text():
    html = render_changes(edited(("#", "javascript:alert(1)"), body="[甲](#)"))
    assert Parsed(html).lines[-2:] == [
        "链接变化",
        "“甲”：由 网站设置的链接 改为 javascript:alert(1)",
    ]
    assert "href" not in html


def test_markup_in_a_notice_is_text():
    raw = "<script>alert(1)</script>&amp;"
    html = render_changes(edited(("甲", raw), ("丙", raw), body="一、甲乙\n\n1.丙丁"))
    page = Parsed(html)
    assert set(page.tags) <= TAGS
    assert "<script>alert(1)</script>&" in "".join(page.lines)


@given(two_versions())
@settings(max_examples=60, deadline=None)
def test_any_page_is_well_formed_and_brings_no_ids(versions):
    page = Parsed(render_changes(compare(*versions)))
    assert set(page.tags) <= TAGS
    assert page.ids == []
    assert all(target.startswith("/notices/2025V1#") for target in page.values("href"))
