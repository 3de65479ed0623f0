from pathlib import Path

import pytest
from click.testing import Result
from flask import Flask
from sqlalchemy import text

from portal import create_workshop
from portal.accounts.sample import DATAMAP
from portal.cli import accounts as command
from portal.services import Services
from portal.settings import Settings
from portal.store.engine import make_engine
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES, NOT_REGISTERED


@pytest.fixture
def workshop(accounts_folder: Path, database_url: str) -> Flask:
    """What is left of the portal when it refuses to start."""
    accounts_url = f"sqlite:///{accounts_folder}/accounts.db"
    return create_workshop(Settings(accounts_url=accounts_url, database_url=database_url))


def run(app: Flask, *words: str) -> Result:
    return app.test_cli_runner().invoke(args=["accounts", *words])


def change(folder: Path, statement: str) -> None:
    with make_engine(f"sqlite:///{folder}/accounts.db").begin() as connection:
        connection.execute(text(statement))


def test_a_complete_map_has_no_problems(workshop: Flask) -> None:
    result = run(workshop, "map", "check")
    assert (result.exit_code, result.stdout) == (0, "")


def test_every_difference_is_printed(workshop: Flask, accounts_folder: Path) -> None:
    change(accounts_folder, "ALTER TABLE resume ADD COLUMN salary INTEGER")
    change(accounts_folder, "CREATE TABLE diary (id INTEGER)")
    result = run(workshop, "map", "check")
    assert result.exit_code == 1
    assert result.stdout.splitlines() == [
        "diary: in the database, not in the map",
        "resume.own: salary is not in the map",
        "diary: without label",
        "resume.salary: without label",
    ]


def test_the_portals_own_tables_are_held_against_their_map_too(
    workshop: Flask, database_url: str
) -> None:
    with make_engine(database_url).begin() as connection:
        connection.execute(text("CREATE TABLE diary (id INTEGER)"))
    result = run(workshop, "map", "check")
    assert (result.exit_code, result.stdout) == (1, "diary: in the database, not in the map\n")


def test_a_map_that_can_not_be_read_is_checked_too(
    workshop: Flask, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    broken = DATAMAP.read_text("utf-8").replace("term = { months = 6 }\n", "")
    (tmp_path / "broken.toml").write_text(broken.replace('"birth_month", ', ""), "utf-8")
    monkeypatch.setattr(command, "DATAMAP", tmp_path / "broken.toml")
    result = run(workshop, "map", "check")
    assert result.exit_code == 1
    assert "security_log: what is kept, and only that, needs basis, until and term" in result.stdout


def test_the_plan_shows_each_part_in_its_order_and_what_must_come_later(workshop: Flask) -> None:
    lines = run(workshop, "map", "plan").stdout.splitlines()
    order = {line.split()[1]: line for line in lines}
    assert "anonymise  jobs_passed_on" in order["job.passed_on"]
    assert order["session.own"].endswith("before identity")
    assert list(order).index("session.own") < list(order).index("identity.own")
    assert "with its files" in order["stored_file.avatar"]
    assert list(order)[-1] == "account.own"


def test_the_workshop_erases_nothing(workshop: Flask) -> None:
    assert "No such command" in run(workshop, "erase", CLEAN_SEEKER.phone).output


def test_a_dry_run_shows_every_step_and_changes_nothing(
    app: Flask, services: Services, accounts_folder: Path
) -> None:
    before = _bytes(accounts_folder)
    result = run(app, "erase", "--dry-run", CLEAN_SEEKER.phone)
    assert result.exit_code == 0
    assert "resume.own                         delete            2  resumes" in result.stdout
    assert "closes the whole account" in result.stdout
    assert CLEAN_SEEKER.phone.removeprefix("+86") not in result.output
    assert _bytes(accounts_folder) == before
    assert services.accounts.frozen() == ()


def _bytes(folder: Path) -> bytes:
    return b"".join((folder / name).read_bytes() for name in ("accounts.db", "accounts.db-wal"))


def test_a_dry_run_of_one_identity_leaves_the_account(app: Flask) -> None:
    mine = MANY_IDENTITIES.recruiter_id(1002)
    result = run(app, "erase", "--dry-run", "--identity", mine, MANY_IDENTITIES.phone)
    assert "the account stays" in result.stdout
    assert "job.offline" in result.stdout
    assert "account.own" not in result.stdout


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((CLEAN_SEEKER.phone,), "nobody is erased by hand"),
        (("--dry-run", NOT_REGISTERED), "no open account"),
        (("--dry-run", "12"), "not a phone number"),
        (("--dry-run", "--identity", "x", CLEAN_SEEKER.phone), "no such identity"),
    ],
)
def test_anything_else_is_refused_with_one_sentence(
    app: Flask, words: tuple[str, ...], says: str
) -> None:
    result = run(app, "erase", *words)
    assert result.exit_code == 1
    assert says in result.output
    assert len(result.output.splitlines()) == 1
    assert words[-1].removeprefix("+86") not in result.output
