"""What a help case can be about: given by the page the person comes from."""

from enum import StrEnum


class Topic(StrEnum):
    CONDITION_1 = "condition-1"
    CONDITION_2 = "condition-2"
    CONDITION_3 = "condition-3"
    CONDITION_4 = "condition-4"
    CONDITION_5 = "condition-5"
    CONDITION_6 = "condition-6"
    LOST_PHONE = "lost-phone"
    NO_CODE = "no-code"
    HOLD = "hold"
    REFUSAL = "refusal"
    OTHER = "other"


ASKING_FOR_NUMBER = (Topic.LOST_PHONE, Topic.NO_CODE)
"""Here nobody could prove a number: they say which one they registered. No more than registration
asked for is ever asked (GB/T 35273 8.5)."""
