"""What stands in the databases, to be held against what stands there later, or to be changed."""

from typing import Any, TypeVar

from sqlalchemy import select

from portal.services import Services
from portal.store.base import Base
from portal.store.tables import SignIn
from tests.web.outages import SwitchedAccounts

Row = TypeVar("Row", bound=Base)
_MAY_MOVE = {SignIn.__table__.c.seen_at}


def every_row(services: Services) -> dict[str, list[str]]:
    """All rows of the portal's tables, but for when a browser was seen last."""
    with services.store.begin() as session:
        return {
            table.name: sorted(
                repr(tuple(row)) for row in session.execute(select(*(set(table.c) - _MAY_MOVE)))
            )
            for table in Base.metadata.sorted_tables
        }


def rows(services: Services, table: type[Row]) -> list[Row]:
    """The rows of one of the portal's tables."""
    with services.store.begin() as session:
        return list(session.scalars(select(table)))


def count(services: Services, table: type[Base]) -> int:
    return len(every_row(services)[table.__tablename__])


def upstream(services: Services, *statements: Any) -> None:
    """Change something in the sample account system behind the portal's back."""
    assert isinstance(services.accounts, SwitchedAccounts)
    with services.accounts.real._engine.begin() as connection:
        for statement in statements:
            connection.execute(statement)
