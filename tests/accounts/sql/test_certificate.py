from datetime import date

import pytest

from portal.accounts.system import NotPlannedError, Outcome
from tests.accounts.world import World
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES


def test_a_certificate_tells_each_kind_its_outcome_rows_and_end(
    world: World, both_databases: str
) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    treated = {one.name: one for one in world.system().certificate("ZX-1").treated}
    assert (treated["resumes"].outcome, treated["resumes"].rows) == (Outcome.DELETE, 2)
    assert (treated["chats"].outcome, treated["chats"].rows) == (Outcome.ANONYMISE, 48)
    assert treated["chats"].ends is None
    assert treated["orders"].ends == date(2029, 9, 23)
    assert treated["security_log"].ends == date(2027, 5, 20)
    assert treated["orders"].basis
    assert "company_services" not in treated


def test_a_file_and_its_row_are_one(world: World) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    treated = {one.name: one for one in world.system().certificate("ZX-1").treated}
    assert (treated["avatar"].rows, treated["attachments"].rows) == (1, 1)


def test_a_certificate_of_one_identity_tells_nothing_of_the_account(world: World) -> None:
    world.erase(world.scope(MANY_IDENTITIES, MANY_IDENTITIES.recruiter_id(1002)))
    names = {one.name for one in world.system().certificate("ZX-1").treated}
    assert "jobs_offline" in names
    assert not names & {"account", "security_log", "resumes_sent"}


def test_ends_are_remembered_when_the_rows_are_gone(world: World) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    before = world.system().certificate("ZX-1")
    world.clock.advance(days=2000)
    world.system().expire()
    assert world.system().certificate("ZX-1") == before


def test_what_storage_still_has_is_said_for_each_database(
    world: World, both_databases: str
) -> None:
    world.erase(world.scope(CLEAN_SEEKER))
    storage = world.system().certificate("ZX-1").storage
    assert ("VACUUM" in storage.zh) is (both_databases == "postgresql")
    assert ("VACUUM" in storage.en) is (both_databases == "postgresql")


def test_without_a_passed_check_there_is_none(world: World) -> None:
    for _ in range(2):
        with pytest.raises(NotPlannedError):
            world.system().certificate("ZX-1")
        world.apply(world.scope(CLEAN_SEEKER))


def test_an_erasure_is_done_when_its_check_is_passed(world: World, both_databases: str) -> None:
    assert not world.system().erased("ZX-1")
    world.apply(world.scope(CLEAN_SEEKER))
    assert not world.system().erased("ZX-1")
    world.check()
    assert world.system().erased("ZX-1")
