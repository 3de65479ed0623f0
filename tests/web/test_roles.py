"""Who gets what: every address, by everybody who may come, held against one table (F6)."""

import sqlite3
from collections.abc import Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from flask import Flask
from werkzeug.routing import Rule
from werkzeug.test import TestResponse

from portal.messages.gateways.development import DevelopmentGateway
from portal.services import Services
from tests.fakes import FakeClock, FakeGateway
from tests.web.conftest import MakeApp
from tests.web.roles import DOORS, REFUSED, ROUTES, VISITORS, Row
from tests.web.routes import fill, rules
from tests.web.rows import every_row
from tests.web.world import Visitor, World, world_of

LIMITS = {"limit_bucket", "limit_hit"}
"""Counts of tries move for everybody, let in or not."""
PAGES = {200: ".", 400: "0", 401: "1", 403: "3", 404: "4", 409: "9"}


class Rewinding:
    """A SQLite database that is set back to what it was after every request."""

    def __init__(self, services: Services, live: sqlite3.Connection) -> None:
        self._services, self._live = services, live
        self._kept = sqlite3.connect(":memory:")
        live.backup(self._kept)
        self._rows, self._version = self._look(), self._written()

    def back(self) -> bool:
        """Undo what was written since; answers whether it was more than a count or a time."""
        if self._written() == self._version:
            return False
        changed = self._look() != self._rows
        self._kept.backup(self._live)
        self._version = self._written()
        return changed

    def _look(self) -> dict[str, list[str]]:
        rows = every_row(self._services)
        return {name: rows[name] for name in rows.keys() - LIMITS}

    def _written(self) -> int:
        """Another number as soon as another connection has written."""
        return int(self._live.execute("PRAGMA data_version").fetchone()[0])

    def close(self) -> None:
        self._kept.close()
        self._live.close()


def whose(rule: Rule) -> str:
    """Whose objects the address can name: each needs a row of its own."""
    if rule.arguments & {"reference", "case"}:
        return "OP"
    if "token" in rule.arguments:
        return "OP?"
    if "of" in rule.arguments:
        return "CDM" if "left" in rule.arguments else "CD"
    return "XRS" if "proposal" in rule.arguments else "-"


def test_every_address_has_its_rows_and_no_row_is_left_over(app: Flask) -> None:
    needed = [
        (method, rule.rule, one)
        for method in ("GET", "POST")
        for rule in rules(app, method)
        for one in whose(rule)
    ]
    assert sorted(needed) == sorted((row.method, row.rule, row.whose) for row in ROUTES)
    assert {len(row.cells) for row in ROUTES} == {len(VISITORS)}


def test_no_address_takes_a_method_that_the_table_does_not_know(app: Flask) -> None:
    methods = set().union(*(rule.methods or () for rule in app.url_map.iter_rules()))
    assert methods == {"GET", "HEAD", "OPTIONS", "POST"}


def test_nothing_is_written_for_who_is_refused() -> None:
    refused = [(row, cell) for row in ROUTES for cell in row.cells if cell[0] in REFUSED]
    assert {row.rule for row, cell in refused if cell.endswith("+")} == {"/staff/sign-out"}
    # Signing out is an act, and ends at the door.


def test_everybody_gets_what_the_table_says(
    make_app: MakeApp, services: Services, gateway: FakeGateway, tmp_path: Path, clock: FakeClock
) -> None:
    world = world_of(make_app(services), services, gateway)
    settings = replace(services.settings, metrics_token="m" * 32)
    outbox = DevelopmentGateway(tmp_path / "outbox.jsonl", clock)
    app = make_app(replace(services, settings=settings, gateway=outbox))
    of = {rule.rule: rule for rule in app.url_map.iter_rules()}
    live = sqlite3.connect(services.store.engine.url.database or "")
    before = everything_in(tmp_path / "accounts.db")
    with closing(Rewinding(services, live)) as database:
        surprises = [
            f"{row.method} {row.rule} of {row.whose}: {who} gets {got}, not {said}"
            for row in ROUTES
            for who, said in zip(VISITORS, row.cells, strict=True)
            if (got := gets(app, world, database, row, of[row.rule], who)) != said
        ]
    assert not surprises, "\n".join(surprises)
    assert everything_in(tmp_path / "accounts.db") == before


def everything_in(database: Path) -> list[str]:
    """The account system is asked, and changed by no empty form."""
    with closing(sqlite3.connect(database)) as connection:
        return list(connection.iterdump())


def gets(app: Flask, world: World, database: Rewinding, row: Row, rule: Rule, who: str) -> str:
    """What this visitor is answered, in the signs of the table."""
    visitor, thing = world.visitors[who], world.things.get(row.whose, {})
    client = app.test_client()
    client.set_cookie("portal", visitor.cookie)
    form = {"csrf_token": visitor.csrf_token, "version": thing.get("version", "")}
    path = fill(rule, **named_in(rule, thing))
    answer = client.open(path, method=row.method, data=form if row.method == "POST" else None)
    answer.get_data()
    return sign(answer, visitor, thing) + "+" * database.back()


def named_in(rule: Rule, thing: Mapping[str, str]) -> dict[str, str]:
    """What stands for the variables of this address; two kinds of links are called token."""
    link = thing.get("stop" if rule.rule.startswith("/stop") else "link")
    token = {"token": link} if link else {}
    return {**thing, **token, "which": "submission"}


def sign(answer: TestResponse, visitor: Visitor, thing: Mapping[str, str]) -> str:
    if answer.request.path.startswith("/help/cases/") and 'name="secret"' in answer.text:
        return "q"
    if answer.status_code not in (302, 303):
        return PAGES[answer.status_code]
    if answer.location in (visitor.closure, f"/closures/{thing.get('reference')}"):
        return "c"
    if "proposal" in thing and answer.location.endswith(thing["proposal"]):
        return "2"
    return DOORS.get(answer.location, ">")
