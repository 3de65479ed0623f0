"""不是您本人操作？ The hold and its help case come together or not at all."""

import pytest
from sqlalchemy import func, select

from portal.closure.lifecycle import State
from portal.helpdesk import asking, objecting, rates
from portal.helpdesk.asking import Drawn
from portal.identity import stop_link
from portal.identity.limits import count
from portal.services import Services
from portal.store.tables import Closure, HelpCase
from tests.cast import CLEAN_SEEKER
from tests.closure.faults import DiesAt, Killed, mortal
from tests.closure.journeys import reload, submitted
from tests.helpdesk.cases import ADDRESS, followed, wish
from tests.races import at_once


@pytest.fixture
def closure(services: Services) -> Closure:
    return submitted(services, CLEAN_SEEKER)


@pytest.fixture
def token(services: Services, closure: Closure) -> str:
    with services.store.begin() as session:
        return stop_link.make(session, CLEAN_SEEKER.id, services.clock())


def objects(services: Services, token: str, drawn: Drawn | None = None) -> asking.Asked | None:
    return objecting.stop_and_ask(services, token, drawn or asking.draw(), wish(), ADDRESS)


def cases(services: Services) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(HelpCase)) or 0


@pytest.mark.usefixtures("both_databases")
def test_the_case_is_tied_to_the_closure_that_is_held(
    services: Services, closure: Closure, token: str
) -> None:
    asked = objects(services, token)
    assert asked
    assert reload(services, closure).state == State.HELD
    details = followed(services, asked.case).details
    assert (details.closure, details.proved) == (closure.reference, "link")


@pytest.mark.usefixtures("both_databases")
@pytest.mark.parametrize("moment", range(1, 9))
def test_dying_at_any_moment_leaves_no_hold_without_its_case(
    services: Services, closure: Closure, token: str, moment: int
) -> None:
    drawn = asking.draw()
    try:
        objects(mortal(services, DiesAt(moment)), token, drawn)
    except Killed:
        held = reload(services, closure).state == State.HELD
        assert cases(services) == (1 if held else 0)
    again = objects(services, token, drawn)
    assert again
    assert again.case.id == drawn.case_id
    assert (reload(services, closure).state, cases(services)) == (State.HELD, 1)


@pytest.mark.usefixtures("both_databases")
def test_of_two_at_once_one_begins_a_case(services: Services, closure: Closure, token: str) -> None:
    answers = at_once(2, lambda _: objects(services, token))
    assert len([one for one in answers if one]) == 1
    assert cases(services) == 1


def test_too_many_cases_from_one_address_hold_all_the_same(
    services: Services, closure: Closure, token: str
) -> None:
    buckets = rates.cases(services.vault, ADDRESS)
    most = max(limit.maximum for limits in buckets.values() for limit in limits)
    with services.store.begin() as session:
        for _ in range(most):
            count(session, buckets, services.clock())
    assert objects(services, token) is None
    assert (reload(services, closure).state, cases(services)) == (State.HELD, 0)


def test_a_link_that_nobody_knows_begins_nothing(services: Services) -> None:
    assert objects(services, "A" * 22) is None
    assert cases(services) == 0
