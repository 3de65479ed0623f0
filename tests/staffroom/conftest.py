"""A closure and the people who decide about it."""

import pytest

from portal.services import Services
from portal.staffroom.members import Member
from portal.staffroom.roles import Role
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.closure.journeys import submitted
from tests.staffroom.staff import member
from tests.work import work


@pytest.fixture
def closure(services: Services) -> Closure:
    """Submitted, reviewed once, frozen."""
    made = submitted(services, CLEAN_SEEKER)
    work(services)
    return made


@pytest.fixture
def li(services: Services) -> Member:
    return member(services, "李审")


@pytest.fixture
def wang(services: Services) -> Member:
    return member(services, "王审")


@pytest.fixture
def chief(services: Services) -> Member:
    return member(services, "主管", Role.SUPERVISOR)
