from portal.notice.comparing.comparison import compare
from portal.notice.comparing.report import excerpt, groups, relinked, summary
from tests.notice.comparing.versions import edited, of_samples
from tests.notice.notices import sample

LAW = "2.争议由法院管辖。"


def shown(comparison):
    """Headings of groups, and under each its items."""
    return {
        group.heading: [f"{item.cited} {item.words}{item.formerly}" for item in group.items]
        for group in groups(comparison)
        if group.items and group.items[0].cited
    }


def test_changes_stand_under_their_sections():
    assert shown(of_samples()) == {
        "二、账号注销的后果": ["二、3. 1) 修改", "二、4. 修改"],
        "三、账号注销流程": ["三、3. 加粗变化", "三、7. 新增"],
        "四、其他事项": ["四、其他事项 修改"],
    }


def test_header_and_preamble_have_names():
    headings = [group.heading for group in groups(edited(("开头", "开始"), ("甲方", "我们")))]
    assert headings == ["开头部分", "一、总则"]
    assert groups(of_samples())[0].heading == "标题、日期与版本"


def test_what_moved_or_changed_its_number_says_from_where():
    comparison = edited((f"\n\n{LAW}", ""), ("二、附则", "3.有关争议由法院管辖。\n\n二、附则"))
    assert shown(comparison) == {"一、总则": ["一、3. 修改、移动（原为二、2.）"]}


def test_a_clause_that_is_new_brings_all_that_stands_under_it():
    comparison = edited((LAW, f"{LAW}\n\n三、数据\n\n1.我们保留：\n\n- 1) 订单；\n- 2) 评价。"))
    (item,) = groups(comparison)[-1].items
    assert [change.here.cited for change in item.changes] == [
        "三、数据", "三、1.", "三、1. 1)", "三、1. 2)",
    ]  # fmt: skip


def test_a_clause_nested_in_others_says_in_which():
    (item,) = groups(edited(("姓名和电话", "姓名和邮箱")))[0].items
    assert item.context == ["2.乙方应当如实填写资料："]


def test_new_numbers_stand_together():
    (group,) = groups(edited(("1.本须知自公布之日起施行。\n\n2.争议", "1.争议")))
    assert [change.here.cited for change in group.renumbered] == ["二、1."]
    assert [item.words for item in group.items] == ["删除"]


def test_the_summary_counts_what_happened():
    assert summary(of_samples()) == (
        "共有 5 处变化：修改 3 处，加粗变化 1 处，新增 1 处。其余条款没有变化。"
    )
    assert (
        summary(edited(("1.争议", "2.争议"), body="1.争议由")) == "共有 1 处变化：编号变化 1 处。"
    )


def test_the_summary_says_so_when_nothing_changed():
    comparison = compare(sample("2025V1"), sample("2025V1"))
    assert summary(comparison) == "条款的文字、加粗和编号都没有变化。"
    assert groups(comparison) == []


def test_links_are_told_with_their_targets():
    comparison = edited(("[乙](#)", "乙"), ("#", "/c"), body="甲[乙](#)和[丙](#)")
    assert relinked(comparison) == [
        "“乙”：由 网站设置的链接 改为 没有链接",
        "“丙”：由 网站设置的链接 改为 /c",
    ]


def test_an_excerpt_is_short():
    assert excerpt(" 账号 ") == "账号"
    assert excerpt("账" * 21) == "账" * 19 + "…"
