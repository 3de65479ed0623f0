"""People, operators, time and workers in any order, over HTTP, beside the simplest model (F1)."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from hypothesis import HealthCheck
from hypothesis import settings as examples
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)
from jinja2 import FileSystemBytecodeCache
from sqlalchemy import func, select

from portal import create_app
from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.lifecycle import OPEN, MovedOnError
from portal.evidence.ledger import Actor
from portal.jobs.queue import connect
from portal.services import Services
from portal.settings import Settings
from portal.store.tables import Closure
from portal.wiring import build
from tests.cast import BOUND_APPS, CLEAN_SEEKER, OLD_SIGN_IN
from tests.client import Browser
from tests.closure import upstream
from tests.fakes import FakeClock, FakeGateway
from tests.haste import hurried
from tests.people import Walk
from tests.work import work

MakeApp = Callable[[], Flask]
HOUR = timedelta(hours=1)
STRANGERS_REFERENCE = "ZX-22222-22222"
HEADINGS = {
    "pending": {"正在核查注销申请", "注销申请已提交"},
    "held": {"注销申请已暂停"},
    "restored": {"账号已恢复", "正在恢复账号"},
    "refused": {"注销申请未通过"},
    "closed": {"账号已注销"},
}


@pytest.fixture(scope="module")
def make_app(
    sqlite_template: Path,
    sample_template: Path,
    valkey_url: str,
    tmp_path_factory: pytest.TempPathFactory,
) -> MakeApp:
    """Makes portals with databases of their own, as often as Hypothesis asks."""
    bytecode = FileSystemBytecodeCache(str(tmp_path_factory.mktemp("bytecode")))

    def make() -> Flask:
        folder = tmp_path_factory.mktemp("machine")
        shutil.copy(sqlite_template, folder / "portal.db")
        shutil.copytree(sample_template, folder, dirs_exist_ok=True)
        settings = Settings(
            database_url=f"sqlite:///{folder}/portal.db",
            accounts_url=f"sqlite:///{folder}/accounts.db",
            accounts_files=folder / "files",
            sms_outbox=folder / "sms.jsonl",
            witness=folder / "witness",
            redis_url=valkey_url,
        )
        built = build(settings, FakeClock())
        for engine in (built.store.engine, built.accounts._engine):
            hurried(engine)
        app = create_app(settings, replace(built, gateway=FakeGateway()))
        app.jinja_env.bytecode_cache = bytecode
        return app

    return make


class Life(RuleBasedStateMachine):
    """People who close one after the other; every code is asked for some hours after the last,
    because how often that may be is another test's affair."""

    make: MakeApp

    def __init__(self) -> None:
        super().__init__()
        self.app = self.make()
        self.services: Services = self.app.extensions["services"]
        self.people = [CLEAN_SEEKER, OLD_SIGN_IN, BOUND_APPS]
        self.comes_in()

    def comes_in(self) -> None:
        """The next person, with a browser that knows nothing."""
        self.person = self.people.pop()
        self.state, self.reference, self.link = "none", "", ""
        self.walk = self.sits_down()

    def sits_down(self) -> Walk:
        return Walk(Browser(self.app), self.services, self.services.gateway, self.person)

    @property
    def now(self) -> datetime:
        return self.services.clock()

    @property
    def is_open(self) -> bool:
        return self.state in ("pending", "held")

    def begins(self) -> None:
        assert self.walk.browser.path.startswith("/closures/ZX-")
        self.state, self.reference = "pending", self.walk.browser.path.split("/")[2]
        self.erase_at, self.promise_at = self.now + 108 * HOUR, self.now + 120 * HOUR
        work(self.services)
        self.link = self.services.gateway.last_link(self.person.phone)

    def waits_for_a_code(self) -> None:
        """Hours in which nobody works: afterwards codes are sent again."""
        self.services.clock.advance(hours=2.6)

    def code(self) -> str:
        work(self.services)
        self.has_worked()
        return self.services.gateway.last_code(self.person.phone)

    def has_worked(self) -> None:
        if self.state == "pending" and self.now >= self.erase_at:
            self.state = "closed"

    @precondition(lambda self: self.state in ("none", "restored", "refused"))
    @rule(
        mistake=st.sampled_from(["none", "wrong code", "old code", "back button", "no box"]),
        ending=st.sampled_from(["once", "twice", "two tabs", "not at all"]),
    )
    def walks_to_the_end(self, mistake: str, ending: str) -> None:
        self.waits_for_a_code()
        self.walk = self.sits_down()
        browser = self.walk.browser
        browser.open("/close/confirm")
        assert browser.path == "/close/notice"
        if mistake == "no box":
            browser.send()
            assert browser.path == "/close/notice"
        self.walk.reads_and_agrees()
        self.gives_code(mistake)
        if mistake == "back button":
            browser.open("/close/notice")
            self.walk.reads_and_agrees()
        self.walk.confirms_conditions()
        self.walk.accepts_consequences()
        assert browser.path == "/close/confirm"
        self.ends_walk(ending)

    def gives_code(self, mistake: str) -> None:
        browser = self.walk.browser
        self.walk.types_phone()
        if mistake == "wrong code":
            browser.send(code=f"{(int(self.code()) + 1) % 1_000_000:06}")
            assert browser.path == "/close/code"
        if mistake == "old code":
            late = self.code()
            self.services.clock.advance(minutes=10)
            browser.send("/close/code", code=late)
            assert browser.path == "/close/code"
            self.waits_for_a_code()
            browser.send("/close/resend")
        browser.send("/close/code", code=self.code())
        assert browser.path == "/close/conditions"

    def ends_walk(self, ending: str) -> None:
        browser = self.walk.browser
        form = browser.page
        if ending == "not at all":
            browser.send()
            assert browser.path == "/close/confirm"
            return
        browser.send(agree="y")
        self.begins()
        if ending != "once":
            browser.page = form
            browser.send("/close/confirm", agree="y")
            assert browser.path == f"/closures/{self.reference}"
        if ending == "two tabs":
            browser.open("/close/notice")
            browser.open("/close/confirm")
            assert browser.path in (f"/closures/{self.reference}", "/close/notice")

    @precondition(lambda self: self.state not in ("none", "closed"))
    @rule()
    def tracks(self) -> None:
        self.waits_for_a_code()
        self.walk = self.sits_down()
        browser = self.walk.browser
        browser.open("/track")
        self.walk.types_phone()
        browser.send(code=self.code())
        if self.state != "closed":
            found = f"/closures/{self.reference}" if self.is_open else "/track/none"
            assert browser.path == found

    @precondition(lambda self: self.state not in ("none", "closed"))
    @rule()
    def wants_to_restore(self) -> None:
        """In the browser at hand, whatever it has proved, and when."""
        browser = self.walk.browser
        browser.open(f"/closures/{self.reference}/restore")
        if browser.response.status_code == 404:
            return
        if browser.path == f"/closures/{self.reference}/restore":
            assert self.is_open
            browser.send()
            self.state = "restored"
            assert browser.heading == "正在恢复账号"
        elif browser.path == "/track":
            assert self.is_open
        else:
            assert not self.is_open

    @precondition(lambda self: self.is_open)
    @rule()
    def restores(self) -> None:
        self.waits_for_a_code()
        self.walk = self.sits_down()
        self.walk.browser.open(self.link)
        self.walk.browser.open(f"/closures/{self.reference}/restore")
        assert self.walk.browser.path == "/track"
        self.walk.types_phone()
        self.walk.browser.send(code=self.code())
        if self.state == "closed":
            return
        assert self.walk.browser.path == f"/closures/{self.reference}/restore"
        self.walk.browser.send()
        self.state = "restored"

    def operates(self, act: Callable[..., object], *reason: Reason, allowed: bool) -> bool:
        with self.services.store.begin() as session:
            closure_id = session.scalar(
                select(Closure.id).where(Closure.reference == self.reference)
            )
        try:
            act(self.services, closure_id, *reason, Actor.OPERATOR)
        except MovedOnError:
            assert not allowed
        else:
            assert allowed
        return allowed

    @precondition(lambda self: self.reference)
    @rule()
    def hold(self) -> None:
        if self.operates(holding.hold, Reason.AUTHORITY, allowed=self.state == "pending"):
            self.state, self.held_at = "held", self.now

    @precondition(lambda self: self.reference)
    @rule()
    def resume(self) -> None:
        if self.operates(holding.resume, allowed=self.state == "held"):
            stood = max(self.now - self.held_at, timedelta(0))
            self.state = "pending"
            self.erase_at = max(self.erase_at + stood, self.now + 24 * HOUR)
            self.promise_at = max(self.promise_at + stood, self.erase_at + HOUR)

    @precondition(lambda self: self.reference)
    @rule()
    def refuse(self) -> None:
        if self.operates(holding.refuse, Reason.NOT_OWNER, allowed=self.is_open):
            self.state = "refused"

    @rule(hours=st.sampled_from([0.2, 0.6, 24, 60, 107, 108]))
    def time_passes(self, hours: float) -> None:
        self.services.clock.advance(hours=hours)

    @rule()
    def the_clock_is_set_back(self) -> None:
        self.services.clock.advance(minutes=-10)

    @rule()
    def work_is_done(self) -> None:
        work(self.services)
        self.has_worked()
        if self.reference:
            opened = self.state in ("restored", "refused")
            assert upstream.can_sign_in(self.services, self.person) is opened

    @rule()
    def redis_forgets_everything(self) -> None:
        with connect(self.services.settings.redis_url) as redis:
            redis.flushall()

    @precondition(lambda self: self.state == "closed" and self.people)
    @rule()
    def somebody_else_comes(self) -> None:
        self.comes_in()

    @invariant()
    def rows_are_as_the_model_says(self) -> None:
        with self.services.store.begin() as session:
            opened = session.scalar(select(func.count()).where(Closure.state.in_(OPEN)))
            mine = select(Closure).where(Closure.reference == self.reference)
            closure = session.scalar(mine)
        assert opened == self.is_open
        assert (closure is None) is (self.state == "none")
        if closure:
            assert closure.state == self.state
        if closure and self.state == "pending":
            assert (closure.erase_at, closure.promise_at) == (self.erase_at, self.promise_at)

    @invariant()
    def the_page_of_the_link_says_it_too(self) -> None:
        if not self.reference:
            return
        browser = Browser(self.app)
        page = browser.open(self.link)
        assert browser.path == f"/closures/{self.reference}"
        assert browser.heading in HEADINGS[self.state]
        assert (f"/closures/{self.reference}/restore" in page.links) is self.is_open
        assert self.person.phone[3:] not in browser.response.text

    @invariant()
    def strangers_find_nothing(self) -> None:
        stranger = Browser(self.app)
        for reference in (self.reference or STRANGERS_REFERENCE, STRANGERS_REFERENCE):
            for page in ("", "/restore"):
                stranger.open(f"/closures/{reference}{page}")
                assert stranger.response.status_code == 404

    def teardown(self) -> None:
        self.services.store.engine.dispose()
        self.services.accounts._engine.dispose()


def test_pages_and_rows_agree_with_the_model_whatever_happens(make_app: MakeApp) -> None:
    class Its(Life):
        make = staticmethod(make_app)

    run_state_machine_as_test(
        Its,
        settings=examples(
            max_examples=10,
            stateful_step_count=18,
            deadline=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
