"""The application as a whole: what is wrong at the start stops the start."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from portal import create_app
from portal.services import Services
from portal.settings import ROOT, Settings
from tests.web.production import PRODUCTION

GOOD = {
    "PORTAL_PRODUCTION": "1",
    "PORTAL_SECRET_KEY": "a secret of thirty-two characters",
    "PORTAL_MASTER_KEY": "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=",
    "PORTAL_BASE_URL": "https://close.example",
}


def start(folder: Path, **environ: str) -> subprocess.CompletedProcess[str]:
    """What ``gunicorn wsgi:app`` does first."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith("PORTAL_")}
    return subprocess.run(
        [sys.executable, "-c", "import wsgi"],
        cwd=folder,
        env=plain | {"PYTHONPATH": str(ROOT)} | environ,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.mark.parametrize(
    ("wrong", "named"),
    [
        ({"PORTAL_SECRET_KEY": "short"}, "PORTAL_SECRET_KEY"),
        ({}, "a real SMS gateway and account system must be wired"),
    ],
)
def test_production_does_not_start_half_configured(
    tmp_path: Path, wrong: dict[str, str], named: str
) -> None:
    started = start(tmp_path, **GOOD | wrong)
    assert started.returncode != 0
    assert named in started.stderr.splitlines()[-1]
    assert GOOD["PORTAL_MASTER_KEY"] not in started.stderr
    assert list(tmp_path.iterdir()) == []


def test_development_starts_with_nothing_set(tmp_path: Path) -> None:
    started = start(tmp_path)
    assert (started.returncode, started.stderr) == (0, "")


def test_two_applications_share_nothing(services: Services) -> None:
    one, other = (create_app(services.settings, services) for _ in range(2))
    assert one.extensions["public_pages"] is not other.extensions["public_pages"]


@pytest.mark.parametrize("settings", [Settings(), PRODUCTION], ids=["development", "production"])
def test_it_is_never_a_debugger(
    services: Services, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FLASK_DEBUG", "1")
    app = create_app(settings, replace(services, settings=settings))
    assert not app.debug
    assert not app.testing


def test_its_commands_are_there(services: Services) -> None:
    commands = set(create_app(services.settings, services).cli.commands)
    assert {"closure", "dev", "dispatcher", "migrate", "worker"} <= commands
