"""Step 1: reading the notice and agreeing to exactly what was read (SECURITY C1, C2)."""

import pytest

from portal.closure.journey import Stage
from portal.services import Services
from portal.store.tables import Event, Journey
from portal.web.seen import seal
from tests.cast import (
    CLEAN_SEEKER,
)
from tests.client import Browser
from tests.fakes import FakeClock
from tests.web.conftest import MakeWalk
from tests.web.rows import count, every_row, rows
from tests.web.steps import PAGES


class TestReading:
    def test_the_page_has_an_empty_box_for_this_very_version(self, browser: Browser) -> None:
        browser.open("/close/notice")
        assert "我已阅读、理解并同意《智联账号注销须知》2025V1 的全部内容" in browser.text
        assert "checked" not in browser.response.text
        assert "第 1 步，共 5 步" in browser.text

    def test_reading_stores_nothing(self, browser: Browser, services: Services) -> None:
        before = every_row(services)
        browser.open("/close/notice")
        assert every_row(services) == before

    def test_an_empty_box_is_told_and_nothing_is_recorded(
        self, browser: Browser, services: Services
    ) -> None:
        before = every_row(services)
        browser.open("/close/notice")
        browser.send()
        assert "请先勾选“我已阅读、理解并同意”，再继续" in browser.text
        assert "#agree" in browser.page.links
        assert browser.page.title.strip().startswith("请更正：")
        assert every_row(services) == before

    @pytest.mark.parametrize("seen", ["", "altered", "foreign", "gone"])
    def test_what_was_shown_cannot_be_made_up(
        self, browser: Browser, services: Services, seen: str
    ) -> None:
        browser.open("/close/notice")
        made_up = {
            "altered": browser.page.fields["seen"][:-5] + "AAAA=",
            "foreign": seal(services, "consequences", {"version": "2025V1"}),
        }
        browser.page.fields["seen"] = made_up.get(seen, "")
        if seen == "gone":
            del browser.page.fields["seen"]
        browser.send(agree="y")
        assert browser.path == PAGES[Stage.NOTICE]
        assert "请重新阅读后再确认" in browser.text
        assert count(services, Journey) == 0

    def test_a_version_that_came_into_force_meanwhile_is_shown_instead(
        self, two_versions: FakeClock, browser: Browser, services: Services
    ) -> None:
        browser.open("/close/notice")
        two_versions.advance(minutes=1)
        browser.send(agree="y")
        assert browser.path == PAGES[Stage.NOTICE]
        assert "须知已更新为 2026V1" in browser.text
        assert "您之前打开的是 2025V1" in browser.text
        assert "checked" not in browser.response.text
        assert "/notices" in browser.page.links
        assert count(services, Journey) == 0

    def test_the_new_version_can_then_be_accepted(
        self, two_versions: FakeClock, browser: Browser, services: Services
    ) -> None:
        browser.open("/close/notice")
        two_versions.advance(minutes=1)
        browser.send(agree="y")
        browser.send(agree="y")
        assert [one.version for one in rows(services, Journey)] == ["2026V1"]

    def test_the_draft_keeps_exactly_what_was_accepted(
        self, browser: Browser, services: Services, clock: FakeClock
    ) -> None:
        shown_at = clock()
        browser.open("/close/notice")
        clock.advance(minutes=3)
        browser.send(agree="y")
        (draft,) = rows(services, Journey)
        published = services.notices.get("2025V1")
        assert (draft.version, draft.language, len(draft.bold_ids)) == ("2025V1", "zh-Hans", 11)
        assert draft.source_sha256 == published.notice.source_sha256
        assert draft.fragment_sha256 == published.fragment.sha256
        assert draft.box_wording == "我已阅读、理解并同意《智联账号注销须知》2025V1 的全部内容"
        assert (draft.shown_at, draft.accepted_at) == (shown_at, clock())
        assert count(services, Event) == 0

    def test_the_code_turns_the_draft_into_events(self, walk: MakeWalk, services: Services) -> None:
        walk(CLEAN_SEEKER).verifies()
        kinds = [event.kind for event in rows(services, Event)]
        assert kinds == ["notice.shown", "notice.accepted", "code.verified"]

    def test_whoever_has_just_given_a_code_need_not_give_another(self, walk: MakeWalk) -> None:
        person = walk(CLEAN_SEEKER)
        person.verifies()
        person.reads_and_agrees()
        assert person.browser.path == PAGES[Stage.CONDITIONS]
