"""Redis is only a doorbell: while it is away, nothing that a person does is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live, until
from tests.browser.person import PHONE
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


@pytest.fixture
def own_portal(furnished: Path) -> Iterator[Live]:
    with Live.running(furnished) as live:
        yield live


def test_codes_arrive_the_request_is_taken_and_work_catches_up(
    arrives: Arrives, own_portal: Live
) -> None:
    own_portal.valkey.stop()
    person = arrives(CLEAN_SEEKER, own_portal, PHONE)
    person.submits()
    assert person.heading == "注销申请已提交"
    person.reads_sms("/p/")
    assert own_portal.can_sign_in(CLEAN_SEEKER.id)
    own_portal.valkey.start()
    until(lambda: not own_portal.can_sign_in(CLEAN_SEEKER.id))
