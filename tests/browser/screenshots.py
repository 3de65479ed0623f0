"""``python -m tests.browser.screenshots DIR [CHAPTER…]``: pictures of every page, for looking at
and for docs.

Each at the width of a phone and of a desk, named ``<page>-<width>.png``, the English ones
``en-<page>-<width>.png``; and ``journey.png``, the README's.
"""

import re
import sys
from base64 import b64encode
from datetime import timedelta
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Browser, sync_playwright
from sqlalchemy import update

from portal.clock import system_clock
from portal.closure.brake import Cause
from portal.closure.lifecycle import State
from portal.language import Language
from portal.store import alerts
from portal.store.tables import Brake, Closure
from tests.browser import chromium
from tests.browser.conftest import ARGUMENTS, FEW_SECONDS
from tests.browser.live import Live, furnish, until
from tests.browser.person import DESKTOP, PHONE, Person
from tests.browser.reviewer import Reviewer
from tests.cast import (
    CLEAN_SEEKER,
    COINS,
    COMPANY_ADMIN,
    COMPLAINANT,
    DEBT,
    MANY_IDENTITIES,
    ONLY_SUPER_ADMIN,
    RECENT_SIGN_IN,
    RECRUITER,
)
from tests.cast import Person as Sample

SAMPLES = Path(__file__).parent.parent / "notice" / "samples"
PUBLIC = {
    "start": "/",
    "notice": "/notices/2025V1",
    "notices": "/notices",
    "track": "/track",
    "track-none": "/track/none",
    "lost-phone": "/close/lost-phone",
    "cookies": "/cookies",
    "accessibility": "/accessibility",
}
HELP = {
    "8-help": "/help",
    "8-help-new": "/help/new/lost-phone",
    "8-help-track": "/help/track",
}
JOURNEY = ("1-notice", "4-consequences", "6-submitted")


class Album:
    """Takes the pictures of one portal's pages."""

    def __init__(self, folder: Path, portal: Live, browser: Browser, language: Language) -> None:
        self._folder, self._portal, self._browser = folder, portal, browser
        self._language = language

    def visit(self, who: Sample) -> Person:
        """A person in a browser of their own, who was never here before."""
        self._portal.begin_anew()
        return self._person(who.phone)

    def joins(self, who: Sample) -> Person:
        """A person who comes beside those who are there."""
        return self._person(who.phone)

    def staff(self, name: str) -> Reviewer:
        """One of the sample staff, signed in, in a browser of their own."""
        reviewer = Reviewer(name, self._person(""))
        reviewer.signs_in()
        return reviewer

    def _person(self, number: str) -> Person:
        page = self._browser.new_context(locale="zh-CN").new_page()
        page.set_viewport_size({"width": DESKTOP.width, "height": DESKTOP.height})
        return Person(number, self._portal, page, DESKTOP, self._language)

    def take(self, person: Person, name: str) -> None:
        name = f"{self._language.prefix}-{name}".removeprefix("/").removeprefix("-")
        for screen in (PHONE, DESKTOP):
            person.page.set_viewport_size({"width": screen.width, "height": screen.height})
            path = self._folder / f"{name}-{screen.width}.png"
            person.page.screenshot(path=path, full_page=True)
        sys.stdout.write(f"{name}\n")


def public(album: Album) -> None:
    person = album.visit(CLEAN_SEEKER)
    for name, path in PUBLIC.items():
        person.comes_to(path)
        album.take(person, name)
    person.comes_to("/nothing-here", 404)
    album.take(person, "error-404")
    person.comes_to("/notices/1999V1", 404)
    album.take(person, "error-notice")


def journey(album: Album) -> None:
    """With every form once sent too early."""
    person = album.visit(MANY_IDENTITIES)
    person.begins()
    album.take(person, "1-notice")
    person.presses("button", "同意并继续")
    album.take(person, "1-notice-error")
    person.agrees()
    album.take(person, "2-phone")
    person.presses("button", "发送验证码")
    album.take(person, "2-phone-error")
    person.gives_number()
    album.take(person, "2-code")
    person.gives_code("000000")
    album.take(person, "2-code-error")
    person.gives_code(person.reads_code())
    album.take(person, "3-side")
    person.presses("button", "继续")
    album.take(person, "3-side-error")
    person.chooses("求职者身份")
    album.take(person, "3-conditions")
    person.presses("button", "确认并继续")
    album.take(person, "3-conditions-error")
    person.confirms_conditions()
    album.take(person, "4-consequences")
    person.accepts_consequences()
    album.take(person, "5-confirm")
    person.presses("button", "提交注销申请")
    album.take(person, "5-confirm-error")
    person.confirms()
    album.take(person, "6-submitted")
    person.comes_to("/dev/outbox")
    album.take(person, "outbox")


def conditions(album: Album) -> None:
    for who in (COINS, DEBT, COMPLAINANT):
        person = album.visit(who)
        person.verifies()
        album.take(person, f"3-conditions-{who.key}")


def consequences(album: Album) -> None:
    for who in (CLEAN_SEEKER, RECRUITER, ONLY_SUPER_ADMIN):
        person = album.visit(who)
        person.comes_to_confirm()
        album.take(person, f"5-confirm-{who.key}")
        person.comes_to("/close/consequences")
        album.take(person, f"4-consequences-{who.key}")


def states(album: Album) -> None:
    """The progress page in every state, and the pages about restoring."""
    person = album.visit(CLEAN_SEEKER)
    person.submits()
    path, reference = person.path, person.reference
    person.looks_again()
    album.take(person, "6-pending")
    person.presses("link", "恢复账号")
    album.take(person, "7-restore")
    reviewer = album.staff("reviewer")
    reviewer.holds(reference, "authority")
    person.opens(path)
    album.take(person, "6-held")
    reviewer.refuses(reference, "penalty", "处罚申诉期未满，期满后可再申请。")
    person.waits_for("注销申请未通过")
    album.take(person, "6-refused")


def stopping(album: Album) -> None:
    """Somebody else guesses at codes; the owner stops what they began."""
    person = album.visit(CLEAN_SEEKER)
    person.submits()
    path = person.path
    person.portal.let_pass(timedelta(minutes=2))
    stranger = album.joins(CLEAN_SEEKER)
    stranger.comes_to("/track")
    stranger.gives_number()
    for _ in range(5):
        stranger.gives_code("000000")
    person.opens(re.findall(r"\S+/stop/\S+", person.reads_sms("/stop/"))[0])
    album.take(person, "9-stop")
    person.presses("button", "暂停注销申请")
    album.take(person, "9-stopped")
    person.opens(path)
    album.take(person, "9-stopped-progress")
    person.comes_to("/stop/unknown", 404)
    album.take(person, "9-stop-unknown")


def console(album: Album) -> None:
    """The staff console, with a case of each kind."""
    references = []
    for who in (RECRUITER, COINS, CLEAN_SEEKER):
        person = album.visit(who) if not references else album.joins(who)
        person.submits()
        references.append(person.reference)
    until(person.portal.is_idle)
    busy, waiting, clean = references
    person.comes_to("/help/new/other")
    person.types("请说说遇到的问题", "注销以后，公司还能看到我的简历吗？")
    person.ticks("radio", "打电话")
    person.types("联系电话或邮箱", "199 0000 0001")
    person.presses("button", "提交")
    stranger = album.joins(CLEAN_SEEKER)
    stranger.comes_to("/staff/sign-in")
    album.take(stranger, "s-sign-in")
    stranger.presses("button", "登录")
    album.take(stranger, "s-sign-in-error")
    reviewer = album.staff("reviewer")
    album.take(reviewer.at, "s-queue")
    reviewer.at.types("受理编号、求助编号或手机号", CLEAN_SEEKER.phone)
    reviewer.at.presses("button", "查找")
    album.take(reviewer.at, "s-found")
    reviewer.looks_at(clean)
    album.take(reviewer.at, "s-case")
    reviewer.at.presses("link", "暂停")
    album.take(reviewer.at, "s-hold")
    reviewer.at.presses("button", "下一步：核对")
    album.take(reviewer.at, "s-hold-error")
    reviewer.fills_in_hold(clean, "dispute", "您有一件投诉尚在调解，预计三日内有结果。")
    album.take(reviewer.at, "s-hold-confirm")
    reviewer.at.presses("button", "确认暂停")
    album.take(reviewer.at, "s-case-held")
    reviewer.holds(busy, "authority")
    reviewer.resumes(busy, "提交复核")
    reviewer.looks_at(waiting)
    reviewer.at.presses("link", "不予通过")
    album.take(reviewer.at, "s-refuse")
    supervisor = album.staff("supervisor")
    supervisor.at.comes_to("/staff/proposals")
    album.take(supervisor.at, "s-proposals")
    supervisor.at.presses("link", "解除因国家机关而设的暂停")
    album.take(supervisor.at, "s-proposal")
    supervisor.at.comes_to("/staff/alerts")
    album.take(supervisor.at, "s-alerts")
    with person.portal.store.begin() as session:
        now = system_clock()
        session.execute(update(Closure).where(Closure.reference == clean).values(review_by=now))
        for kind in (alerts.Kind.HOLD_LATE, alerts.Kind.TASK_FAILS):
            alerts.raise_alert(session, kind, clean, now)
        past = update(Closure).where(Closure.reference == waiting)
        session.execute(past.values(promise_at=now - timedelta(hours=3)))
        session.add(Brake(cause=Cause.RATE, pulled_at=now))
        alerts.raise_alert(session, alerts.Kind.BRAKE, Cause.RATE, now)
    supervisor.at.comes_to("/staff")
    album.take(supervisor.at, "s-queue-late")
    supervisor.at.presses("link", "提出松开")
    album.take(supervisor.at, "s-brake")
    supervisor.at.comes_to("/staff/alerts")
    album.take(supervisor.at, "s-alerts-some")
    supervisor.at.comes_to(f"/staff/cases/{clean}/retry/erase")
    album.take(supervisor.at, "s-retry")
    supervisor.at.comes_to("/staff")
    supervisor.at.types("受理编号或手机号", RECENT_SIGN_IN.phone)
    supervisor.at.presses("button", "查找")
    album.take(supervisor.at, "s-found")
    supervisor.at.presses("button", "提出豁免")
    album.take(supervisor.at, "s-waive")
    viewer = album.staff("viewer")
    viewer.at.comes_to(f"/staff/cases/{clean}/resume", 403)
    album.take(viewer.at, "s-not-yours")


def asking(album: Album) -> None:
    """Help: asked for, answered, and standing in for a code by two."""
    person = album.visit(CLEAN_SEEKER)
    for name, path in HELP.items():
        person.comes_to(path)
        album.take(person, name)
    person.comes_to("/help/new/lost-phone")
    person.presses("button", "提交")
    album.take(person, "8-help-new-error")
    person.types("账号绑定的手机号", CLEAN_SEEKER.phone)
    person.types("请说说遇到的问题", "手机上个月丢了，号码已经停用。")
    person.ticks("radio", "发邮件")
    person.types("联系电话或邮箱", "me@example.com")
    person.presses("button", "提交")
    album.take(person, "8-help-case")
    number = person.reference
    first, second = album.staff("reviewer"), album.staff("supervisor")
    for name, path in {"list": "", "case": f"/{number}", "answer": f"/{number}/answer"}.items():
        first.at.comes_to(f"/staff/help{path}")
        album.take(first.at, f"staff-help-{name}")
    first.answers(number, "请告诉我们最近投递过的两家公司。")
    first.at.comes_to(f"/staff/help/{number}/vouch")
    album.take(first.at, "staff-help-vouch")
    first.vouches(number)
    first.at.comes_to(f"/staff/help/{number}/end")
    album.take(first.at, "staff-help-end")
    second.at.comes_to("/staff/proposals")
    second.at.presses("link", "求助代替短信验证")
    album.take(second.at, "staff-help-proposal")
    second.at.presses("button", "同意并执行")
    person.looks_again()
    album.take(person, "8-help-go-on")
    person.presses("button", "结束这次求助")
    album.take(person, "8-help-ended")


def taking_along(album: Album) -> None:
    """One's own data: asked for, and ready."""
    person = album.visit(COINS)
    person.submits()
    person.presses("link", "下载我的数据")
    album.take(person, "d-download")
    person.presses("button", "开始整理")
    person.waits_for("您的数据已整理好")
    album.take(person, "d-ready")


def handing_over(album: Album) -> None:
    """A recruiter names, the company takes over."""
    leaver = album.visit(RECRUITER)
    leaver.comes_to("/handover/phone")
    album.take(leaver, "h-phone")
    leaver.verifies()
    leaver.confirms_conditions()
    leaver.presses("link", "您可以为这些内容指定接手的同事")
    leaver.presses("button", "指定")
    album.take(leaver, "h-successors-error")
    leaver.ticks("checkbox", "全部职位")
    leaver.page.get_by_label(leaver.says("交给"), exact=True).select_option(label="罗* 招聘经理")
    leaver.presses("button", "指定")
    album.take(leaver, "h-successors")
    leaver.presses("link", "返回")
    leaver.accepts_consequences()
    leaver.confirms()
    until(lambda: not leaver.portal.can_sign_in(RECRUITER.id))
    admin = album.joins(COMPANY_ADMIN)
    admin.comes_to("/handover/phone")
    admin.gives_number()
    admin.gives_code()
    album.take(admin, "h-desk")
    admin.presses("link", "唐*")
    admin.presses("button", "下一步：核对")
    album.take(admin, "h-estate-error")
    admin.ticks("checkbox", "智联币 60 枚")
    admin.page.locator("input[name^=quantity-]").first.fill("25")
    admin.page.get_by_label(admin.says("交接给"), exact=True).select_option(label="罗* 招聘经理")
    admin.presses("button", "下一步：核对")
    admin.portal.let_sign_ins_age(timedelta(minutes=16))
    admin.portal.let_pass(timedelta(minutes=2))
    admin.presses("button", "确认交接")
    album.take(admin, "h-code-first")
    admin.gives_number()
    admin.gives_code()
    album.take(admin, "h-confirm")
    admin.presses("button", "确认交接")
    album.take(admin, "h-estate-done")


def pool(album: Album) -> None:
    """On a portal with a short window: what a recruiter has left."""
    leaver = album.visit(RECRUITER)
    leaver.submits()
    leaver.follows_link()
    leaver.waits_for(leaver.says("%(who)s已注销") % {"who": leaver.says("账号")})
    admin = album.joins(COMPANY_ADMIN)
    admin.comes_to("/handover/phone")
    admin.gives_number()
    admin.gives_code()
    admin.presses("link", "查看公司封存的内容")
    album.take(admin, "h-pool")


def erasing(album: Album) -> None:
    """Too quick to be caught: so made up."""
    person = album.visit(CLEAN_SEEKER)
    person.submits()
    until(person.portal.is_idle)
    with person.portal.store.begin() as session:
        session.execute(update(Closure).values(state=State.ERASING))
    person.looks_again()
    album.take(person, "6-erasing")


def restored(album: Album) -> None:
    person = album.visit(CLEAN_SEEKER)
    person.submits()
    person.presses("link", "恢复账号")
    person.presses("button", "恢复账号")
    person.waits_for(person.says("%(who)s已恢复") % {"who": person.says("账号")})
    album.take(person, "6-restored")


def limits(album: Album) -> None:
    """Codes that are not sent and not taken any more."""
    person = album.visit(CLEAN_SEEKER)
    person.begins()
    person.agrees()
    for _ in range(5):
        person.gives_number()
        person.portal.let_pass(timedelta(minutes=2))
        person.comes_to("/close/phone")
    person.gives_number()
    album.take(person, "2-phone-limited")


def locked(album: Album) -> None:
    person = album.visit(CLEAN_SEEKER)
    person.begins()
    person.agrees()
    for time in range(2):
        person.gives_number()
        for _ in range(5):
            person.gives_code("000000")
        album.take(person, "2-code-dead" if time == 0 else "2-code-locked")
        person.portal.let_pass(timedelta(minutes=2))
        person.comes_to("/close/phone")


def closed(album: Album) -> None:
    """On a portal with a short window."""
    person = album.visit(CLEAN_SEEKER)
    person.submits()
    path = person.path
    person.follows_link()
    person.waits_for(person.says("%(who)s已注销") % {"who": person.says("账号")})
    album.take(person, "6-closed")
    person.presses("link", "查看回执")
    album.take(person, "8-receipt-closing")
    person.presses("link", person.says("查看%(name)s") % {"name": person.says("申请回执")})
    album.take(person, "8-receipt-submission")
    person.presses("link", "核对回执文件")
    album.take(person, "8-receipt-check")
    person.opens(f"{path}/restore", 409)
    album.take(person, "7-too-late")


def versions(album: Album) -> None:
    """On a portal with two versions of the notice."""
    person = album.visit(CLEAN_SEEKER)
    person.comes_to("/notices/2025V1...2026V1")
    album.take(person, "notice-changes")


def together(browser: Browser, folder: Path) -> None:
    """Three phones side by side, for the README."""
    pictures = (
        b64encode((folder / f"{name}-{PHONE.width}.png").read_bytes()).decode() for name in JOURNEY
    )
    width = len(JOURNEY) * (PHONE.width + 24) + 24
    page = browser.new_page(viewport={"width": width, "height": PHONE.height + 48})
    page.set_content(
        "<style>body {display: flex; gap: 24px; margin: 24px; background: #e4e7ec}"
        f"img {{width: {PHONE.width}px; height: {PHONE.height}px; object-fit: cover;"
        "object-position: top; border-radius: 12px}</style>"
        + "".join(f"<img alt='' src='data:image/png;base64,{one}'>" for one in pictures)
    )
    page.screenshot(path=folder / "journey.png")


STATES = states, erasing, restored, limits, locked
CHAPTERS = (
    public,
    journey,
    conditions,
    consequences,
    asking,
    taking_along,
    handing_over,
    *STATES,
    stopping,
    console,
)
HASTY = versions, closed, pool


def main(folder: Path, *wanted: str) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    path = chromium.find()
    with TemporaryDirectory() as made, sync_playwright() as playwright:
        template = furnish(Path(made))
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        hasty = {"notices": str(SAMPLES), **FEW_SECONDS}
        for chapters, settings in ((CHAPTERS, {}), (HASTY, hasty)):
            chosen = [one for one in chapters if not wanted or one.__name__ in wanted]
            with Live.running(template, **settings) as portal:
                for chapter, language in product(chosen, Language):
                    chapter(Album(folder, portal, browser, language))
        if not wanted:
            together(browser, folder)
        browser.close()


if __name__ == "__main__":
    main(Path(sys.argv[1]), *sys.argv[2:])
