from portal.notice.comparing.terminal import text
from tests.notice.comparing.versions import edited, of_samples


def test_it_begins_with_the_versions_the_summary_and_the_marks():
    assert text(of_samples()).split("\n")[:3] == [
        "2025V1 → 2026V1",
        "共有 5 处变化：修改 3 处，加粗变化 1 处，新增 1 处。其余条款没有变化。",
        "记号：[-删除-]  {+新增+}  [*改为加粗*]  [/取消加粗/]",
    ]


def test_every_change_is_marked_in_its_paragraph():
    shown = text(of_samples())
    assert "授权登[-陆-]{+录+}或绑定" in shown
    assert "  三、7.　新增\n  {+7. 账号注销完成后，我们将以短信告知您处理结果。+}" in shown
    assert "[*如果您拒绝配合提供身份验证，或者“身份验证”失败，都将无法继续完成注销服务。*]" in shown


def test_new_numbers_and_links_have_lines_of_their_own():
    shown = text(edited(("2.[乙](#)", "3.[乙](/b)"), body="1.甲\n\n2.[乙](#)"))
    assert "编号变化　“乙”：2. 改为 3." in shown
    assert shown.endswith("链接变化\n“乙”：由 网站设置的链接 改为 /b")
