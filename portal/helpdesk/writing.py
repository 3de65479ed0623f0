"""What people write, freed of what could only mislead whoever reads it."""

import unicodedata

LONGEST = 2000
"""Characters of one message."""
LONGEST_CONTACT = 100

_STEERING = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""They turn the direction of what follows, and with it what a reader believes to read."""


def plain(text: str) -> str:
    """The text with line ends as ``\\n``, without control characters and steering of direction."""
    lines = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(letter for letter in lines if letter in "\n\t" or not _misleads(letter)).strip()


def one_line(text: str) -> str:
    """The same, for what is one line."""
    return " ".join(plain(text).split())


def _misleads(letter: str) -> bool:
    return letter in _STEERING or unicodedata.category(letter) in ("Cc", "Cs")
