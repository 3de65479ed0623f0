from portal.accounts.sample.lives import Life
from portal.accounts.sample.sheet import Sheet
from tests.cast import BUSY
from tests.fakes import FakeClock


def test_what_repeats_lies_in_the_past_and_comes_so_many_times() -> None:
    now = FakeClock()()
    times = [at for _, at in Life(Sheet(), BUSY, now, 5).often(10)]
    assert len(times) == 50
    assert max(times) < now
