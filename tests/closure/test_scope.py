"""Which identities go along with a choice (二.3.1, 二.3.2)."""

import pytest

from portal.accounts.system import Account, Identity, Role
from portal.closure.scope import UnknownSideError, identities_in, only_side, scope_of

SEEKER = Identity("s", Role.SEEKER, None)
FIRST, SECOND = Identity("r1", Role.RECRUITER, "甲公司"), Identity("r2", Role.RECRUITER, "乙公司")


def account(*identities: Identity) -> Account:
    return Account("a", "+8619900000001", identities)


def test_the_seeker_side_takes_all_recruiter_identities_along() -> None:
    scope = scope_of(account(SEEKER, FIRST, SECOND), "s")
    assert scope.whole
    assert scope.identity_ids == ("s", "r1", "r2")


def test_a_recruiter_identity_goes_alone_and_the_account_stays() -> None:
    scope = scope_of(account(SEEKER, FIRST, SECOND), "r2")
    assert not scope.whole
    assert scope.identity_ids == ("r2",)


@pytest.mark.parametrize("only", [SEEKER, FIRST])
def test_the_only_identity_takes_the_account_with_it(only: Identity) -> None:
    assert scope_of(account(only), only.id).whole
    assert only_side(account(only)) == only.id


def test_with_several_identities_the_person_chooses() -> None:
    assert only_side(account(SEEKER, FIRST)) is None


def test_somebody_elses_identity_is_no_choice() -> None:
    with pytest.raises(UnknownSideError):
        scope_of(account(SEEKER), "r1")


def test_identities_of_a_scope_keep_the_accounts_order() -> None:
    both = account(SEEKER, FIRST)
    assert identities_in(both, scope_of(both, "s")) == (SEEKER, FIRST)
