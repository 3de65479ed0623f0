"""English under ``/en``: every page, message and error; the browser checks that each is so."""

from collections.abc import Callable
from io import BytesIO

import pytest
from flask import Flask
from sqlalchemy import select, update

from portal.accounts.sample.cast import Person
from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.journey import Stage
from portal.closure.lifecycle import State
from portal.evidence.ledger import Actor
from portal.helpdesk import following
from portal.language import Language
from portal.services import Services
from portal.store.tables import Closure, HelpCase, Journey
from tests.cast import (
    BLOCKED,
    BUSY,
    CLEAN_SEEKER,
    COINS,
    MANY_IDENTITIES,
    ONLY_SUPER_ADMIN,
    RECRUITER,
)
from tests.client import Browser
from tests.fakes import FakeClock, FakeGateway
from tests.people import Walk
from tests.web.help_pages import TEXT, WISH
from tests.web.outages import SwitchedAccounts
from tests.web.routes import fill, rules
from tests.web.rows import rows
from tests.web.steps import come_to
from tests.work import work

FOR_MACHINES = ("/metrics", "/healthz", "/readyz")
English = Callable[[Person], Walk]


@pytest.fixture
def english(app: Flask, services: Services, gateway: FakeGateway) -> English:
    """Makes a person who reads English, in a browser of their own."""
    return lambda person: Walk(Browser(app), services, gateway, person, language="/en")


def closure(services: Services) -> Closure:
    with services.store.begin() as session:
        return session.scalars(select(Closure)).one()


class TestPages:
    def test_every_address_has_its_page_in_english(self, app: Flask, english: English) -> None:
        come_to(person := english(MANY_IDENTITIES), Stage.CONFIRM)
        paths = [fill(rule) for rule in rules(app, "GET")]
        for path in (f"/en{path}" for path in paths if not path.startswith(FOR_MACHINES)):
            if person.browser.client.get(path).mimetype == "text/html":
                person.browser.open(path)

    @pytest.mark.parametrize("who", [BUSY, RECRUITER, ONLY_SUPER_ADMIN], ids=lambda one: one.key)
    def test_the_journey_stays_english_to_its_end(self, english: English, who: Person) -> None:
        (person := english(who)).submits()
        assert person.browser.heading == "Your request has been submitted"
        assert person.browser.path.startswith("/en/closures/ZX-")

    @pytest.mark.parametrize("who", BLOCKED, ids=lambda one: one.key)
    def test_what_is_in_the_way_is_said_in_english(self, english: English, who: Person) -> None:
        (person := english(who)).verifies()
        assert "You cannot close it yet" in person.browser.text
        assert "Not passed" in person.browser.text

    def test_forms_that_were_not_filled_in_say_so_in_english(self, english: English) -> None:
        person = english(MANY_IDENTITIES)
        person.browser.open("/en/close/notice")
        for step in (
            person.reads_and_agrees,
            person.types_phone,
            person.types_code,
            lambda: person.chooses(MANY_IDENTITIES.seeker_id),
            person.confirms_conditions,
            person.accepts_consequences,
        ):
            if person.browser.path != "/en/close/consequences":
                person.browser.send()
                assert "There is a problem" in person.browser.text
            step()

    def test_wrong_codes_are_counted_down_in_english(self, english: English) -> None:
        person = english(CLEAN_SEEKER)
        person.browser.open("/en/track")
        person.types_phone()
        told = [person.browser.send(code="000000").text for _ in range(5)]
        assert "You can try 2 more times" in told[2]
        assert "You can try 1 more time " in told[3]
        assert "no longer valid" in told[4]

    @pytest.mark.parametrize(
        ("state", "heading"),
        [
            (State.PENDING, "We are checking your request"),
            (State.HELD, "Your request is paused"),
            (State.ERASING, "Your account is being closed"),
            (State.CLOSED, "Your account is closed"),
            (State.RESTORED, "Your account is restored"),
            (State.REFUSED, "Your request was not accepted"),
        ],
    )
    def test_every_state_of_a_closure_is_told_in_english(
        self, english: English, services: Services, state: State, heading: str
    ) -> None:
        (person := english(COINS)).submits()
        work(services)
        with services.store.begin() as session:
            held = {State.HELD: Reason.AUTHORITY}.get(state)
            session.execute(update(Closure).values(state=state, hold_reason=held))
        person.browser.open(person.browser.path)
        assert person.browser.heading == heading

    def test_a_time_says_its_zone(self, english: English) -> None:
        (person := english(COINS)).submits()
        assert "Until at least 26 November 2026, 22:00 (Beijing time)" in person.browser.text


class TestLinks:
    def test_a_page_leads_to_itself_in_the_other_language(self, browser: Browser) -> None:
        browser.open("/cookies")
        browser.open(other(browser))
        assert browser.path == "/en/cookies"
        browser.open(other(browser))
        assert browser.path == "/cookies"

    def test_so_does_the_answer_to_a_form(self, english: English) -> None:
        person = english(CLEAN_SEEKER)
        person.browser.open("/en/track")
        person.browser.send()
        assert other(person.browser) == "/track"

    def test_search_engines_are_told_of_both(self, browser: Browser) -> None:
        browser.open("/en/notices")
        for language, address in (("zh-Hans", "/notices"), ("en", "/en/notices")):
            link = f'hreflang="{language}" href="http://localhost:8000{address}"'
            assert f'<link rel="alternate" {link}>' in browser.response.text

    def test_pages_of_one_person_and_errors_are_nothing_to_find(self, browser: Browser) -> None:
        for path in ("/track", "/nothing-here", "/notices/1999V1"):
            browser.open(path)
            assert 'rel="alternate"' not in browser.response.text

    def test_the_cookie_is_the_same_in_both(self, browser: Browser) -> None:
        browser.open("/en/track")
        assert "Path=/" in browser.response.headers["Set-Cookie"].split("; ")

    @pytest.mark.parametrize("path", ["/en", "/en/"])
    def test_the_start_has_its_prefix_alone(self, browser: Browser, path: str) -> None:
        browser.open(path)
        assert browser.heading == "Close your Zhaopin account"

    @pytest.mark.parametrize("path", ["/english", "/en/en/track", "/en/en/staff"])
    def test_nothing_else_is_english(self, app: Flask, path: str) -> None:
        assert app.test_client().get(path).status_code == 404

    @pytest.mark.parametrize("path", FOR_MACHINES)
    def test_what_a_proxy_keeps_from_everybody_has_no_second_address(
        self, app: Flask, path: str
    ) -> None:
        assert app.test_client().get(f"/en{path}").status_code == 404

    def test_pages_kept_in_memory_are_kept_by_language(self, browser: Browser) -> None:
        for _ in range(2):
            for path in ("/notices", "/en/notices"):
                browser.open(path)
                assert f'href="{path}/2025V1"' in browser.response.text

    def test_styles_are_served_to_english_pages(self, app: Flask) -> None:
        with app.test_client().get("/en/static/css/portal.css") as answer:
            assert (answer.status_code, answer.mimetype) == (200, "text/css")


def other(browser: Browser) -> str:
    """Where the header's link to the other language leads."""
    head = browser.response.text.split('class="other-language" href="')[1]
    return head.split('"')[0]


class TestErrors:
    @pytest.mark.parametrize("path", ["/nothing-here", "/notices/1999V1", "/p/unknown"])
    def test_what_is_not_there_is_not_there_in_english(self, browser: Browser, path: str) -> None:
        browser.open(f"/en{path}")
        assert browser.response.status_code == 404

    def test_outages_are_told_in_english(
        self, english: English, accounts: SwitchedAccounts
    ) -> None:
        come_to(person := english(MANY_IDENTITIES), Stage.SIDE)
        with accounts.without("everything"):
            person.browser.open("/en/close/side")
        assert person.browser.response.status_code == 503
        assert "Your request has not been submitted." in person.browser.text
        assert "/en/close/side" in person.browser.page.links

    @pytest.mark.parametrize("form", [{"csrf_token": "old"}, {"csrf_token": ""}])
    def test_an_old_form_leads_back_to_its_english_page(
        self, english: English, form: dict[str, str]
    ) -> None:
        person = english(CLEAN_SEEKER)
        person.browser.open("/en/track")
        person.browser.send("/en/track/resend", **form)
        assert person.browser.heading == "The page has expired"
        assert "/en/track/code" in person.browser.page.links


class TestHelp:
    def test_every_topic_has_its_english_form(self, browser: Browser) -> None:
        browser.open("/en/help")
        topics = [link for link in browser.page.links if "/help/new/" in link]
        assert topics
        for path in topics:
            browser.open(path)
            browser.send()
            assert "There is a problem" in browser.text

    def test_a_case_is_asked_and_followed_in_english(self, browser: Browser) -> None:
        browser.open("/en/help/new/lost-phone")
        browser.send(**WISH)
        assert browser.heading == "We have your case and will answer it"
        assert f'<span lang="zh-Hans">{TEXT}</span>' in browser.response.text
        assert other(browser).startswith("/help/cases/BZ-")
        browser.send(f"{browser.path}/end")
        assert browser.heading == "Your case has ended"

    def test_what_was_written_in_an_old_form_is_sent_from_an_english_page(
        self, browser: Browser
    ) -> None:
        browser.open("/en/help/new/other")
        browser.send(**{**WISH, "text": "I am stuck.", "csrf_token": "old"})
        assert browser.heading == "The page has expired"
        assert browser.page.forms[0]["action"] == "/en/help/new/other"

    def test_it_begins_in_the_language_of_its_page(
        self, browser: Browser, services: Services
    ) -> None:
        for prefix, language in (("", Language.CHINESE), ("/en", Language.ENGLISH)):
            browser.open(f"{prefix}/help/new/other")
            browser.send(**WISH)
            found = following.follow(services, rows(services, HelpCase)[-1].id)
            assert found
            assert found.details.language == language

    def test_a_wrong_key_is_told_in_english(self, browser: Browser) -> None:
        browser.open("/en/help/track")
        browser.send(number="BZ-22222-22222", secret="2" * 28)
        assert "do not match" in browser.text


class TestConsent:
    def test_it_is_kept_in_the_words_and_language_of_its_page(
        self, english: English, services: Services
    ) -> None:
        english(CLEAN_SEEKER).verifies()
        with services.store.begin() as session:
            journey = session.scalars(select(Journey)).one()
        assert journey.language == "en"
        assert journey.box_wording == (
            "I have read and understood the Zhaopin Account Closure Notice, version 2025V1, "
            "and agree to all of it"
        )

    def test_the_notice_stays_chinese_and_the_page_says_so(self, browser: Browser) -> None:
        browser.open("/en/close/notice")
        assert '<article class="notice" lang="zh-Hans">' in browser.response.text
        assert "The notice is in Chinese only." in browser.text

    @pytest.mark.usefixtures("two_versions")
    def test_the_changes_stay_chinese_and_lead_to_english_pages(self, browser: Browser) -> None:
        browser.open("/en/notices/2025V1...2026V1")
        assert "this list of changes is in Chinese only" in browser.text
        clauses = [link for link in browser.page.links if "#c-" in link]
        assert clauses
        assert all(link.startswith("/en/notices/") for link in clauses)

    def test_a_version_that_came_into_force_meanwhile_is_told_in_english(
        self, english: English, two_versions: FakeClock
    ) -> None:
        person = english(CLEAN_SEEKER)
        person.browser.open("/en/close/notice")
        two_versions.advance(minutes=2)
        person.browser.send(agree="y")
        assert "The notice is now 2026V1" in person.browser.text


class TestMessages:
    def test_a_code_is_sent_in_the_language_of_its_page(
        self, english: English, gateway: FakeGateway
    ) -> None:
        english(CLEAN_SEEKER).verifies()
        assert "is your code for closing an account" in gateway.sent[-1][1]

    def test_the_closure_goes_on_in_the_language_of_its_consent(
        self, english: English, services: Services, gateway: FakeGateway
    ) -> None:
        (person := english(CLEAN_SEEKER)).submits()
        assert closure(services).language == "en"
        work(services)
        assert "We have your request to close" in gateway.sent[-1][1]
        person.follows_link()
        assert person.browser.path.startswith("/en/closures/")

    def test_so_do_its_last_message_and_its_receipts(
        self, english: English, services: Services, gateway: FakeGateway, clock: FakeClock
    ) -> None:
        (person := english(CLEAN_SEEKER)).submits()
        work(services)
        clock.advance(hours=118)
        work(services)
        assert "Your account is closed" in gateway.sent[-1][1]
        person.follows_link()
        assert person.browser.heading == "Your account is closed"
        reference = closure(services).reference
        for kind in ("submission", "closing"):
            person.browser.open(f"/en/closures/{reference}/receipt/{kind}")
            assert person.browser.heading.startswith("Receipt for the")
            saved = person.browser.client.get(f"/en/closures/{reference}/receipt/{kind}.json").data
            person.browser.open("/en/receipts/check")
            person.browser.send(receipt=(BytesIO(saved), "receipt.json"))
            assert "This receipt is genuine" in person.browser.text

    def test_a_chinese_journey_stays_chinese(self, english: English, services: Services) -> None:
        person = english(CLEAN_SEEKER)
        person.language = ""
        person.submits()
        assert closure(services).language == "zh-Hans"


def test_a_hold_is_told_in_english_with_its_reason(english: English, services: Services) -> None:
    (person := english(COINS)).submits()
    holding.hold(services, closure(services).id, Reason.AUTHORITY, Actor.OPERATOR)
    person.browser.open(person.browser.path)
    assert "clause 3.5 of the notice" in person.browser.text
