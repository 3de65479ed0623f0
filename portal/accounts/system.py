"""What the portal asks of the account system.

The Protocol speaks of people, identities and categories, never of columns. Adapter: ``sql`` (facts
read from the tables of the embedded sample, erasing by a data map).
"""

from collections.abc import Iterator, Sequence
from typing import Protocol

from portal.accounts.export import Extract
from portal.accounts.facts import (
    Account,
    Asset,
    Category,
    Certificate,
    Debt,
    Deed,
    Did,
    Dispute,
    DisputeKind,
    Done,
    Estate,
    Heir,
    Holdings,
    Identity,
    IdentityHoldings,
    Item,
    Job,
    Left,
    Member,
    Outcome,
    Penalty,
    Refused,
    Residue,
    Role,
    Scope,
    SecurityEvent,
    Share,
    Standing,
    Step,
    Team,
    TeamRole,
    Treated,
    UnpaidOrder,
    Why,
    Words,
)

__all__ = [
    "Account",
    "AccountSystem",
    "AccountSystemUnavailableError",
    "Asset",
    "Category",
    "Certificate",
    "Debt",
    "Deed",
    "Did",
    "Dispute",
    "DisputeKind",
    "Done",
    "Estate",
    "Extract",
    "Heir",
    "Holdings",
    "Identity",
    "IdentityHoldings",
    "Item",
    "Job",
    "Left",
    "Member",
    "NotAllowedError",
    "NotPlannedError",
    "Outcome",
    "Penalty",
    "Refused",
    "Residue",
    "Role",
    "Scope",
    "SecurityEvent",
    "Share",
    "StaleEpochError",
    "Standing",
    "Step",
    "Team",
    "TeamRole",
    "Treated",
    "UnpaidOrder",
    "Why",
    "Words",
]


class AccountSystemUnavailableError(Exception):
    """The account system gave no answer now. Nothing is known; asking again later may help."""


class StaleEpochError(Exception):
    """A newer holder of the task has written already; the caller must stop."""


class NotPlannedError(Exception):
    """The closure has no plan yet, or its plan has no such step."""


class NotAllowedError(Exception):
    """Not theirs to see or to hand over: not of the company, not in charge, or not any more."""


class AccountSystem(Protocol):
    """The system that holds the accounts.

    Every method raises AccountSystemUnavailableError when it can't answer. Every writing method
    may be called any number of times; ``closure`` is the closure's reference, ``epoch`` the fence
    of the task that calls: after a call with a higher epoch a lower one raises StaleEpochError.
    """

    def find(self, phone: str) -> Account | None:
        """The account registered with this number (E.164), None if there is none."""

    def account(self, account_id: str) -> Account | None:
        """The account with this id, None when it is closed or never was."""

    def owner(self, identity_id: str) -> Account | None:
        """The account that has this identity, None when either is closed or never was."""

    def standing(self, scope: Scope) -> Standing:
        """The facts behind the conditions, now."""

    def holdings(self, scope: Scope, *, shared_jobs_too: bool) -> Holdings:
        """What closing this scope takes away, now.

        With ``shared_jobs_too`` the counts are those of jobs that all go offline (二.3.2); without
        it those that a colleague shares pass on to the colleague.
        """

    def export(self, scope: Scope) -> Iterator[Extract]:
        """Everything of the scope that may be handed out to its owner, kind by kind, as it is now.

        Nothing secret, and of other people no more than role and company. What the extracts read
        later raises AccountSystemUnavailableError too.
        """

    def set_access(self, closure: str, scope: Scope, *, frozen: bool, epoch: int) -> None:
        """Freeze the scope for the closure, or lift the closure's own freeze and no other.

        Has no effect any more once the closure has a plan: then it stays frozen.
        """

    def plan(
        self, closure: str, scope: Scope, epoch: int, *, shared_jobs_too: bool
    ) -> tuple[Step, ...] | None:
        """Fix, once, which rows the erasure will touch, and answer the steps in their order.

        ``shared_jobs_too`` says, as in ``holdings``, which jobs go offline; it is kept with the
        plan and holds for all its steps and its check.

        A call does a bounded bite of the work; None says that it is not finished: call again.
        Asked again it answers the plan made first, whatever has been erased since. Planning
        freezes the scope, in case no freeze has come before.
        """

    def apply(self, closure: str, steps: list[str], epoch: int) -> tuple[Done, ...] | None:
        """Do these steps in their order; answer what was done, for one step or more of the first.

        A call does a bounded bite of the work, all of it or nothing; None says that the first step
        is not finished: call again. Asked again about a step it answers what was recorded.
        What arrived after the plan goes too, before what it is found by; it isn't counted.
        Raises NotPlannedError.
        """

    def check(self, closure: str, epoch: int) -> tuple[Residue, ...] | None:
        """Hold the result against the plan; empty when every planned row has its outcome and the
        values unique to the person (number, mail, ids) are gone from where the map says they were.

        A call does a bounded bite of the work; None says that it is not finished: call again.
        What arrived or came back after the last step is treated once more before it is judged.
        Before an empty answer the row keys and values of the plan are forgotten.
        Raises NotPlannedError.
        """

    def certificate(self, closure: str) -> Certificate:
        """What the erasure did, by kind of data, once its check is passed.

        Raises NotPlannedError.
        """

    def erased(self, closure: str) -> bool:
        """Whether the closure's erasure was done and its check passed."""

    def frozen(self) -> tuple[str, ...]:
        """The references of all closures that own a freeze that is not lifted."""

    def expire(self) -> int | None:
        """Erase rows that were kept by law and whose term is over, and do with what nobody took
        over in its term what is due; answer how many rows there were.

        A call does a bounded bite of the work; None says that it is not finished: call again.
        """

    def posts(self, account_id: str) -> tuple[Member, ...]:
        """Where this account works as a recruiter: not shut out, not leaving."""

    def colleagues(self, identity_id: str) -> tuple[Member, ...]:
        """Everybody else of the identity's company who may take something over."""

    def estate(self, identity_id: str) -> Estate:
        """What this recruiter would leave, now; without a closure while none has frozen them."""

    def estates(self, by: str) -> tuple[Estate, ...]:
        """What is left in the company of ``by``, by departing recruiters whose erasure has not
        begun, and (the last one) by departed ones.

        The departed ones' can be handed over for the term of the data map. Raises NotAllowedError
        for an identity that does not hand over.
        """

    def hand_over(
        self,
        by: str,
        closure: str | None,
        shares: Sequence[Share],
        to: str,
        *,
        named: bool = False,
    ) -> tuple[Refused, ...]:
        """Give to this member what is left; answer what could not be given, and why. ``named``
        says that the leaver had named the member, who accepts.

        What a departing recruiter leaves (``closure``) is reserved: it passes on inside the steps
        of the erasure, unless the heir has gone by then; reservations lapse when the closure ends.
        ``by`` hands over, or accepts for itself. Raises NotAllowedError.
        """

    def take_back(self, by: str, closure: str | None, shares: Sequence[Share]) -> int:
        """Undo; answer how many rows. A departing recruiter's until the erasure begins, a departed
        one's for 24 hours and as long as it is unused. Raises NotAllowedError."""

    def untold(self) -> tuple[Deed, ...]:
        """Hand-overs that were done and are not yet known to be told; some, the oldest first.

        Noted together with their effect; a call that had none leaves none.
        """

    def told(self, ids: Sequence[str]) -> None:
        """The ledger has these now, by their ids."""
