from collections.abc import Callable
from pathlib import Path

from sqlalchemy import func, select

from portal.accounts.sample.people import settle
from portal.accounts.sample.schema.account import account
from portal.store.engine import make_engine
from tests.cast import COLLEAGUES, PEOPLE
from tests.fakes import FakeClock
from tests.races import at_once


def test_processes_that_start_at_once_make_the_tables_and_the_people_once(
    blank_database_url: Callable[[], str], tmp_path: Path, both_databases: str
) -> None:
    url, now = blank_database_url(), FakeClock()()
    engines = [make_engine(url) for _ in range(3)]
    for engine in engines:
        engine.connect().close()
    at_once(3, lambda n: settle(engines[n], tmp_path / "files", now))
    with engines[0].begin() as connection:
        people = connection.scalar(select(func.count()).select_from(account))
    assert people == len(PEOPLE) + len(COLLEAGUES)
    for engine in engines:
        engine.dispose()
