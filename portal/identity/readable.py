"""Random letters that people read out on the telephone and copy by hand."""

import secrets

from portal.identity.typed import tidy

_ALPHABET = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""No 0 and O, no 1 and I: 5 bits a letter."""


def draw(groups: int, size: int) -> str:
    """So many groups of so many letters, with dashes between them."""
    return "-".join("".join(secrets.choice(_ALPHABET) for _ in range(size)) for _ in range(groups))


def read(text: str) -> str:
    """What was typed or pasted, freed of how it was written."""
    return tidy(text).upper()
