"""Members of staff, as tests need them."""

from urllib.parse import parse_qs, urlsplit

from portal.services import Services
from portal.staffroom import members, sign_in
from portal.staffroom.members import Enrolment, Member, member_of
from portal.staffroom.roles import Role
from portal.store.tables import Staff

PASSWORD = "correct horse battery"
ADDRESS = "192.0.2.7"


def enrolled(services: Services, name: str, role: Role = Role.REVIEWER) -> Enrolment:
    return members.add(services, name, role, PASSWORD)


def secret_of(enrolment: Enrolment) -> str:
    return parse_qs(urlsplit(enrolment.uri).query)["secret"][0]


def member(services: Services, name: str, role: Role = Role.REVIEWER) -> Member:
    """Somebody who works here; there is no hurry to sign in."""
    enrolled(services, name, role)
    return called(services, name)


def called(services: Services, name: str) -> Member:
    with services.store.begin() as session:
        return member_of(next(one for one in members.everybody(session) if one.name == name))


def opened(services: Services, who: Member) -> str:
    """The token of a browser in which they are signed in, without the work of a password."""
    with services.store.begin() as session:
        row = session.get_one(Staff, who.id)
        return sign_in._open(session, row, services.clock(), None)
