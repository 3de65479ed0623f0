"""What the portal asks of the account system, and the facts it gets back.

The Protocol speaks of people, identities and categories, never of columns. Adapter: ``sql`` (facts
read from the tables of the embedded sample, erasing by a data map).
"""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol


class AccountSystemUnavailableError(Exception):
    """The account system gave no answer now. Nothing is known; asking again later may help."""


class StaleEpochError(Exception):
    """A newer holder of the task has written already; the caller must stop."""


class NotPlannedError(Exception):
    """The closure has no plan yet, or its plan has no such step."""


class Role(StrEnum):
    """What an identity does on the platform; each follows its own clause (二.3.1, 二.3.2)."""

    SEEKER = "seeker"
    RECRUITER = "recruiter"


class TeamRole(StrEnum):
    """What a recruiter may do in the company's team (二.3.2)."""

    MEMBER = "member"
    ADMIN = "admin"
    SUPER_ADMIN = "super_admin"


class Outcome(StrEnum):
    """What becomes of rows at closing (PIPL 47; 网络数据安全管理条例 24)."""

    DELETE = "delete"
    ANONYMISE = "anonymise"
    SEAL = "seal"
    KEEP = "keep"


@dataclass(frozen=True)
class Identity:
    id: str
    role: Role
    company: str | None
    """The company's name; None for a seeker."""


@dataclass(frozen=True)
class Account:
    """One phone, one sign-in: at most one seeker identity and any number of recruiter ones."""

    id: str
    phone: str
    """E.164, e.g. +8619900000001."""
    identities: tuple[Identity, ...]


@dataclass(frozen=True)
class Scope:
    """What one closure closes: some identities, and the account itself if ``whole``."""

    account_id: str
    identity_ids: tuple[str, ...]
    whole: bool


@dataclass(frozen=True)
class Asset:
    """Something unspent (一.2.2), e.g. 智联币 120 枚, VIP会员服务 34 天."""

    identity_id: str
    name: str
    quantity: int
    unit: str


@dataclass(frozen=True)
class Debt:
    what: str
    fen: int


@dataclass(frozen=True)
class UnpaidOrder:
    """An order whose service was provided and which is not paid (一.2.3)."""

    number: str
    what: str
    fen: int


class DisputeKind(StrEnum):
    COMPLAINANT = "complainant"
    RESPONDENT = "respondent"
    FREEZE = "freeze"


@dataclass(frozen=True)
class Dispute:
    """A complaint, dispute or dispute freeze that is not settled (一.2.4)."""

    kind: DisputeKind
    number: str
    opened_at: datetime


@dataclass(frozen=True)
class SecurityEvent:
    """A suspicious sign-in or other unsafe behaviour that was detected (一.2.5)."""

    what: str
    at: datetime


@dataclass(frozen=True)
class Penalty:
    """A restriction, penalty freeze or other sanction that is not settled (一.2.6)."""

    what: str
    since: datetime


@dataclass(frozen=True)
class Standing:
    """The facts behind the six conditions (一.2), of the account and of the scope's identities.

    A freeze that a closure owns is not among them. ``security_events`` holds the last 12 months;
    which of them still count is the portal's rule.
    """

    official: bool
    debts: tuple[Debt, ...]
    assets: tuple[Asset, ...]
    unpaid_orders: tuple[UnpaidOrder, ...]
    disputes: tuple[Dispute, ...]
    security_events: tuple[SecurityEvent, ...]
    penalties: tuple[Penalty, ...]


@dataclass(frozen=True)
class Job:
    """A job advertisement a recruiter has online."""

    title: str
    collaborators: int
    """How many other, staying accounts share it."""


@dataclass(frozen=True)
class Team:
    """A recruiter's place in the company (二.3.2)."""

    role: TeamRole
    only_super_admin: bool
    successors: tuple[str, ...]
    """Names of the other super-admins and admins, who may take over; masked (张*)."""


@dataclass(frozen=True)
class Words:
    """One text of the data map in both languages of the pages."""

    zh: str
    en: str


@dataclass(frozen=True)
class Category:
    """How many rows of one kind the scope has, and what becomes of them.

    ``rows`` is None when they could not be counted. ``basis`` and ``until`` are given for kept
    rows only: the law they are kept under and for how long.
    """

    name: str
    label: Words
    outcome: Outcome
    rows: int | None
    basis: Words | None
    until: Words | None


@dataclass(frozen=True)
class IdentityHoldings:
    identity: Identity
    assets: tuple[Asset, ...]
    jobs: tuple[Job, ...]
    team: Team | None
    resumes: int
    """Seeker: own résumés. Recruiter: résumés received, which the company may take over."""


@dataclass(frozen=True)
class Holdings:
    """What the scope has, from which the consequences (二) are shown."""

    identities: tuple[IdentityHoldings, ...]
    bindings: tuple[str, ...]
    """Names of third-party services signed in to through the account (二.4)."""
    categories: tuple[Category, ...]


@dataclass(frozen=True)
class Step:
    """One step of an erasure: one outcome for the planned rows of one table or file kind."""

    name: str
    category: str
    outcome: Outcome
    rows: int


@dataclass(frozen=True)
class Residue:
    """A place where the erasure left something; never the value itself."""

    place: str
    rows: int


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

    def standing(self, scope: Scope) -> Standing:
        """The facts behind the conditions, now."""

    def holdings(self, scope: Scope) -> Holdings:
        """What closing this scope takes away, now."""

    def set_access(self, closure: str, scope: Scope, *, frozen: bool, epoch: int) -> None:
        """Freeze the scope for the closure, or lift the closure's own freeze and no other.

        Has no effect any more once the closure has a plan: then it stays frozen.
        """

    def plan(self, closure: str, scope: Scope, epoch: int) -> tuple[Step, ...]:
        """Fix, once, which rows the erasure will touch, and answer the steps in their order.

        Asked again it answers the plan made first, whatever has been erased since. Planning
        freezes the scope, in case no freeze has come before.
        """

    def apply(self, closure: str, step: str, epoch: int) -> int:
        """Do one step and answer the rows it treated; asked again, answer what was recorded.

        What arrived after the plan goes too, before what it is found by; it isn't counted.
        Raises NotPlannedError.
        """

    def check(self, closure: str, epoch: int) -> tuple[Residue, ...]:
        """Hold the result against the plan; empty when every planned row has its outcome.

        With an empty answer the row keys of the plan are forgotten in the same transaction.
        Raises NotPlannedError.
        """
