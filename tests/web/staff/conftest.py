"""Browsers in which somebody of the staff is signed in."""

from collections.abc import Callable

import pytest
from flask import Flask

from portal.services import Services
from portal.staffroom.roles import Role
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.client import Browser
from tests.closure.journeys import submitted
from tests.staffroom.staff import member, opened
from tests.work import work

Desk = Callable[..., Browser]


@pytest.fixture
def desk(app: Flask, services: Services) -> Desk:
    """Seats somebody new: ``desk(Role.REVIEWER, "李审")``."""

    def sit(role: Role, name: str | None = None) -> Browser:
        browser = Browser(app)
        token = opened(services, member(services, name or role.value, role))
        with browser.client.session_transaction() as session:
            session["staff"] = token
        return browser

    return sit


@pytest.fixture
def closure(services: Services) -> Closure:
    """Submitted, reviewed once, frozen."""
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made
