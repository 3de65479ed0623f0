"""The console in English: every page of it, and nothing of it in what people are told."""

from datetime import timedelta

import pytest
from flask import Flask
from sqlalchemy import update

from portal.closure import brake, holding
from portal.closure.brake import Cause
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.evidence.ledger import Actor, Kind, Purpose, read
from portal.identity import private_link
from portal.language import Language
from portal.services import Services
from portal.staffroom.roles import Role
from portal.store import alerts
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER, COINS, RECENT_SIGN_IN, RECRUITER
from tests.client import Browser
from tests.closure import upstream
from tests.closure.journeys import events_of, reload, submitted
from tests.fakes import FakeClock, FakeGateway
from tests.web.help_pages import asks
from tests.web.outages import SwitchedAccounts
from tests.web.routes import fill, rules
from tests.web.staff.conftest import Desk
from tests.web.staff.test_pages import HOLD
from tests.work import work

EN = "/en"


def case(closure: Closure, *more: str) -> str:
    return "/".join((f"{EN}/staff/cases/{closure.reference}", *more))


def held(browser: Browser, closure: Closure, **changed: str) -> None:
    browser.open(case(closure, "hold"))
    browser.send(**{**HOLD, **changed})
    browser.send(sure="y")


@pytest.fixture
def number(app: Flask) -> str:
    """A help case, by its number."""
    return asks(Browser(app)).rsplit("/", 1)[1]


class TestPages:
    def test_every_address_of_the_console_has_its_page(
        self, app: Flask, desk: Desk, closure: Closure, number: str, clock: FakeClock
    ) -> None:
        services: Services = app.extensions["services"]
        upstream.complain_about(services, CLEAN_SEEKER)
        brake.pull(services, Cause.RATE)
        with services.store.begin() as session:
            alerts.raise_alert(session, alerts.Kind.OVERDUE, closure.reference, clock())
        browser = desk(Role.SUPERVISOR, "李主管")
        known = {"reference": closure.reference, "case": number}
        paths = [fill(rule, **known) for rule in rules(app, "GET")]
        console = [path for path in paths if path.startswith("/staff")]
        assert len(console) > 10
        for path in console:
            browser.open(EN + path)
            assert browser.path.startswith(f"{EN}/staff")

    @pytest.mark.parametrize("who", [COINS, RECRUITER], ids=lambda one: one.key)
    @pytest.mark.parametrize("state", list(State))
    def test_a_case_in_every_state(
        self, desk: Desk, services: Services, who: type, state: State
    ) -> None:
        made = submitted(services, who)
        work(services)
        with services.store.begin() as session:
            why = {State.HELD: {"hold_reason": Reason.DEBT}}.get(state, {})
            session.execute(update(Closure).values(state=state, **why))
        browser = desk(Role.SUPERVISOR, "李主管")
        for path in (case(made), f"{EN}/staff", f"{EN}/staff?state={state}"):
            assert browser.open(path).headings

    def test_a_closed_case_with_its_steps(
        self, desk: Desk, services: Services, closure: Closure, clock: FakeClock
    ) -> None:
        clock.at(closure.erase_at)
        work(services)
        text = desk(Role.SUPERVISOR).open(case(closure)).text
        assert "Records planned and done in each step" in text
        assert "Closing began · System" in text

    def test_names_and_what_was_written_say_that_they_are_chinese(
        self, desk: Desk, closure: Closure
    ) -> None:
        browser = desk(Role.REVIEWER, "李审")
        held(browser, closure)
        assert browser.path == case(closure)
        html = browser.response.get_data(as_text=True)
        assert '<span lang="zh-Hans">李审</span> · Reviewer' in html
        assert '<span lang="zh-Hans">请等待调解结果。</span>' in html
        assert "Review date 30 November 2026" in browser.text

    def test_forms_that_were_not_filled_in_say_so(
        self, desk: Desk, closure: Closure, number: str
    ) -> None:
        browser = desk(Role.REVIEWER)
        forms = (case(closure, "hold"), case(closure, "refuse"))
        cases = (f"{EN}/staff/help/{number}/answer", f"{EN}/staff/help/{number}/vouch")
        for path in (*forms, *cases):
            browser.open(path)
            browser.send()
            assert "There is a problem" in browser.text

    def test_what_was_typed_in_chinese_says_so_when_it_comes_back(
        self, desk: Desk, closure: Closure
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(**{**HOLD, "reason": ""})
        assert "Choose a reason" in browser.text
        browser.send(**HOLD)
        browser.send(**HOLD, back="y")
        assert browser.response.text.count('lang="zh-Hans"') >= len(("依据", "来源", "说明"))

    def test_help_is_answered_and_ended(self, desk: Desk, number: str) -> None:
        browser = desk(Role.REVIEWER, "李审")
        browser.open(f"{EN}/staff/help/{number}/answer")
        assert "They wrote from the Chinese pages" in browser.text
        browser.send(text="请再等等。")
        browser.send(sure="y")
        assert "Answered. The person can read it" in browser.text
        browser.open(f"{EN}/staff/help/{number}/end")
        browser.send(sure="y")
        assert "The case has ended." in browser.text

    def test_what_needs_two(self, desk: Desk, services: Services, number: str) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.SUPERVISOR, "王主管")
        first.open(f"{EN}/staff/help/{number}/vouch")
        boxes = {"name": "y", "applications": "y", "why": "都对得上。"}
        first.send(**boxes)
        first.send(sure="y")
        brake.pull(services, Cause.OPERATOR)
        first.open(f"{EN}/staff/brake")
        first.send(why="已查清")
        first.send(sure="y")
        first.open(f"{EN}/staff")
        first.send(f"{EN}/staff/search", sought=RECENT_SIGN_IN.phone)
        first.send(f"{EN}/staff/waive", begin="y")
        first.send(f"{EN}/staff/waive", why="已核实")
        first.send(f"{EN}/staff/waive", why="已核实", sure="y")
        links = second.open(f"{EN}/staff/proposals").links
        proposals = [link for link in links if "/proposals/" in link]
        assert len(proposals) == 3
        for path in proposals:
            second.open(path)
            second.send(f"{path}/approve")
            assert "Approved and done." in second.text

    def test_what_goes_wrong(
        self, desk: Desk, services: Services, closure: Closure, accounts: SwitchedAccounts
    ) -> None:
        first, second = desk(Role.REVIEWER, "李审"), desk(Role.REVIEWER, "王审")
        second.open(case(closure, "hold"))
        second.send(**HOLD)
        held(first, closure)
        second.send(sure="y")
        assert (second.response.status_code, second.heading) == (409, "That had no effect")
        second.open(f"{EN}/staff/cases/ZX-22222-22222")
        assert (second.response.status_code, second.heading) == (404, "Page not found")
        viewer = desk(Role.VIEWER)
        viewer.open(case(closure, "hold"))
        assert (viewer.response.status_code, viewer.heading) == (403, "You do not have permission")
        with accounts.without("account", "standing", "find"):
            viewer.open(case(closure))
            assert "Cannot be read at the moment" in viewer.text

    def test_who_was_signed_out_loses_no_word(
        self, desk: Desk, number: str, clock: FakeClock
    ) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(path := f"{EN}/staff/help/{number}/answer")
        clock.advance(minutes=10)
        browser.send(text="写了很久。")
        assert browser.heading == "You have been signed out"
        assert path in [form["action"] for form in browser.page.forms]
        browser.open(f"{EN}/staff")
        assert browser.path == f"{EN}/staff/sign-in"
        assert "Please sign in first." in browser.text

    def test_an_old_form_leads_back_to_its_page(self, desk: Desk, closure: Closure) -> None:
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold"))
        browser.send(**HOLD, csrf_token="old")
        assert browser.heading == "The page has expired"
        assert case(closure, "hold") in browser.page.links

    def test_a_page_leads_to_itself_in_the_other_language(
        self, desk: Desk, closure: Closure
    ) -> None:
        browser = desk(Role.VIEWER)
        chinese = case(closure).removeprefix(EN)
        for here, there in ((chinese, case(closure)), (case(closure), chinese)):
            browser.open(here)
            assert there in browser.page.links

    def test_one_sign_in_serves_both_languages(self, desk: Desk) -> None:
        browser = desk(Role.VIEWER)
        for path in ("/staff", f"{EN}/staff"):
            browser.open(path)
            assert browser.path == path


class TestWhatPeopleAreTold:
    """It is in their language, whatever the reviewer reads."""

    @pytest.mark.parametrize(
        ("read_in", "said"),
        [(Language.CHINESE, "您的注销申请已暂停"), (Language.ENGLISH, "is paused")],
    )
    def test_an_sms_is_in_the_language_of_the_closure(
        self,
        desk: Desk,
        services: Services,
        closure: Closure,
        gateway: FakeGateway,
        clock: FakeClock,
        read_in: Language,
        said: str,
    ) -> None:
        with services.store.begin() as session:
            session.execute(update(Closure).values(language=read_in))
        prefix = EN if read_in is Language.CHINESE else ""
        browser = desk(Role.REVIEWER)
        browser.open(case(closure, "hold").replace(EN, prefix, 1))
        browser.send(**{**HOLD, "public": ""})
        browser.send(sure="y")
        work(services)
        assert said in gateway.sent[-1][1]

    def test_the_reasons_own_words_are_kept_as_the_reason(
        self, app: Flask, desk: Desk, services: Services, closure: Closure
    ) -> None:
        held(desk(Role.REVIEWER), closure, public="")
        told = next(one for one in events_of(services, closure) if one.kind == Kind.HELD)
        with services.store.begin() as session:
            business = read(session, services.vault, told, Purpose.BUSINESS)
            token = private_link.make(session, closure.id, services.clock())
        assert business
        assert (business["reason"], "public" in business) == ("dispute", False)
        person = Browser(app)
        person.open(f"/p/{token}")
        assert "账号涉及未处理完毕的投诉、争议或纠纷。" in person.text
        person.open(f"{EN}{person.path}")
        assert "dispute" in person.text
        assert reload(services, closure).hold_reason == Reason.DISPUTE

    def test_the_reviewer_is_told_which_language_the_person_reads(
        self, desk: Desk, services: Services, closure: Closure
    ) -> None:
        browser = desk(Role.REVIEWER)
        for act in ("hold", "refuse"):
            browser.open(case(closure, act))
            assert "The applicant uses the Chinese pages" in browser.text
        with services.store.begin() as session:
            session.execute(update(Closure).values(language=Language.ENGLISH))
        browser.open(case(closure, "hold").removeprefix(EN))
        assert "申请人看的是英文页面" in browser.text


def test_a_late_hold_is_told_at_the_top(
    desk: Desk, services: Services, closure: Closure, clock: FakeClock
) -> None:
    holding.hold(
        services, closure.id, Reason.DEBT, Actor.OPERATOR, review_by=clock() + timedelta(hours=1)
    )
    clock.advance(hours=2)
    assert "Debt, review date 22 November 2026" in desk(Role.VIEWER).open(f"{EN}/staff").text
