"""The one place that knows concrete classes: it makes, from settings alone, what works."""

from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from portal.accounts.sql.adapter import SqlAccountSystem
from portal.messages.gateways.development import DevelopmentGateway
from portal.notice.reading import NoticeError
from portal.services import Services
from portal.settings import Settings, SettingsError
from portal.wiring import build
from tests.cast import CLEAN_SEEKER, NOT_REGISTERED
from tests.closure.journeys import send_messages, submitted
from tests.fakes import FakeClock
from tests.web.production import PRODUCTION


@pytest.fixture
def settings(
    tmp_path: Path, database_url: str, valkey_url: str, request: pytest.FixtureRequest
) -> Settings:
    """Everything in a folder that does not exist yet; Redis is real, or where the test says."""
    return Settings(
        database_url=database_url,
        accounts_url=f"sqlite:///{tmp_path}/deep/accounts.db",
        accounts_files=tmp_path / "files",
        sms_outbox=tmp_path / "deep" / "outbox.jsonl",
        witness=tmp_path / "witness",
        redis_url=getattr(request, "param", valkey_url),
        notice_links={"隐私政策": "https://example.com/privacy"},
    )


@pytest.fixture
def make(settings: Settings) -> Iterator[Callable[[], Services]]:
    """Builds services and closes their databases after the test."""
    made: list[Services] = []

    def build_one() -> Services:
        made.append(build(settings, FakeClock()))
        return made[-1]

    yield build_one
    for services in made:
        services.store.engine.dispose()
        assert isinstance(services.accounts, SqlAccountSystem)
        services.accounts._engine.dispose()


def test_what_it_makes_can_close_an_account(make: Callable[[], Services]) -> None:
    services = make()
    gateway = services.gateway
    assert isinstance(gateway, DevelopmentGateway)
    services = replace(services, gateway=Reads(gateway))
    assert submitted(services, CLEAN_SEEKER).state == "pending"
    send_messages(services)
    assert "/p/" in gateway.read(1)[0].text


class Reads(DevelopmentGateway):
    """The development gateway, asked for the code as a person would read it."""

    def __init__(self, gateway: DevelopmentGateway) -> None:
        super().__init__(gateway._path, gateway._clock)

    def last_code(self, phone: str) -> str:
        return next(sms.text for sms in self.read(9) if sms.phone == phone).rsplit("#", 1)[1]


def test_the_sample_people_move_in_once(make: Callable[[], Services]) -> None:
    accounts = [make().accounts.find(CLEAN_SEEKER.phone) for _ in range(2)]
    assert accounts[0] == accounts[1]
    assert accounts[0] is not None
    assert make().accounts.find(NOT_REGISTERED) is None


def test_the_links_of_the_notice_lead_where_the_settings_say(make: Callable[[], Services]) -> None:
    assert "https://example.com/privacy" in make().notices.get("2025V1").fragment.html


@pytest.mark.parametrize("settings", ["unix:///nowhere/valkey.sock"], indirect=True)
def test_redis_need_not_be_there_at_the_start(make: Callable[[], Services]) -> None:
    assert make().bell.ring("a task") is False


def test_redis_is_rung_where_it_is(make: Callable[[], Services]) -> None:
    assert make().bell.ring("a task") is True


def test_a_notice_that_is_not_what_was_published_stops_the_start(
    settings: Settings, tmp_path: Path
) -> None:
    altered = tmp_path / "notices"
    altered.mkdir()
    for file in settings.notices.iterdir():
        (altered / file.name).write_bytes(file.read_bytes())
    (altered / "2025V1.md").write_bytes((altered / "2025V1.md").read_bytes() + b" ")
    with pytest.raises(NoticeError, match="2025V1"):
        build(replace(settings, notices=altered))


def test_production_is_not_started_with_sample_people_and_a_file_of_codes(
    tmp_path: Path,
) -> None:
    production = replace(
        PRODUCTION,
        accounts_url=f"sqlite:///{tmp_path}/accounts.db",
        sms_outbox=tmp_path / "outbox.jsonl",
    )
    with pytest.raises(SettingsError, match="real SMS gateway and account system"):
        build(production)
    assert list(tmp_path.iterdir()) == []
