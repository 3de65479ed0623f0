import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from portal.notice.comparing.edits import edits

TEXT = st.text("账号注销，。的3A ", max_size=30)


def shown(old, new):
    found = edits(old, new)
    return "".join(
        (f"[-{edit.deleted}-]" if edit.deleted else "")
        + (f"{{+{edit.inserted}+}}" if edit.inserted else "")
        + edit.kept
        for edit in found
    )


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("授权登陆或绑定", "授权登录或绑定", "授权登[-陆-]{+录+}或绑定"),
        ("VIP会员、智联币", "VIP 会员、AI 服务、智联币", "VIP{+ +}会员、{+AI 服务、+}智联币"),
        (
            "您应确认。您同意。",
            "您应确认。您可以拒绝。您同意。",
            "您应确认。{+您可以拒绝。+}您同意。",
        ),
        ("未支付的订单；", "未支付、有争议的订单；", "未支付{+、有争议+}的订单；"),
        ("账号最近 3 个月内", "账号最近 3 个月内", "账号最近 3 个月内"),
        ("", "甲", "{+甲+}"),
    ],
)
def test_no_more_is_marked_than_changed(old, new, expected):
    assert shown(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("在 5 日内", "在 15 日内", "在 [-5-]{+15+} 日内"),
        ("自 20251222 起", "自 20260520 起", "自 [-20251222-]{+20260520+} 起"),
        ("至 18:00", "至 18:30", "至 [-18:00-]{+18:30+}"),
    ],
)
def test_figures_are_replaced_as_a_whole(old, new, expected):
    assert shown(old, new) == expected


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        (
            "（仅限工作时间）",
            "（工作日 9:00 至 18:00）",
            "（[-仅限工作时间-]{+工作日 9:00 至 18:00+}）",
        ),
        (
            "您有权申请仲裁。",
            "任何人不得擅自披露您的信息。",
            "[-您有权申请仲裁-]{+任何人不得擅自披露您的信息+}。",
        ),
        ("提供的产品与服务。", "提供的产品和服务。", "提供的产品[-与-]{+和+}服务。"),
    ],
)
def test_what_two_changes_happen_to_leave_between_them_belongs_to_them(old, new, expected):
    assert shown(old, new) == expected


def test_phrases_that_stayed_stay_among_new_ones():
    old = "在特定情形下，为履行我们的法律义务、解决争议、防止欺诈，我们保留信息。"
    new = "为履行法律规定的义务、解决争议、防止欺诈，在特定情形下，我们保留信息。"
    assert shown(old, new) == (
        "[-在特定情形下，为履行我们的法律-]{+为履行法律规定的+}义务、解决争议、防止欺诈，"
        "{+在特定情形下，+}我们保留信息。"
    )


@given(TEXT, TEXT)
@settings(max_examples=200, deadline=None)
def test_edits_make_the_new_text_of_the_old_one(old, new):
    found = edits(old, new)
    assert "".join(edit.deleted + edit.kept for edit in found) == old
    assert "".join(edit.inserted + edit.kept for edit in found) == new
    assert all(edit.deleted or edit.inserted for edit in found[1:])
    assert all(edit.kept for edit in found[:-1])
