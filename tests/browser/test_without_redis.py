"""Redis is only a doorbell: while it is away, nothing that a person does is lost."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser.conftest import FEW_SECONDS, Arrives
from tests.browser.live import Live, until
from tests.browser.person import PHONE
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser


@pytest.fixture
def own_portal(furnished: Path) -> Iterator[Live]:
    with Live.running(furnished, **FEW_SECONDS) as live:
        yield live


def test_codes_arrive_the_request_is_taken_and_work_catches_up(
    arrives: Arrives, own_portal: Live
) -> None:
    own_portal.valkey.stop()
    person = arrives(CLEAN_SEEKER, own_portal, PHONE)
    person.submits()
    assert person.heading == "注销申请已提交"
    person.follows_link()
    until(lambda: not own_portal.can_sign_in(CLEAN_SEEKER.id))
    person.looks_again()
    assert person.heading == "正在核查注销申请"
    own_portal.valkey.start()
    person.waits_for("账号已注销")
