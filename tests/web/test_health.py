"""Pages for machines: they answer in any state, tell nothing secret, and set no cookie."""

from dataclasses import replace
from datetime import timedelta

import pytest
from flask.testing import FlaskClient
from prometheus_client.parser import text_string_to_metric_families
from werkzeug.test import TestResponse

from portal.services import Services
from portal.settings import ROOT
from portal.store import tasks
from portal.store.tasks import Kind
from portal.web.metrics import METRICS
from tests.cast import COINS
from tests.client import Browser
from tests.fakes import FakeClock
from tests.logged import logged
from tests.web.conftest import MakeApp, MakeWalk
from tests.web.outages import SwitchedStore

TOKEN = "a token of more than thirty-two characters"


@pytest.fixture
def client(make_app: MakeApp, services: Services) -> FlaskClient:
    """Of a portal whose figures may be asked for."""
    settings = replace(services.settings, metrics_token=TOKEN)
    return make_app(replace(services, settings=settings)).test_client()


def asked(client: FlaskClient, authorization: str = f"Bearer {TOKEN}") -> TestResponse:
    return client.get("/metrics", headers={"Authorization": authorization})


def samples(answer: TestResponse) -> dict[tuple[str, ...], float]:
    """The value of each sample, by its name and the values of its labels."""
    return {
        (one.name, *one.labels.values()): one.value
        for family in text_string_to_metric_families(answer.text)
        for one in family.samples
    }


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/metrics"])
def test_they_are_for_nobody_in_particular(client: FlaskClient, path: str) -> None:
    client.get("/close/notice")
    answer = client.get(path, headers={"Authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    assert answer.headers["Cache-Control"] == "no-store"
    assert not {"Set-Cookie", "Vary"} & set(answer.headers.keys())


def test_the_process_answers_even_without_its_database(
    client: FlaskClient, store: SwitchedStore
) -> None:
    with store.away():
        answer = client.get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"alive": True})


def test_ready(client: FlaskClient) -> None:
    assert client.get("/readyz").json == {"ready": True, "failing": []}


def test_what_is_missing_is_named_and_nothing_else(
    client: FlaskClient, services: Services, store: SwitchedStore, clock: FakeClock
) -> None:
    with services.store.begin() as session:
        tasks.schedule(session, Kind.REVIEW, "a", clock() - timedelta(minutes=6))
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failing": ["work"]})
    with logged() as log, store.away():
        answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (503, {"ready": False, "failing": ["database"]})
    (line,) = log.read()
    assert (line["endpoint"], line["failing"]) == ("health.readyz", ["database"])


def test_without_a_token_set_there_is_no_such_page(browser: Browser) -> None:
    for authorization in ({}, {"Authorization": "Bearer "}, {"Authorization": f"Bearer {TOKEN}"}):
        answer = browser.client.get("/metrics", headers=authorization)
        assert answer.status_code == 404
        assert "找不到这个网页" in answer.text


@pytest.mark.parametrize(
    "wrong", ["", "Bearer", "Bearer ", TOKEN, f"Bearer {TOKEN}x", f"Bearer {TOKEN[:-1]}", "é"]
)
def test_a_wrong_token_learns_nothing(client: FlaskClient, wrong: str) -> None:
    answer = asked(client, wrong)
    assert (answer.status_code, answer.data) == (401, b"")
    assert answer.headers["WWW-Authenticate"] == "Bearer"


def test_the_figures_follow_what_happens(
    client: FlaskClient, walk: MakeWalk, clock: FakeClock
) -> None:
    walk(COINS).submits()
    before = samples(asked(client))
    assert before["portal_closures", "pending"] == 1
    assert before["portal_oldest_due_seconds", "message"] == 0
    assert before["portal_due_tasks", "message"] == 1
    assert before["portal_messages_day", "code", "sent"] == 1
    assert before["portal_codes_half_day", "used"] == 1
    assert before["portal_ledger_events",] == before["portal_unanchored_events",] > 0
    clock.advance(days=6)
    late = samples(asked(client))
    assert late["portal_overdue_closures",] == 1
    assert late["portal_oldest_due_seconds", "message"] == 6 * 86_400


def test_the_figures_say_nothing_of_a_person(client: FlaskClient, walk: MakeWalk) -> None:
    reference = walk(COINS).submits()
    told = asked(client).text
    for personal in (COINS.phone[3:], COINS.name, COINS.id, COINS.seeker_id, reference):
        assert personal not in told


def test_every_metric_has_its_line_in_the_manual() -> None:
    manual = (ROOT / "docs" / "operating.md").read_text("utf-8")
    for metric in METRICS:
        labels = f"{{{','.join(metric.labels)}}}" if metric.labels else ""
        assert f"| `{metric.name}{labels}` | {metric.meaning} |" in manual
