"""Nobody gets anywhere unless a view says whom it is for; a role counts as it is now."""

import pytest
from flask import Blueprint, Flask

from portal.services import Services
from portal.staffroom import members
from portal.staffroom.roles import Permission, Role
from portal.store.tables import Closure
from portal.web.staff.guards import needs_of
from tests.closure.journeys import reload
from tests.web.staff.conftest import Desk

LOOK, ACT, APPROVE = Permission
DECLARED = {
    "staff.door.sign_in": "anybody",
    "staff.door.sign_out": LOOK,
    "staff.queue.show": LOOK,
    "staff.queue.find": LOOK,
    "staff.case.show": LOOK,
    "staff.acts.hold": ACT,
    "staff.acts.refuse": ACT,
    "staff.acts.resume": ACT,
    "staff.acts.retry": ACT,
    "staff.help.listed": LOOK,
    "staff.help.show": LOOK,
    "staff.help.answer": ACT,
    "staff.help.end": ACT,
    "staff.help.vouch": ACT,
    "staff.alerts.listed": LOOK,
    "staff.alerts.acknowledge": ACT,
    "staff.proposing.waive": ACT,
    "staff.proposing.lift": ACT,
    "staff.proposals.listed": LOOK,
    "staff.proposals.show": ACT,
    "staff.proposals.decline": ACT,
    "staff.proposals.approve": APPROVE,
}


def test_every_view_of_the_console_says_whom_it_is_for(app: Flask) -> None:
    declared = {
        rule.endpoint: needs_of(app.view_functions[rule.endpoint])
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/staff") or rule.endpoint.startswith("staff.")
    }
    assert declared == DECLARED


def test_a_view_that_does_not_say_is_refused_to_everybody(
    app: Flask, desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "staff.queue.show", lambda: "open")
    browser = desk(Role.SUPERVISOR)
    assert browser.client.get("/staff").status_code == 403
    assert isinstance(app.blueprints["staff"], Blueprint)


def test_a_role_lost_with_the_page_open_is_lost_at_the_next_click(
    services: Services, desk: Desk, closure: Closure
) -> None:
    browser = desk(Role.REVIEWER, "李审")
    browser.open(f"/staff/cases/{closure.reference}/hold")
    members.change_role(services, "李审", Role.VIEWER)
    browser.send(reason="debt", basis="一", source="二", review_on="2026-11-25", sure="y")
    assert (browser.response.status_code, browser.heading) == (403, "没有这项权限")
    assert "“查看”" in browser.text
    assert reload(services, closure).state == "pending"


def test_who_was_removed_is_told_so_at_the_next_click(services: Services, desk: Desk) -> None:
    browser = desk(Role.REVIEWER, "李审")
    browser.open("/staff")
    members.remove(services, "李审")
    browser.open("/staff")
    assert browser.response.status_code == 403
    assert "已停用" in browser.text


def test_an_unknown_case_is_not_found(desk: Desk) -> None:
    browser = desk(Role.REVIEWER)
    for path in ("/staff/cases/ZX-22222-22222", "/staff/cases/ZX-22222-22222/hold"):
        browser.open(path)
        assert (browser.response.status_code, browser.heading) == (404, "找不到这一页")
