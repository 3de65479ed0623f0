"""The sample people by name, in the product's order."""

from portal.accounts.sample.cast import COLLEAGUES, NOT_REGISTERED, PEOPLE, SEEKERS, Person

(
    CLEAN_SEEKER,
    COINS,
    DEBT,
    UNPAID_ORDER,
    ABANDONED_ORDER,
    COMPLAINANT,
    RESPONDENT,
    DISPUTE_FROZEN,
    PENALTY_FROZEN,
    RECENT_SIGN_IN,
    OLD_SIGN_IN,
    UNOFFICIAL,
    MANY_IDENTITIES,
    RECRUITER,
    ONLY_SUPER_ADMIN,
    COMPANY_ADMIN,
    BOUND_APPS,
    BUSY,
) = PEOPLE

BLOCKED = (
    DEBT,
    UNPAID_ORDER,
    COMPLAINANT,
    RESPONDENT,
    DISPUTE_FROZEN,
    PENALTY_FROZEN,
    RECENT_SIGN_IN,
    UNOFFICIAL,
)
"""Whom some condition keeps from closing."""

__all__ = ["COLLEAGUES", "NOT_REGISTERED", "PEOPLE", "SEEKERS", "Person"]
