import hashlib
from datetime import date

import pytest

from portal.notice.reading import HEAD, BoldRun, Link, NoticeError, Section, read
from tests.notice.notices import DIRECTORY, HEADER, notice_with, sample

BOLD = [
    ("b-p-1-1", "我们提醒您谨慎选择注销，账号注销后，您将无法使用智联的产品与服务。"),
    ("b-p-2-1", "请您认真阅读《智联账号注销须知》"),
    ("b-p-2-2", "粗体标注的内容"),
    ("b-c-1-1-1", "本人的账号"),
    ("b-c-1-1-2", "有权自主决定账号的注销事宜"),
    ("b-c-1-2-1", "正常状态"),
    ("b-c-1-2-3-1", "未支付的订单"),
    ("b-c-1-2-4-1", "未处理完毕的投诉、争议或纠纷"),
    ("b-c-1-2-6-1", "无任何未处理完毕的"),
    ("b-c-2-2-1", "请您在申请注销前自行处理和备份您欲保留的账号内的信息和数据。"),
    (
        "b-c-2-3-1-1",
        "求职者账号注销后，还将导致求职者账号以及与之关联的招聘者账号都将被永久注销。",
    ),
]
PATHS = [
    *("p-1", "p-2", "p-3"),
    *("一", "一.1", "一.2", "一.2.1", "一.2.2", "一.2.3", "一.2.4", "一.2.5", "一.2.6"),
    *("二", "二.1", "二.2", "二.3", "二.3.1", "二.3.2", "二.4"),
    *("三", "三.1", "三.2", "三.3", "三.4", "三.5", "三.6"),
    "四",
]


def test_2025v1_header():
    notice = sample("2025V1")
    assert (notice.title, notice.version) == ("智联账号注销须知", "2025V1")
    assert (notice.updated, notice.effective) == (date(2025, 12, 22), date(2025, 12, 29))


def test_2025v1_source_and_digest():
    notice, source = sample("2025V1"), (DIRECTORY / "2025V1.md").read_bytes()
    assert notice.source == source
    assert notice.source_sha256 == hashlib.sha256(source).hexdigest()


def test_2025v1_sections():
    assert sample("2025V1").sections == (
        Section("一", "注销申请前确认", "c-1"),
        Section("二", "账号注销的后果", "c-2"),
        Section("三", "账号注销流程", "c-3"),
        Section("四", "其他事项", "c-4"),
    )


def test_2025v1_clauses():
    clauses = sample("2025V1").clauses
    assert [".".join(c.path) or c.id for c in clauses] == PATHS
    sections = str.maketrans("一二三四.", "1234-")
    expected = [path if path[0] == "p" else f"c-{path.translate(sections)}" for path in PATHS]
    assert [c.id for c in clauses] == expected


def test_2025v1_clause_text_is_without_number_and_nested_clauses():
    text = {clause.id: clause.text for clause in sample("2025V1").clauses}
    assert text["c-1-2-3"] == "账号内不存在已提供服务但未支付的订单；"
    assert text["c-2-3"].startswith("账号内的资产将无法使用\n请您在申请注销前做好资产处置")


def test_2025v1_bold_runs():
    runs = sample("2025V1").bold_runs
    assert [(run.id, run.text) for run in runs] == BOLD
    assert all(run.id.startswith(f"b-{run.clause_id}-") for run in runs)


def test_2025v1_links():
    links = (Link("智联招聘用户服务协议", "#"), Link("隐私政策", "#"))
    assert sample("2025V1").links == links


def test_2026v1_title_as_a_heading():
    notice = sample("2026V1")
    assert (notice.title, notice.version) == ("智联账号注销须知", "2026V1")
    assert notice.effective == date(2026, 6, 1)


def test_header_lines_need_no_blank_line_and_no_order():
    notice = read("# 须知\n版本:2026V12\n生效日期：20260601\n更新日期： 20260520 \n\n正文".encode())
    assert (notice.version, notice.updated) == ("2026V12", date(2026, 5, 20))
    assert notice.clauses[0].text == "正文"


def test_a_byte_order_mark_and_windows_line_ends_are_read():
    notice = read(b"\xef\xbb\xbf" + (HEADER + "一、甲\n\n乙").replace("\n", "\r\n").encode())
    assert (notice.title, notice.clauses[0].text) == ("智联账号注销须知", "甲\n乙")


def test_bold_in_the_header_has_a_home():
    notice = read(HEADER.replace("版本：2025V1", "**版本：2025V1**").encode())
    assert notice.bold_runs == (BoldRun("b-head-1", "版本：2025V1", HEAD),)


def test_bold_inside_bold_is_one_run():
    assert [run.text for run in notice_with("甲**乙**丙**丁**").bold_runs] == ["乙", "丁"]
    assert [run.text for run in notice_with("甲 ****乙****").bold_runs] == ["乙"]


def test_bold_in_tables_and_quotes_is_found():
    notice = notice_with("> **甲**\n\n| **乙** |\n|---|\n| 丙 |")
    assert [run.id for run in notice.bold_runs] == ["b-p-1-1", "b-p-2-1"]


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("", "第 1 行：须知应以标题开头"),
        ("\n- 甲", "第 2 行：须知应以标题开头"),
        (HEADER.removeprefix("智联账号注销须知"), "第 3 行：标题应写在“更新日期”等之前"),
        ("须知", "第 1 行：标题之后缺少单独成行的“更新日期：”"),
        (HEADER.replace("版本：", "版本 "), "第 7 行：标题之后缺少单独成行的“版本：”"),
        (HEADER + "版本：2025V1", "第 9 行：“版本”写了两次"),
        (HEADER.replace("2025V1", "一"), "第 7 行：“版本：一”应写成如 2025V1"),
        (HEADER.replace("1222", "122"), "第 3 行：“更新日期：2025122”应写成 8 位数字，如 20251229"),
        (HEADER.replace("1229", "1232"), "第 5 行：“生效日期：20251232”日历上没有这一天"),
    ],
)
def test_an_unreadable_header_names_the_line(source, message):
    with pytest.raises(NoticeError) as raised:
        read(source.encode())
    assert str(raised.value) == message


def test_other_encodings_are_refused_with_the_line():
    with pytest.raises(NoticeError, match="第 1 行：不是 UTF-8"):
        read("智联账号注销须知".encode("gb18030"))
