"""What can't be used stops everything but the commands that show what to mend."""

import os
import shutil
import sqlite3
import subprocess
import sys
from contextlib import closing
from pathlib import Path

import pytest

from portal.settings import ROOT


@pytest.fixture
def changed(tmp_path: Path) -> Path:
    folder = Path(shutil.copytree(ROOT / "notices", tmp_path / "notices"))
    with (folder / "2025V1.md").open("ab") as file:
        file.write(b"\n")
    return folder


def python(notices: Path, *arguments: str, **more: str) -> "subprocess.CompletedProcess[str]":
    env = os.environ | {"PYTHONPATH": str(ROOT), "PORTAL_NOTICES": str(notices), **more}
    command = [sys.executable, *arguments]
    return subprocess.run(
        command, cwd=notices.parent, env=env, capture_output=True, text=True, check=False
    )


def test_the_application_does_not_start(changed: Path) -> None:
    start = python(changed, "-c", "import wsgi")
    assert start.returncode == 1
    assert "NoticeError: 2025V1.md 与登记的内容不一致：登记为 e5825e64" in start.stderr


def test_check_shows_it_among_all_problems(changed: Path) -> None:
    check = python(changed, "-m", "flask", "--app", "wsgi", "notice", "check")
    assert check.returncode == 1
    codes = [line.split("  ")[1] for line in check.stdout.splitlines()]
    assert codes == ["P01", "C04", "L01", "L01"]


def test_no_other_command_is_there(changed: Path) -> None:
    worker = python(changed, "-m", "flask", "--app", "wsgi", "worker")
    assert worker.returncode == 2
    assert "2025V1.md 与登记的内容不一致" in worker.stderr
    assert "No such command 'worker'" in worker.stderr


def test_a_receipt_can_be_checked_where_no_database_is(tmp_path: Path) -> None:
    nowhere = {"PORTAL_ACCOUNTS_URL": f"postgresql+psycopg://test@/none?host={tmp_path}"}
    command = ("-m", "flask", "--app", "wsgi", "evidence", "key")
    key = python(ROOT / "notices", *command, **nowhere)
    assert key.stdout.startswith("-----BEGIN PUBLIC KEY-----")
    assert "数据库无法连接" in key.stderr


def test_a_table_that_the_data_map_does_not_know_stops_all_but_the_check(tmp_path: Path) -> None:
    notices = Path(shutil.copytree(ROOT / "notices", tmp_path / "notices"))
    assert python(notices, "-c", "import wsgi").returncode == 0
    with closing(sqlite3.connect(tmp_path / "var/accounts.db")) as accounts:
        accounts.execute("CREATE TABLE diary (id INTEGER)")
    start = python(notices, "-c", "import wsgi")
    assert start.returncode == 1
    assert "DataMapError: diary: in the database, not in the map" in start.stderr
    check = python(notices, "-m", "flask", "--app", "wsgi", "accounts", "map", "check")
    assert check.returncode == 1
    assert check.stdout.startswith("diary: in the database, not in the map")
