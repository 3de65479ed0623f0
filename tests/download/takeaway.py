"""Asking for a download without a page, and opening what comes."""

import io
from zipfile import ZipFile

from sqlalchemy import func, select

from portal.accounts.sample.cast import Person
from portal.download import asking, fetching
from portal.download.asking import Offer
from portal.language import Language
from portal.services import Services
from portal.store.base import Base
from portal.store.tables import Closure, Download
from portal.store.tasks import Kind
from tests.closure.journeys import submitted, work_on


def offered(services: Services, person: Person) -> Offer:
    offer = asking.offer(services, person.id, None)
    assert offer is not None
    return offer


def asked(services: Services, person: Person) -> Closure:
    """Somebody has submitted, and asked for everything; nothing is made yet."""
    closure = submitted(services, person)
    asking.ask(services, offered(services, person), Language.CHINESE)
    return closure


def made(services: Services, person: Person) -> Closure:
    closure = asked(services, person)
    work_on(services, Kind.DOWNLOAD)
    return closure


def the(services: Services, person: Person) -> Download:
    there = asking.current(services, person.id)
    assert there is not None
    return there


def bytes_of(services: Services, person: Person) -> bytes:
    opened = fetching.fetch(services, person.id)
    assert opened is not None
    content = b"".join(opened.pieces)
    assert len(content) == opened.size
    return content


def unpacked(content: bytes) -> dict[str, bytes]:
    """Every file of a ZIP that is whole."""
    with ZipFile(io.BytesIO(content)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        assert len(names) == len(set(names))
        return {name: archive.read(name) for name in names}


def count(services: Services, table: type[Base]) -> int:
    with services.store.begin() as session:
        return session.scalar(select(func.count()).select_from(table)) or 0
