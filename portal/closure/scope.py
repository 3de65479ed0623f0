"""Which identities a person can choose to close, and what goes along with each choice."""

from portal.accounts.system import Account, Identity, Role, Scope


class UnknownSideError(Exception):
    """The chosen identity is not one of this account's."""


def scope_of(account: Account, identity_id: str) -> Scope:
    """What closing this side closes.

    The seeker side takes every linked recruiter identity along (notice 二.3.1); a recruiter
    identity goes alone, and takes the account with it only when it is the last one.
    Raises UnknownSideError.
    """
    chosen = _identity(account, identity_id)
    if chosen.role is Role.SEEKER:
        return Scope(account.id, tuple(identity.id for identity in account.identities), whole=True)
    return Scope(account.id, (chosen.id,), whole=len(account.identities) == 1)


def identities_in(account: Account, scope: Scope) -> tuple[Identity, ...]:
    """The account's identities that the scope closes, in the account's order."""
    return tuple(one for one in account.identities if one.id in scope.identity_ids)


def only_side(account: Account) -> str | None:
    """The side of an account with one identity; None where the person has to choose."""
    return account.identities[0].id if len(account.identities) == 1 else None


def _identity(account: Account, identity_id: str) -> Identity:
    for identity in account.identities:
        if identity.id == identity_id:
            return identity
    raise UnknownSideError
