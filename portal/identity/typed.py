"""What people type or paste, freed of how they wrote it."""

import unicodedata

# Space, line and paragraph separators, control and invisible characters, dashes, brackets.
_ONLY_GROUPING = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf", "Pd", "Ps", "Pe"})


def tidy(text: str) -> str:
    """The text in plain characters (NFKC: ０ is 0) without what only groups them.

    People copy numbers as they find them: full-width, with spaces, dashes, brackets (UX A2.2).
    """
    return "".join(
        character
        for character in unicodedata.normalize("NFKC", text)
        if unicodedata.category(character) not in _ONLY_GROUPING
    )
