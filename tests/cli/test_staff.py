"""``flask staff …``: who may sign in to the console."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from click.testing import Result
from flask import Flask

from portal import create_app
from portal.services import Services
from portal.staffroom import sign_in
from portal.staffroom.roles import Role
from tests.fakes import FakeClock
from tests.staffroom.staff import ADDRESS, called
from tests.web.production import PRODUCTION

Flask_ = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Flask_:
    """Runs ``flask staff`` with these arguments; ``typed`` is what is typed at its prompts."""
    runner = app.test_cli_runner()
    return lambda *args, typed="": runner.invoke(args=["staff", *args], input=typed)


def line(told: Result, label: str) -> str:
    return next(one.split(label)[1].strip() for one in told.output.splitlines() if label in one)


def test_what_is_printed_once_lets_somebody_in(flask: Flask_, services: Services) -> None:
    told = flask("add", "李审", "--role", "reviewer")
    assert line(told, "authenticator").startswith("otpauth://totp/")
    code = flask("code", "李审").output.strip()
    assert sign_in.sign_in(services, "李审", line(told, "password"), code, ADDRESS)
    recovery = told.output.strip().splitlines()[-1].strip()
    assert sign_in.sign_in(services, "李审", line(told, "password"), recovery, ADDRESS)


def test_a_typed_password_is_not_printed(flask: Flask_, services: Services) -> None:
    typed = "correct horse battery\n" * 2
    told = flask("add", "李审", "--role", "viewer", "--ask", typed=typed)
    assert "correct horse" not in told.output
    code = flask("code", "李审").output.strip()
    assert sign_in.sign_in(services, "李审", "correct horse battery", code, ADDRESS)


def test_a_short_password_is_refused(flask: Flask_) -> None:
    told = flask("add", "李审", "--role", "viewer", "--ask", typed="short\nshort\n")
    assert "12 characters or more" in told.output
    assert flask("list").output == "0 people\n"


@pytest.mark.parametrize("name", ["", "x", " 李审", "a\tb", "长" * 41])
def test_an_odd_name_is_refused(flask: Flask_, name: str) -> None:
    assert flask("add", name, "--role", "viewer").exit_code == 1


def test_a_name_is_taken_for_ever(flask: Flask_) -> None:
    flask("add", "李审", "--role", "viewer")
    flask("remove", "李审")
    assert "is or was somebody here" in flask("add", "李审", "--role", "viewer").output


def test_roles_removals_and_the_list(flask: Flask_, services: Services, clock: FakeClock) -> None:
    flask("add", "李审", "--role", "viewer")
    flask("add", "王审", "--role", "viewer")
    assert flask("role", "李审", "supervisor").output == "李审  supervisor\n"
    assert flask("remove", "王审").output == "王审  removed\n"
    assert called(services, "李审").role is Role.SUPERVISOR
    assert flask("list").output == (
        "李审  supervisor  since 2026-11-22\n王审  removed 2026-11-22  since 2026-11-22\n2 people\n"
    )


def test_a_reset_prints_anew(flask: Flask_) -> None:
    before = flask("add", "李审", "--role", "viewer")
    after = flask("reset", "李审")
    assert line(before, "authenticator") != line(after, "authenticator")
    assert line(before, "password") != line(after, "password")


@pytest.mark.parametrize("act", [("reset",), ("remove",), ("code",), ("role",)])
def test_nobody_of_that_name_is_one_line(flask: Flask_, act: tuple[str]) -> None:
    more = ["viewer"] if act == ("role",) else []
    told = flask(*act, "没有的人", *more)
    assert (told.exit_code, told.output) == (1, "Error: nobody here is called 没有的人\n")


def test_nobodys_code_is_shown_in_production(services: Services) -> None:
    app = create_app(PRODUCTION, replace(services, settings=PRODUCTION))
    told = app.test_cli_runner().invoke(args=["staff", "code", "李审"])
    assert (told.exit_code, told.output) == (1, "Error: only on a developer's machine\n")
