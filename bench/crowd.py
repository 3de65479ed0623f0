"""Enough job seekers for a figure, beside the sample people."""

from portal.accounts.sample.cast import Person


def crowd(number: int) -> list[Person]:
    return [Person(f"bench{one}", f"某{one}", f"+861980000{one:04}", "") for one in range(number)]
