"""What the sample tables share: one metadata of their own, and the columns that recur."""

from sqlalchemy import Column, ForeignKey, Integer, MetaData, String

from portal.store.base import Base, Instant

metadata = MetaData(naming_convention=Base.metadata.naming_convention)
"""Apart from the portal's: the account system is another database."""


def number() -> Column[int]:
    """A counting primary key."""
    return Column("id", Integer, primary_key=True)


def opaque() -> Column[str]:
    """A primary key that says nothing about its row."""
    return Column("id", String(32), primary_key=True)


def account(name: str = "account_id", *, nullable: bool = True) -> Column[str]:
    return Column(name, ForeignKey("account.id"), nullable=nullable, index=True)


def identity(name: str = "identity_id", *, nullable: bool = True) -> Column[str]:
    return Column(name, ForeignKey("identity.id"), nullable=nullable, index=True)


def other(name: str, target: str, *, nullable: bool = True) -> Column[int]:
    """A reference to a counted row of another table."""
    return Column(name, ForeignKey(f"{target}.id"), nullable=nullable, index=True)


def text(name: str, length: int = 80, *, nullable: bool = True) -> Column[str]:
    return Column(name, String(length), nullable=nullable)


def phone(name: str) -> Column[str]:
    """A registered number, copied from an account: sought by value when that account closes."""
    return Column(name, String(20), index=True)


def instant(name: str, *, nullable: bool = False) -> Column[object]:
    """An aware UTC datetime."""
    return Column(name, Instant, nullable=nullable)
