"""What can be set, what is refused, and that the manual knows all of it."""

import base64
from collections.abc import Mapping
from dataclasses import Field, fields
from datetime import timedelta
from pathlib import Path

import pytest

from portal.settings import ROOT, Settings, SettingsError

PRODUCTION = {
    "PORTAL_PRODUCTION": "1",
    "PORTAL_SECRET_KEY": "s" * 32,
    "PORTAL_MASTER_KEY": base64.b64encode(bytes(range(32))).decode(),
    "PORTAL_BASE_URL": "https://close.example.com",
}
each_setting = pytest.mark.parametrize("setting", fields(Settings), ids=lambda field: field.name)


@each_setting
def test_a_setting_says_what_it_is_for(setting: Field[object]) -> None:
    assert setting.metadata["help"].endswith(".")


@each_setting
def test_the_manual_explains_the_setting(setting: Field[object]) -> None:
    manual = (ROOT / "docs/operating.md").read_text(encoding="utf-8")
    assert f"| `PORTAL_{setting.name.upper()}` | {setting.metadata['help']} |" in manual


def test_nothing_set_is_a_usable_development_portal() -> None:
    settings = Settings.from_env({"HOME": "/root"})
    assert not settings.production
    assert settings.promise == timedelta(hours=120)
    assert settings.erase_after == timedelta(hours=108)


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("tries", "3", 3),
        ("production", "0", False),
        ("tick", "0.5", timedelta(milliseconds=500)),
        ("notices", "other", Path("other")),
        ("master_key", "AQ" * 21 + "A=", bytes([1, 0, 16] * 10 + [1, 0])),
        (
            "notice_links",
            '{"隐私政策": "https://example.com"}',
            {"隐私政策": "https://example.com"},
        ),
        ("host", "close.example.com", "close.example.com"),
    ],
)
def test_a_setting_takes_the_type_of_its_default(name: str, text: str, value: object) -> None:
    settings = Settings.from_env({f"PORTAL_{name.upper()}": text})
    assert getattr(settings, name) == value


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("PORTAL_PRODUCTION", "yes"),
        ("PORTAL_TRIES", "many"),
        ("PORTAL_TICK", "5s"),
        ("PORTAL_MASTER_KEY", "not base64!"),
        ("PORTAL_MASTER_KEY", "c2hvcnQ="),
        ("PORTAL_NOTICE_LINKS", "[]"),
        ("PORTAL_ERASE_AFTER", "0"),
        ("PORTAL_ERASE_AFTER", "432001"),
        ("PORTAL_JOBS_GO_OFFLINE", "some"),
        ("PORTAL_TYPO", "1"),
    ],
)
def test_what_can_not_be_used_is_named_and_not_repeated(name: str, text: str) -> None:
    with pytest.raises(SettingsError, match=name) as error:
        Settings.from_env({name: text})
    assert len(text) < 3 or text not in str(error.value)
    assert "\n" not in str(error.value)


def test_a_secret_may_lie_in_a_file(tmp_path: Path) -> None:
    (tmp_path / "key").write_text("from a file\n")
    settings = Settings.from_env({"PORTAL_SECRET_KEY_FILE": str(tmp_path / "key")})
    assert settings.secret_key == "from a file"


def test_production_starts_with_keys_and_an_address_of_its_own() -> None:
    assert Settings.from_env(PRODUCTION).production


@pytest.mark.parametrize(
    "change",
    [
        {"PORTAL_PROMISE": "518400"},
        {"PORTAL_PROMISE": "345600", "PORTAL_ERASE_AFTER": "345600"},
        {"PORTAL_ERASE_AFTER": "345599"},
        {"PORTAL_SECRET_KEY": "s" * 31},
        {"PORTAL_MASTER_KEY": base64.b64encode(bytes(32)).decode()},
        {"PORTAL_BASE_URL": "http://close.example.com"},
    ],
)
def test_production_refuses(change: Mapping[str, str]) -> None:
    with pytest.raises(SettingsError, match="in production"):
        Settings.from_env(PRODUCTION | change)


@pytest.mark.parametrize("missing", ["SECRET_KEY", "MASTER_KEY", "BASE_URL"])
def test_production_needs(missing: str) -> None:
    environ = {name: text for name, text in PRODUCTION.items() if missing not in name}
    with pytest.raises(SettingsError, match=f"in production PORTAL_{missing}"):
        Settings.from_env(environ)
