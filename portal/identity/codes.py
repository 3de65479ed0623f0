"""The six digits themselves: drawn, read from what was typed, and kept as an HMAC."""

import secrets
from enum import StrEnum

from portal.identity.typed import tidy
from portal.store.vault import Vault

DIGITS = 6


class CodeProblem(StrEnum):
    """Why a text can't be a code at all, for the page to word."""

    EMPTY = "empty"
    NOT_DIGITS = "not_digits"
    LENGTH = "length"


class CodeFormError(ValueError):
    """The text can't be a code; ``problem`` says why, never the text."""

    def __init__(self, problem: CodeProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def draw() -> str:
    """Six decimal digits from the system's CSPRNG, leading zeros included (ASVS 6.5.3, 6.5.4)."""
    return f"{secrets.randbelow(10**DIGITS):0{DIGITS}}"


def read(text: str) -> str:
    """The digits of what was typed or pasted. Raises CodeFormError."""
    typed = tidy(text)
    if not typed:
        raise CodeFormError(CodeProblem.EMPTY)
    if not (typed.isascii() and typed.isdigit()):
        raise CodeFormError(CodeProblem.NOT_DIGITS)
    if len(typed) != DIGITS:
        raise CodeFormError(CodeProblem.LENGTH)
    return typed


def mac(vault: Vault, challenge_id: str, code: str) -> str:
    """How a code is kept: HMAC, bound to its challenge, so that it fits no other."""
    return vault.digest(f"code {challenge_id}", code)
