"""More people than the sample has: dozens of seekers, made for one test."""

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from sqlalchemy import Engine

from portal.accounts.sample.cast import Person
from portal.accounts.sample.lives import Life, become_seeker, register
from portal.accounts.sample.meetings import meet
from portal.accounts.sample.schema.account import ACTIVE
from portal.accounts.sample.sheet import Sheet
from portal.closure import verify
from portal.identity import sign_in
from portal.services import Services
from tests.closure.journeys import Walked, accepted, confirm, journey_of


def crowd(number: int) -> list[Person]:
    """Seekers with nothing in the way; no name or number is part of another."""
    return [
        Person(f"crowd_{n:03}", f"群众{n:03}号", f"+86199000010{n:02}", "求职者")
        for n in range(number)
    ]


def move_in(engine: Engine, files: Path, people: Sequence[Person], now: datetime) -> None:
    """Give them accounts with some 200 rows each, as the sample people have."""
    sheet = Sheet()
    for person in people:
        life = Life(sheet, person, now)
        register(life, "app", can_sign_in=True)
        become_seeker(life, ACTIVE)
        meet(life)
    with engine.begin() as connection:
        sheet.write(connection, files)


def come_to_submit(services: Services, person: Person) -> Walked:
    """Everything but the last click, by somebody who gave a code a moment ago."""
    now = services.clock()
    with services.store.begin() as session:
        token = sign_in.open_account(session, person.id, now)
        session.flush()
        visitor = sign_in.look_up(session, token, now)
    account = services.accounts.account(person.id)
    assert visitor is not None
    assert account is not None
    draft = accepted(services)
    verify.bind_signed_in(services, draft, visitor)
    confirm(services, journey_of(services, draft), account)
    return Walked(journey_of(services, draft), account, visitor)
