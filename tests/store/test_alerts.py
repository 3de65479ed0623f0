"""Alerts: one open row for each thing, however often it happens."""

from datetime import UTC, datetime, timedelta

import pytest

from portal.store.alerts import Kind, acknowledge, open_alerts, raise_alert
from portal.store.engine import Store
from portal.store.tables import Alert
from tests.races import at_once

pytestmark = pytest.mark.usefixtures("both_databases")

NOW = datetime(2026, 11, 22, 2, 0, tzinfo=UTC)
LATER = NOW + timedelta(hours=1)


def happens(store: Store, at: datetime = NOW, subject: str = "ZX-1", **facts: int) -> None:
    with store.begin() as session:
        raise_alert(session, Kind.RESIDUE, subject, at, facts)


def unseen(store: Store) -> list[Alert]:
    with store.begin() as session:
        return open_alerts(session)


def seen(store: Store, alert: Alert) -> bool:
    with store.begin() as session:
        return acknowledge(session, alert.id, "operator", LATER)


def test_what_happens_again_is_counted_in_the_same_row(store: Store) -> None:
    happens(store, rows=1)
    happens(store, LATER, rows=2)
    (alert,) = unseen(store)
    assert (alert.first_at, alert.last_at, alert.times) == (NOW, LATER, 2)
    assert alert.facts == {"rows": 2}


def test_each_subject_has_a_row_of_its_own_the_oldest_first(store: Store) -> None:
    happens(store, LATER, "ZX-1")
    happens(store, NOW, "ZX-2")
    assert [alert.subject for alert in unseen(store)] == ["ZX-2", "ZX-1"]


def test_an_acknowledged_alert_opens_anew_when_it_recurs(store: Store) -> None:
    happens(store)
    assert seen(store, unseen(store)[0])
    assert unseen(store) == []
    happens(store, LATER)
    assert [alert.times for alert in unseen(store)] == [1]


def test_an_alert_is_acknowledged_once(store: Store) -> None:
    happens(store)
    (alert,) = unseen(store)
    assert [seen(store, alert), seen(store, alert)] == [True, False]


def test_raised_by_many_at_once_it_is_one(store: Store) -> None:
    at_once(8, lambda _: happens(store))
    assert [alert.times for alert in unseen(store)] == [8]
