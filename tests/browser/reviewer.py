"""A member of staff at a screen: the console, as the person's pages in ``person``."""

from datetime import timedelta

from portal.clock import SHANGHAI, system_clock
from portal.staffroom.sample import PASSWORD
from tests.browser.person import Person


class Reviewer:
    """``name`` is one of the sample staff, who are named like their roles."""

    def __init__(self, name: str, at: Person) -> None:
        self.name, self.at = name, at

    def signs_in(self, code: str | None = None) -> None:
        self.at.comes_to("/staff/sign-in")
        self.at.types("姓名", self.name)
        self.at.types("密码", PASSWORD)
        self.at.types("验证码", code or self.at.portal.staff_code(self.name))
        self.at.presses("button", "登录")

    def looks_at(self, reference: str) -> None:
        self.at.comes_to(f"/staff/cases/{reference}")

    def fills_in_hold(self, reference: str, reason: str, public: str = "") -> None:
        self.looks_at(reference)
        self.at.presses("link", "暂停")
        self.at.page.get_by_label(self.at.says("原因"), exact=True).select_option(reason)
        self.at.types("依据", "须知第三条第 5 款")
        self.at.types("来源", "工单 20261126-01")
        soon = (system_clock() + timedelta(days=3)).astimezone(SHANGHAI).date()
        self.at.types("复查日期", soon.isoformat())
        self.at.types("对申请人的说明", public)
        self.at.types("内部说明", "投诉人来电，已转调解。")
        self.at.presses("button", "下一步：核对")

    def holds(self, reference: str, reason: str, public: str = "") -> None:
        self.fills_in_hold(reference, reason, public)
        self.at.presses("button", "确认暂停")

    def resumes(self, reference: str, button: str = "确认恢复核查") -> None:
        self.looks_at(reference)
        self.at.presses("link", "act|恢复核查")
        self.at.types("理由", "双方已和解。")
        self.at.presses("button", "下一步：核对")
        self.at.presses("button", button)

    def refuses(self, reference: str, reason: str, public: str) -> None:
        self.looks_at(reference)
        self.at.presses("link", "不予通过")
        self.at.page.get_by_label(self.at.says("原因"), exact=True).select_option(reason)
        self.at.types("对申请人的说明", public)
        self.at.presses("button", "下一步：核对")
        self.at.presses("button", "确认不予通过")

    def answers(self, number: str, text: str) -> None:
        self.at.comes_to(f"/staff/help/{number}")
        self.at.presses("link", "答复")
        self.at.types("答复", text)
        self.at.presses("button", "下一步：核对")
        self.at.presses("button", "确认答复")

    def vouches(self, number: str) -> None:
        self.at.comes_to(f"/staff/help/{number}")
        self.at.presses("link", "代替短信验证")
        for box in ("姓名", "投递或面试记录"):
            self.at.ticks("checkbox", box)
        self.at.types("怎样核对的", "姓名和三次投递都对得上。")
        self.at.presses("button", "下一步：核对")
        self.at.presses("button", "提交复核")

    def approves(self, what: str) -> None:
        self.at.comes_to("/staff/proposals")
        self.at.presses("link", what)
        self.at.presses("button", "同意并执行")
