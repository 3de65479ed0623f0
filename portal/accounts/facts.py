"""The facts that the portal gets from an account system: plain values, no columns, no behaviour."""

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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


class Left(StrEnum):
    """What a recruiter leaves to the company (二.3.2)."""

    RESUMES = "resumes"
    """All résumés received for one job."""
    ENTITLEMENT = "entitlement"
    JOB = "job"


@dataclass(frozen=True)
class Heir:
    """Who gets something, and since when that is so."""

    identity_id: str
    name: str
    """Masked (张*)."""
    at: datetime


@dataclass(frozen=True)
class Item:
    """One thing that is left; ``key`` finds it again among those of its kind."""

    kind: Left
    key: str
    name: str
    quantity: int
    unit: str
    heir: Heir | None = None
    rest: int = 0
    """What of it the heir gets no share of; the company's pool does."""
    ends_at: datetime | None = None
    """In the pool: the first instant at which it can't be handed over any more, and is lost."""


@dataclass(frozen=True)
class Estate:
    """What one departing recruiter leaves, or (no closure) what departed ones have left."""

    closure: str | None
    identity_id: str | None
    name: str | None
    """Masked; None once there is nobody any more."""
    items: tuple[Item, ...]


@dataclass(frozen=True)
class Member:
    """A recruiter who works for a company, is not shut out and not leaving."""

    identity_id: str
    name: str
    """Masked (张*)."""
    title: str
    role: TeamRole
    company: str

    @property
    def hands_over(self) -> bool:
        """超级管理员或企业管理员 hand over and reassign (二.3.2)."""
        return self.role is not TeamRole.MEMBER


@dataclass(frozen=True)
class Share:
    """An item to be handed over; of an entitlement perhaps only so many."""

    kind: Left
    key: str
    quantity: int | None = None


class Did(StrEnum):
    """What was done with something that is left."""

    GAVE = "gave"
    ACCEPTED = "accepted"
    """Taken by whom the leaver had named for it."""
    TOOK_BACK = "took_back"


@dataclass(frozen=True)
class Deed:
    """Something that was done and the ledger has to be told of; nobody's name."""

    id: str
    closure: str | None
    did: Did
    counts: dict[str, int]
    """How many things, by their kind."""
    at: datetime


class Why(StrEnum):
    """Why something was not handed over."""

    TAKEN = "taken"
    LESS = "less"
    """There is less of it by now than was asked for."""
    GONE = "gone"
    NO_HEIR = "no_heir"
    """Who was to get it is leaving too, or has left the company."""


@dataclass(frozen=True)
class Refused:
    share: Share
    why: Why
    left: int = 0
    heir: Heir | None = None


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
class Done:
    """What was done in one step, as it is recorded with it: rows, and the time in milliseconds."""

    rows: int
    took_ms: int


@dataclass(frozen=True)
class Treated:
    """What became of one kind of data in an erasure that was done.

    ``rows`` counts rows and files. ``basis``, ``until`` and ``ends`` are given for kept rows only:
    the law, for how long in words, and the last day on which the last of them is kept.
    """

    name: str
    label: Words
    outcome: Outcome
    rows: int
    basis: Words | None
    until: Words | None
    ends: date | None


@dataclass(frozen=True)
class Certificate:
    """What an erasure did, for the receipt; nothing personal."""

    treated: tuple[Treated, ...]
    storage: Words
    """What the account system's database still has of deleted rows, and for how long."""


@dataclass(frozen=True)
class Residue:
    """A place where the erasure left something; never the value itself."""

    place: str
    rows: int
