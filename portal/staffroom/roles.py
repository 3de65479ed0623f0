"""Who may do what at the console. Nobody may approve a closure or bring an erasure forward."""

from enum import StrEnum


class Permission(StrEnum):
    LOOK = "look"
    ACT = "act"
    """Hold, resume, refuse, try again, acknowledge; propose what needs a second person."""
    APPROVE = "approve"
    """Be the second person."""


class Role(StrEnum):
    VIEWER = "viewer"
    REVIEWER = "reviewer"
    SUPERVISOR = "supervisor"


_GRANTED = {
    Role.VIEWER: {Permission.LOOK},
    Role.REVIEWER: {Permission.LOOK, Permission.ACT},
    Role.SUPERVISOR: set(Permission),
}


def may(role: Role | None, permission: Permission) -> bool:
    """Whether somebody in this role may do it; those who left may do nothing."""
    return role is not None and permission in _GRANTED[role]
