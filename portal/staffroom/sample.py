"""One member of staff for each role, for trying the console out on a developer's machine."""

from contextlib import suppress

from portal.services import Services
from portal.staffroom.members import NameTakenError, add
from portal.staffroom.roles import Role

PASSWORD = "sample-password"  # noqa: S105 - development only; the second factor is drawn


def settle(services: Services) -> None:
    """Make those who are not there yet; each is named like their role."""
    for role in Role:
        with suppress(NameTakenError):
            add(services, role.value, role, PASSWORD)
