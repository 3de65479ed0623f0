"""The words of a data map: whose rows, what becomes of them, until when."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from portal.accounts.system import Outcome, Words


class Whose(StrEnum):
    """Whom the rows of a part belong to."""

    ACCOUNT = "account"
    IDENTITY = "identity"
    SEEKER = "seeker"
    RECRUITER = "recruiter"
    NUMBER = "number"
    """Anybody: rows that carry the number which the account is registered with."""
    MAIL = "mail"
    """Anybody: rows that carry the account's mail address."""


IDENTITIES = (Whose.IDENTITY, Whose.SEEKER, Whose.RECRUITER)
UNIQUE = (Whose.NUMBER, Whose.MAIL)
"""Found by a value that only one account has at a time."""


class Fate(StrEnum):
    """What becomes of a column of a row that stays."""

    KEEP = "keep"
    COUNTERPART = "counterpart"
    NULL = "null"
    RANDOM = "random"
    YEAR = "year"
    NOW = "now"
    SUCCESSOR = "successor"
    HEIR = "heir"
    SHARE = "share"
    VALUE = "value"


UNTOUCHED = (Fate.KEEP, Fate.COUNTERPART)


@dataclass(frozen=True)
class Treatment:
    fate: Fate
    value: str | bool | int | None = None
    """What is written, for VALUE."""


@dataclass(frozen=True)
class Kind:
    """A category of data as people see it. Kept kinds have a legal basis and an end."""

    name: str
    label: Words
    outcome: Outcome
    basis: Words | None
    until: Words | None
    months: int | None
    """The term, for kept kinds; counted from what their parts name (``since``)."""


@dataclass(frozen=True)
class Part:
    """Rows of one table that are found by one column and share one fate."""

    name: str
    """``table.part``, e.g. chat_message.sent."""
    whose: Whose
    by: str
    kind: Kind
    columns: Mapping[str, Treatment]
    """Every column of the table; all KEEP where the rows are deleted."""
    shared: bool | None
    """Only rows that others share, only those that nobody shares, or (None) all."""
    reserved: bool | None
    """Only rows that are reserved for an heir, only those that are not, or (None) all."""
    rest: str | None
    """The part that has what an heir gets no share of."""
    file: str | None
    """The column with the path of a file on disk."""
    since: tuple[str, ...]
    """Kept rows: the columns of which the first that is filled begins the term."""

    @property
    def table(self) -> str:
        return self.name.partition(".")[0]

    @property
    def place(self) -> str:
        """The column that leads to the person."""
        return f"{self.table}.{self.by}"

    @property
    def kept(self) -> bool:
        return self.kind.outcome is Outcome.KEEP

    @property
    def leaves(self) -> bool:
        """Whether its rows leave their table: deleted, or put away for as long as a law says."""
        return self.kept or self.kind.outcome is Outcome.DELETE

    @property
    def treated(self) -> dict[str, Treatment]:
        """The columns that change."""
        return {c: t for c, t in self.columns.items() if t.fate not in UNTOUCHED}

    def does_all_of(self, other: "Part") -> bool:
        """Whether nothing is left for the other part to do with a row that this one treats."""
        stays = not other.leaves and other.treated.items() <= self.treated.items()
        return self.table == other.table and (self.leaves or stays)


@dataclass(frozen=True)
class Sharing:
    """The table that says which rows others share: one row per shared row and identity."""

    table: str
    row: str
    identity: str


@dataclass(frozen=True)
class Succession:
    """The table that says who works for which company: heirs do, for the row's own company."""

    table: str
    identity: str
    company: str
    months: int
    """For how long what is left in a company's pool can be handed over."""


@dataclass(frozen=True)
class Pool:
    """Rows of a part that stay in their company's pool, and what becomes of those that nobody has
    taken over by the end of the succession's term."""

    part: Part
    since: str
    """The column from which the term runs."""
    emptied: tuple[str, ...]
    """These columns; none where the row is deleted."""
    basis: Words


@dataclass(frozen=True)
class Handout:
    """What a download shows of a table, and what it withholds; with both every column is decided.

    What belongs to the other person of a row is withheld all the same (see ``exporting``).
    """

    shown: tuple[str, ...]
    withheld: tuple[str, ...]
    label: Words | None
    """What tells a part's rows from others of its table."""
