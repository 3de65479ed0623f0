"""Enough job seekers for a figure, beside the sample people: each with some 200 rows."""

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from portal.accounts.sample.cast import Person
from portal.accounts.sample.lives import Life, become_seeker, register
from portal.accounts.sample.meetings import meet
from portal.accounts.sample.schema.account import ACTIVE
from portal.accounts.sample.sheet import Sheet


def crowd(number: int) -> Iterator[Person]:
    for one in range(number):
        yield Person(f"bench{one}", f"某{one}", f"+861980000{one:04}", "")


def settle_crowd(engine: Engine, files: Path, at: datetime, number: int) -> None:
    sheet = Sheet()
    for person in crowd(number):
        life = Life(sheet, person, at)
        register(life, "app", can_sign_in=True)
        become_seeker(life, ACTIVE)
        meet(life)
    with engine.begin() as connection:
        sheet.write(connection, files)
