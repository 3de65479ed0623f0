"""The sample people move in: their database is made and filled, once.

Times are counted back from the moment they settle; all else is always the same.
"""

from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine, func, select

from portal.accounts.locking import one_at_a_time
from portal.accounts.sample import companies
from portal.accounts.sample.cast import COLLEAGUES, NOT_REGISTERED, PEOPLE, SEEKERS, Person
from portal.accounts.sample.lives import Life, become_seeker, register, use
from portal.accounts.sample.meetings import meet
from portal.accounts.sample.particulars import CHANNELS, PARTICULARS, SHUT, TIMES
from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import ACTIVE, FROZEN, account
from portal.accounts.sample.sheet import Sheet

__all__ = ["NOT_REGISTERED", "PEOPLE", "Person", "settle"]


def settle(engine: Engine, files: Path, now: datetime) -> None:
    """Make the sample database and its people, unless somebody lives there already."""
    with engine.begin() as connection:
        one_at_a_time(connection)
        metadata.create_all(connection)
        if not connection.scalar(select(func.count()).select_from(account)):
            _everybody(now).write(connection, files)


def _everybody(now: datetime) -> Sheet:
    sheet = Sheet()
    for person in (*PEOPLE, *COLLEAGUES):
        life = Life(sheet, person, now, TIMES.get(person.key, 1))
        key, shut = person.key, person.key in SHUT
        register(life, CHANNELS.get(key, "app"), can_sign_in=not shut)
        if person in SEEKERS:
            become_seeker(life, FROZEN if shut else ACTIVE)
            meet(life)
        if particular := PARTICULARS.get(key):
            particular(life)
    companies.found(sheet, now)
    for post in companies.POSTS:
        use(Life(sheet, post.person, now), post.id)
    return sheet
