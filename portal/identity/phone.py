"""Mobile numbers of mainland China: the only ones an account can have."""

import re
from enum import StrEnum

import phonenumbers
from phonenumbers import PhoneNumberType

from portal.identity.typed import tidy

# Letters, extensions and dial-through prefixes, which phonenumbers accepts, are typing errors here.
_FORM = re.compile(r"(?:(?:\+|00)?86)?(1[0-9]{10})")


class PhoneProblem(StrEnum):
    """Why a text is no phone number, for the page to word."""

    EMPTY = "empty"
    NOT_MOBILE = "not_mobile"


class PhoneError(ValueError):
    """The text is no mobile number of mainland China; ``problem`` says why, never the number."""

    def __init__(self, problem: PhoneProblem) -> None:
        super().__init__(problem.value)
        self.problem = problem


def parse(text: str) -> str:
    """The number in E.164, e.g. ``+8619900000001``; landlines, premium, foreign ones are refused.

    Raises PhoneError.
    """
    typed = tidy(text)
    if not typed:
        raise PhoneError(PhoneProblem.EMPTY)
    found = _FORM.fullmatch(typed)
    if found is None:
        raise PhoneError(PhoneProblem.NOT_MOBILE)
    number = phonenumbers.parse(f"+86{found[1]}")
    if phonenumbers.number_type(number) != PhoneNumberType.MOBILE:
        raise PhoneError(PhoneProblem.NOT_MOBILE)
    return f"+86{found[1]}"


def mask(phone: str) -> str:
    """What a page may show of an E.164 number: ``199****0001``."""
    return f"{phone[-11:-8]}****{phone[-4:]}"
