"""A help case belongs to an account only while that account is there."""

import pytest
from sqlalchemy import func, select

from portal.closure import help_ties
from portal.helpdesk import following
from portal.identity.rates import number_digest
from portal.services import Services
from portal.store.tables import HelpCase, HelpMessage
from tests.cast import CLEAN_SEEKER, COINS
from tests.closure.journeys import verified
from tests.helpdesk.cases import asked, followed, texts


def rows(services: Services, table: type) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0


@pytest.mark.usefixtures("both_databases")
def test_only_cases_of_the_closed_account_are_untied(services: Services) -> None:
    mine = asked(services, [verified(services, CLEAN_SEEKER)]).case
    theirs = asked(services, [verified(services, COINS)]).case
    with services.store.begin() as session:
        help_ties.untie(session, services.vault, CLEAN_SEEKER.id, None)
    untied, tied = followed(services, mine).case, followed(services, theirs).case
    assert (help_ties.account_of(services.vault, untied), untied.outlives) == (None, True)
    assert (help_ties.account_of(services.vault, tied), tied.outlives) == (COINS.id, False)


@pytest.mark.usefixtures("both_databases")
def test_what_goes_on_keeps_what_was_said_and_what_has_ended_goes(services: Services) -> None:
    visitor = verified(services, CLEAN_SEEKER)
    open_, ended = (asked(services, [visitor]).case for _ in range(2))
    following.end(services, ended.id)
    with services.store.begin() as session:
        help_ties.untie(session, services.vault, CLEAN_SEEKER.id, None)
    assert (rows(services, HelpCase), rows(services, HelpMessage)) == (1, 1)
    assert texts(services, open_)


@pytest.mark.usefixtures("both_databases")
def test_no_case_is_found_by_the_number_of_a_closed_account(services: Services) -> None:
    number, other = (number_digest(services.vault, one.phone) for one in (CLEAN_SEEKER, COINS))
    claimed = asked(services).case
    assert claimed.number == number
    with services.store.begin() as session:
        help_ties.untie(session, services.vault, COINS.id, other)
        assert session.get_one(HelpCase, claimed.id).number == number
        help_ties.untie(session, services.vault, CLEAN_SEEKER.id, number)
    case = followed(services, claimed).case
    assert (case.number, case.outlives) == (None, False)


def test_a_case_of_the_account_loses_its_number_although_nobody_knows_it_any_more(
    services: Services,
) -> None:
    case = asked(services, [verified(services, CLEAN_SEEKER)]).case
    with services.store.begin() as session:
        assert session.get_one(HelpCase, case.id).number
        help_ties.untie(session, services.vault, CLEAN_SEEKER.id, None)
    assert followed(services, case).case.number is None


def test_the_digest_does_not_show_the_account(services: Services) -> None:
    digest = help_ties.account_digest(services.vault, CLEAN_SEEKER.id)
    assert CLEAN_SEEKER.id not in digest
    assert digest != help_ties.account_digest(services.vault, COINS.id)
