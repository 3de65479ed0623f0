"""What closing takes along, where the notice's words need a rule (二.3)."""

from dataclasses import replace

from portal.accounts.system import Account, Identity, Job, Role
from portal.closure.consequences import going_offline, linked_recruiters
from portal.closure.scope import scope_of
from portal.settings import Settings

SEEKER = Identity("s", Role.SEEKER, None)
FIRST, SECOND = Identity("r1", Role.RECRUITER, "甲公司"), Identity("r2", Role.RECRUITER, "乙公司")
EVERYTHING = Account("a", "+8619900000001", (SEEKER, FIRST, SECOND))
ALONE, SHARED = Job("测试工程师", 0), Job("后端工程师", 2)


def test_the_seeker_side_closes_its_linked_recruiters() -> None:
    assert linked_recruiters(EVERYTHING, scope_of(EVERYTHING, "s")) == (FIRST, SECOND)


def test_a_recruiter_closes_nobody_else() -> None:
    assert linked_recruiters(EVERYTHING, scope_of(EVERYTHING, "r1")) == ()
    lone = replace(EVERYTHING, identities=(FIRST,))
    assert linked_recruiters(lone, scope_of(lone, "r1")) == ()


def test_by_default_only_jobs_that_nobody_shares_go_offline() -> None:
    assert going_offline(Settings(), (ALONE, SHARED)) == (ALONE,)


def test_where_it_is_set_all_jobs_go_offline() -> None:
    every = Settings(jobs_go_offline="all")
    assert going_offline(every, (ALONE, SHARED)) == (ALONE, SHARED)
