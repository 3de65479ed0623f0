"""A version of the notice comes into force while somebody is reading the one before."""

from collections.abc import Iterator
from datetime import datetime
from hashlib import sha256
from pathlib import Path

import pytest
from sqlalchemy import func, select

from portal.clock import SHANGHAI, system_clock
from portal.store.tables import Journey
from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE
from tests.cast import CLEAN_SEEKER

pytestmark = pytest.mark.browser

SAMPLES = Path(__file__).parent.parent / "notice" / "samples"


@pytest.fixture
def notices(tmp_path: Path) -> Path:
    """A folder of notices of one's own, with the first version."""
    register = (SAMPLES / "published.toml").read_text().partition('["2026V1"]')[0]
    (tmp_path / "published.toml").write_text(register)
    (tmp_path / "2025V1.md").write_bytes((SAMPLES / "2025V1.md").read_bytes())
    return tmp_path


@pytest.fixture
def reading_portal(furnished: Path, notices: Path) -> Iterator[Live]:
    with Live.running(furnished, notices=str(notices)) as live:
        yield live


def publish_the_second(notices: Path, now: datetime) -> None:
    """In force from today on."""
    text = (SAMPLES / "2026V1.md").read_text()
    for date in ("20260520", "20260601"):
        text = text.replace(date, f"{now:%Y%m%d}")
    (notices / "2026V1.md").write_text(text)
    digest = sha256(text.encode()).hexdigest()
    with (notices / "published.toml").open("a") as register:
        register.write(f'["2026V1"]\nsha256 = "{digest}"\npublished = {now.isoformat()}\n')


def drafts(portal: Live) -> int:
    with portal.store.begin() as session:
        return session.scalar(select(func.count()).select_from(Journey)) or 0


def test_its_changes_can_be_seen(arrives: Arrives, reading_portal: Live, notices: Path) -> None:
    publish_the_second(notices, system_clock().astimezone(SHANGHAI))
    reading_portal.restart_web()
    for screen in (PHONE, DESKTOP):
        person = arrives(CLEAN_SEEKER, reading_portal, screen)
        person.opens("/notices/2025V1...2026V1")
        assert person.page.locator("ins", has_text="AI 简历服务").count() == 1


def test_it_is_shown_before_anything_is_accepted(
    arrives: Arrives, reading_portal: Live, notices: Path
) -> None:
    person = arrives(CLEAN_SEEKER, reading_portal, PHONE)
    person.begins()
    publish_the_second(notices, system_clock().astimezone(SHANGHAI))
    reading_portal.restart_web()
    person.agrees()
    assert "须知已更新为 2026V1" in person.text
    assert not person.page.get_by_role("checkbox").is_checked()
    assert drafts(reading_portal) == 0
    person.agrees()
    assert person.heading == "验证身份"
    assert drafts(reading_portal) == 1
