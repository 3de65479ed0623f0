"""Old backups: nothing is served before it is true again that people were erased."""

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from portal.accounts.sample.cast import Person
from portal.closure import erased, gate
from portal.closure.gate import Database, Gate, NotReconciledError
from portal.closure.lifecycle import State, by_reference
from portal.closure.reconcile import Reconciled, reconcile
from portal.closure.restore import restore
from portal.evidence import anchor
from portal.services import Services
from portal.store.alerts import open_alerts
from portal.store.engine import empty_log
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER, COINS, MANY_IDENTITIES
from tests.closure import upstream
from tests.closure.journeys import reload, submitted
from tests.work import work

NOTHING = Reconciled((), (), (), ledger_lost=False)


@pytest.fixture
def backup(services: Services, tmp_path: Path) -> Callable[[str], Callable[[], None]]:
    """``backup("portal")`` or ``backup("accounts")`` now; call what it answers to restore it."""
    engines = {"portal": services.store.engine, "accounts": services.accounts._engine}

    def make(which: str) -> Callable[[], None]:
        file, kept = tmp_path / f"{which}.db", tmp_path / f"{which}.backup"
        empty_log(engines[which])
        shutil.copy(file, kept)

        def put_back() -> None:
            engines[which].dispose()
            for log in ("-wal", "-shm"):
                Path(f"{file}{log}").unlink(missing_ok=True)
            shutil.copy(kept, file)

        return put_back

    return make


def close(services: Services, closure: Closure) -> None:
    work(services)
    services.clock.at(max(closure.erase_at, services.clock()))
    work(services)
    assert reload(services, closure).state == State.CLOSED


def sign_head(services: Services) -> None:
    anchor.anchor(services.store, services.vault, services.witness, services.clock)


def alerts(services: Services) -> list[tuple[str, str]]:
    with services.store.begin() as session:
        return [(alert.kind, alert.subject) for alert in open_alerts(session)]


def test_without_a_restored_backup_the_gate_is_open(services: Services) -> None:
    assert gate.behind(services) == ()
    close(services, submitted(services, CLEAN_SEEKER))
    sign_head(services)
    assert gate.behind(services) == ()
    Gate(services).check()
    assert reconcile(services) == NOTHING


@pytest.mark.parametrize("which", ["portal", "accounts"])
def test_a_backup_from_before_an_erasure_shuts_the_gate(
    services: Services, backup: Callable[[str], Callable[[], None]], which: str
) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    put_back = backup(which)
    close(services, closure)
    put_back()
    assert gate.behind(services) == (Database(which),)
    with pytest.raises(NotReconciledError):
        Gate(services).check()
    assert alerts(services) == [("restored_backup", which)]


@pytest.mark.parametrize("before", ["submission", "erasure"])
@pytest.mark.parametrize("which", [("portal",), ("accounts",), ("portal", "accounts")])
@pytest.mark.parametrize("person", [CLEAN_SEEKER, MANY_IDENTITIES], ids=["seeker", "recruiter"])
def test_reconciled_the_person_is_erased_again_on_both_sides(
    services: Services,
    backup: Callable[[str], Callable[[], None]],
    which: tuple[str, ...],
    before: str,
    person: Person,
) -> None:
    side = person.recruiter_id(1002) if person is MANY_IDENTITIES else None
    early = [backup(one) for one in which] if before == "submission" else []
    closure = submitted(services, person, side)
    put_back = early or [backup(one) for one in which]
    close(services, closure)
    for one in put_back:
        one()
    assert reconcile(services).erased_again == (closure.reference,)
    assert gate.behind(services) == ()
    assert services.accounts.erased(closure.reference)
    assert not upstream.has_identity(services, side or person.seeker_id)
    with services.store.begin() as session:
        found = by_reference(session, closure.reference)
    assert found is not None
    assert (found.state, found.account_id) == (State.CLOSED, None)
    assert found.submitted_at == closure.submitted_at
    assert reconcile(services) == NOTHING


def test_what_upstream_reports_as_erased_is_closed_though_the_list_is_lost(
    services: Services, backup: Callable[[str], Callable[[], None]]
) -> None:
    closure = submitted(services, COINS)
    put_back = backup("portal")
    close(services, closure)
    put_back()
    services.witness.erased.path.unlink()
    assert reconcile(services).closed == (closure.reference,)
    assert reload(services, closure).state == State.CLOSED


def test_a_lost_request_becomes_an_alert(
    services: Services, backup: Callable[[str], Callable[[], None]]
) -> None:
    put_back = backup("portal")
    closure = submitted(services, CLEAN_SEEKER)
    work(services)
    put_back()
    assert reconcile(services).frozen_alone == (closure.reference,)
    assert alerts(services) == [("frozen_alone", closure.reference)]


def test_a_ledger_that_lost_signed_events_goes_on_after_a_head_that_says_so(
    services: Services, backup: Callable[[str], Callable[[], None]]
) -> None:
    put_back = backup("portal")
    restore(services, submitted(services, CLEAN_SEEKER).id)
    sign_head(services)
    put_back()
    assert gate.behind(services) == (Database.PORTAL,)
    assert reconcile(services).ledger_lost
    assert gate.behind(services) == ()
    submitted(services, COINS)
    sign_head(services)


def test_the_list_dies_with_the_oldest_backup(services: Services) -> None:
    close(services, submitted(services, CLEAN_SEEKER))
    services.clock.advance(days=34)
    late = submitted(services, COINS)
    close(services, late)
    erased.forget(services)
    assert [one.reference for one in erased.everybody(services)] == [late.reference]


def test_the_list_names_nobody_in_clear(services: Services) -> None:
    close(services, submitted(services, CLEAN_SEEKER))
    content = services.witness.erased.path.read_text("utf-8")
    assert CLEAN_SEEKER.id not in content
    assert CLEAN_SEEKER.seeker_id not in content


def test_a_gate_that_was_open_looks_again_soon(services: Services) -> None:
    watched = Gate(services)
    watched.check()
    services.witness.erased.add('{"reference": "ZX-LOST"}')
    watched.check()
    services.clock.advance(seconds=5)
    with pytest.raises(NotReconciledError):
        watched.check()
