"""Everybody who comes to the portal, each in a browser, and something of all they could want."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flask import Flask
from sqlalchemy import select

from portal.accounts.sample.cast import Person
from portal.closure import brake
from portal.closure.brake import Cause
from portal.closure.holding import Reason
from portal.identity import private_link, stop_link
from portal.services import Services
from portal.staffroom import acts, proposals
from portal.staffroom.acts import Grounds
from portal.staffroom.members import Member
from portal.staffroom.roles import Role
from portal.store.tables import Closure, HelpCase
from portal.web.handover import token
from tests.cast import (
    BOUND_APPS,
    COINS,
    COLLEAGUES,
    COMPANY_ADMIN,
    MANY_IDENTITIES,
    RECENT_SIGN_IN,
    RECRUITER,
)
from tests.client import Browser
from tests.fakes import FakeGateway
from tests.helpdesk.cases import vouched_for
from tests.people import Walk
from tests.staffroom.staff import member, opened
from tests.web.help_pages import asks, secret_on, tracks
from tests.work import work

WHY = "已核对"
OWNERS_ESTATE, OTHERS_ESTATE = RECRUITER.recruiter_id(1001), MANY_IDENTITIES.recruiter_id(1003)
OWNERS_DESK, OTHERS_DESK = COMPANY_ADMIN.recruiter_id(1001), COLLEAGUES[1].recruiter_id(1003)
DESKS = {
    "C": (OWNERS_DESK, OWNERS_ESTATE),
    "D": (OTHERS_DESK, OTHERS_ESTATE),
    "M": (OTHERS_DESK, OWNERS_ESTATE),
}
"""Whose desk, and who leaves what lies there; M mixes the two companies."""


@dataclass(frozen=True)
class Visitor:
    """What somebody's browser has: its cookie, and the token for forms that it was given."""

    cookie: str
    csrf_token: str
    closure: str | None = None
    """The address of the closure that is theirs."""


@dataclass(frozen=True)
class World:
    visitors: Mapping[str, Visitor]
    """By the letters of ``roles.VISITORS``."""
    things: Mapping[str, Mapping[str, str]]
    """By the letter of whose they are: what stands for the variables of an address."""


def world_of(app: Flask, services: Services, gateway: FakeGateway) -> World:
    """Everybody of ``roles``, in the order in which they come."""
    seat = _Seats(app, services, gateway)
    owner, other = seat.walker(RECRUITER), seat.walker(MANY_IDENTITIES)
    things = {"O": seat.settle(owner), "P": seat.settle(other, OTHERS_ESTATE)}
    seat.takes_data_along(owner)
    colleague, chief = member(services, "同事"), member(services, "主管", Role.SUPERVISOR)
    reviewer, viewer = member(services, "审核"), member(services, "查看", Role.VIEWER)
    proposed = _propose(services, colleague, reviewer, chief, things["P"]["reference"])
    things |= {whose: {"proposal": one} for whose, one in zip("XRS", proposed, strict=True)}
    walking = seat.walker(BOUND_APPS)
    walking.comes_to_confirm()
    browsers = {
        "N": Browser(app),
        "J": walking.browser,
        "O": owner.browser,
        "P": other.browser,
        "L": seat.opens(things["O"]["link"]),
        "H": seat.follows(things["O"]),
        "G": seat.goes_on_without_a_code(COINS),
        "C": seat.signs_in(COMPANY_ADMIN),
        "D": seat.signs_in(COLLEAGUES[1]),
        "V": seat.works_here(viewer),
        "R": seat.works_here(reviewer),
        "S": seat.works_here(chief),
    }
    for thing in (things["O"], things["P"]):
        thing["version"] = str(_closure(services, thing["reference"]).version)
    for whose, (desk, left) in DESKS.items():
        things[whose] = {"of": token(services, desk), "left": token(services, left)}
    closures = {one: f"/closures/{things[one]['reference']}" for one in "OP"}
    return World(
        {letter: _visitor(one, closures.get(letter)) for letter, one in browsers.items()}, things
    )


def _visitor(browser: Browser, closure: str | None) -> Visitor:
    token = browser.open("/help/new/other").fields["csrf_token"]
    cookie = browser.client.get_cookie("portal")
    assert cookie is not None
    return Visitor(cookie.value, token, closure)


class _Seats:
    """Seats people in browsers of their own."""

    def __init__(self, app: Flask, services: Services, gateway: FakeGateway) -> None:
        self.app, self.services, self.gateway = app, services, gateway

    def walker(self, person: Person) -> Walk:
        return Walk(Browser(self.app), self.services, self.gateway, person)

    def signs_in(self, person: Person) -> Browser:
        (walk := self.walker(person)).tracks()
        return walk.browser

    def works_here(self, who: Member) -> Browser:
        browser = Browser(self.app)
        with browser.client.session_transaction() as session:
            session["staff"] = opened(self.services, who)
        return browser

    def opens(self, token: str) -> Browser:
        (browser := Browser(self.app)).open(f"/p/{token}")
        return browser

    def follows(self, thing: Mapping[str, str]) -> Browser:
        tracks(browser := Browser(self.app), thing["case"], thing["secret"])
        return browser

    def goes_on_without_a_code(self, person: Person) -> Browser:
        """Two members of staff let a help case stand in for it."""
        path = asks(browser := Browser(self.app))
        with self.services.store.begin() as session:
            case = session.scalars(select(HelpCase).filter_by(reference=path[-14:])).one()
        vouched_for(self.services, case, person)
        browser.send(f"{path}/go-on")
        assert browser.path == "/close/notice"
        return browser

    def settle(self, walk: Walk, side: str | None = None) -> dict[str, str]:
        """They submit and ask for help; answers what they own."""
        reference = walk.submits(side)
        work(self.services)
        case = asks(walk.browser).rsplit("/", 1)[1]
        closure = _closure(self.services, reference)
        with self.services.store.begin() as session:
            return {
                "reference": reference,
                "case": case,
                "secret": secret_on(walk.browser),
                "link": private_link.make(session, closure.id, self.services.clock()),
                "stop": stop_link.make(session, walk.person.id, self.services.clock()),
            }

    def takes_data_along(self, walk: Walk) -> None:
        walk.browser.open("/download")
        walk.browser.send()
        work(self.services)


def _propose(
    services: Services, colleague: Member, reviewer: Member, chief: Member, reference: str
) -> list[str]:
    """A closure is held and the brake pulled; each of the three proposes something about it."""
    closure, day = _closure(services, reference), date(2026, 11, 25)
    acts.hold(services, colleague, closure, closure.version, Reason.AUTHORITY, Grounds(), day)
    brake.pull(services, Cause.OPERATOR)
    held = _closure(services, reference)
    proposals.propose_release(services, colleague, held, held.version, WHY)
    proposals.propose_lift(services, reviewer, WHY)
    proposals.propose_waiver(services, chief, RECENT_SIGN_IN.id, WHY)
    by = {one.row.by: one.row.id for one in proposals.waiting(services)}
    return [by[who.actor] for who in (colleague, reviewer, chief)]


def _closure(services: Services, reference: str) -> Closure:
    with services.store.begin() as session:
        return session.scalars(select(Closure).filter_by(reference=reference)).one()
