"""``flask alerts …``: what needs a look, told so that it can be acted on."""

from collections.abc import Callable
from datetime import timedelta

import pytest
from click.testing import Result
from flask import Flask

from portal.cli.alerts import MEANINGS
from portal.services import Services
from portal.settings import ROOT
from portal.store.alerts import Kind, open_alerts, raise_alert
from tests.fakes import FakeClock

Flask_ = Callable[..., Result]


@pytest.fixture
def flask(app: Flask) -> Flask_:
    """Runs ``flask alerts`` with these arguments."""
    runner = app.test_cli_runner()
    return lambda *args, **more: runner.invoke(args=["alerts", *args], **more)


@pytest.fixture
def alert_id(services: Services, clock: FakeClock) -> str:
    with services.store.begin() as session:
        for at in (clock(), clock() + timedelta(hours=1)):
            raise_alert(session, Kind.RESIDUE, "ZX-22222-33333", at, {"places": {"chat": 3}})
        return str(open_alerts(session)[0].id)


def test_an_alert_is_told_with_what_it_means_and_what_to_do(flask: Flask_, alert_id: str) -> None:
    assert flask("list").output.splitlines() == [
        f'{alert_id}  residue  ZX-22222-33333  {{"places": {{"chat": 3}}}}',
        *(f"    {text}" for text in MEANINGS[Kind.RESIDUE]),
        "    2 times, 2026-11-22 10:00:00 to 2026-11-22 11:00:00",
        "1 alerts",
    ]


def test_without_alerts_it_says_so(flask: Flask_) -> None:
    assert flask("list").output == "0 alerts\n"


def test_an_acknowledged_one_is_shown_only_when_asked_for(flask: Flask_, alert_id: str) -> None:
    assert flask("ack", alert_id, "--by", "张三").output == f"{alert_id}  acknowledged\n"
    assert flask("list").output == "0 alerts\n"
    assert "acknowledged 2026-11-22 10:00:00 by 张三" in flask("list", "--all").output


def test_who_acknowledges_is_known_from_the_shell(flask: Flask_, alert_id: str) -> None:
    flask("ack", alert_id, env={"USER": "a-name-longer-than-the-forty-letters-there-are"})
    assert "by a-name-longer-than-the-forty-letters-the\n" in flask("list", "--all").output


def test_what_is_not_there_or_not_open_is_one_line(flask: Flask_, alert_id: str) -> None:
    flask("ack", alert_id)
    for number in (alert_id, "999"):
        told = flask("ack", number)
        assert (told.exit_code, told.output) == (1, f"Error: no open alert {number}\n")


def test_the_manual_has_every_kind_with_the_same_words() -> None:
    assert set(MEANINGS) == set(Kind)
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    for kind, (meaning, what_to_do) in MEANINGS.items():
        assert f"| `{kind}` | {meaning} | {what_to_do} |" in manual
