"""What ties a help case to an account, and its undoing when that account closes."""

from enum import StrEnum

from sqlalchemy import ColumnElement, delete, select, update
from sqlalchemy.orm import Session

from portal.store.tables import HelpCase, HelpMessage, HelpPass
from portal.store.vault import Seal, Vault


class State(StrEnum):
    """How a help case stands."""

    OPEN = "open"
    """The person has the last word, and waits."""
    ANSWERED = "answered"
    ENDED = "ended"


def seal_of(vault: Vault, case: HelpCase) -> Seal:
    """The seal of the case's own key, which dies with its row."""
    return vault.unwrap(key_place(case.id), case.wrapped)


def account_digest(vault: Vault, account_id: str) -> str:
    return vault.digest("account", account_id)


def tie(vault: Vault, case: HelpCase, account_id: str) -> None:
    """This account's owner wrote it, as was proved."""
    case.account = seal_of(vault, case).close(_account_place(case), account_id.encode())
    case.account_digest = account_digest(vault, account_id)


def account_of(vault: Vault, case: HelpCase) -> str | None:
    """Whose case it is, where that was proved and the account is not closed."""
    if case.account is None:
        return None
    return seal_of(vault, case).open(_account_place(case), case.account).decode()


def untie(session: Session, vault: Vault, account_id: str, number: str | None) -> None:
    """The account closes: its ended cases die now. From those that go on nothing leads to the
    account any more, and they live only as long as they take. By its ``number`` (a keyed digest)
    no case is found from now on, whoever wrote it."""
    mine = HelpCase.account_digest == account_digest(vault, account_id)
    forget(session, mine, HelpCase.state == State.ENDED)
    _forget_of(session, HelpPass, mine)
    session.execute(
        update(HelpCase)
        .where(mine)
        .values(account=None, account_digest=None, number=None, outlives=True)
    )
    if number:
        session.execute(update(HelpCase).where(HelpCase.number == number).values(number=None))


def forget(session: Session, *which: ColumnElement[bool]) -> None:
    """Delete these cases, with their keys and all that was written."""
    for table in (HelpMessage, HelpPass):
        _forget_of(session, table, *which)
    session.execute(delete(HelpCase).where(*which))


def key_place(case_id: str) -> str:
    return f"help_case.wrapped:{case_id}"


def _forget_of(
    session: Session, table: type[HelpMessage | HelpPass], *which: ColumnElement[bool]
) -> None:
    cases = select(HelpCase.id).where(*which)
    session.execute(delete(table).where(table.case_id.in_(cases)))


def _account_place(case: HelpCase) -> str:
    return f"help_case.account:{case.id}"
