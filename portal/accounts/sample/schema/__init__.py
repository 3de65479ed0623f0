"""The tables of the sample account system, one file per part of a working life.

``metadata`` holds them all once this package is imported.
"""

from portal.accounts.sample.schema import account, company, contact, desk, money, seeking
from portal.accounts.sample.schema.base import metadata

__all__ = ["account", "company", "contact", "desk", "metadata", "money", "seeking"]
