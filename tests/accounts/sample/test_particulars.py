from portal.accounts.sample.particulars import CHANNELS, PARTICULARS, SHUT, TIMES
from tests.cast import PEOPLE


def test_every_particular_is_somebodys() -> None:
    known = {person.key for person in PEOPLE}
    assert {*PARTICULARS, *CHANNELS, *SHUT, *TIMES} <= known
