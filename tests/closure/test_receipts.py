"""What the receipts say, and that they say nothing about whom."""

import json

import pytest

from portal.closure import receipts
from portal.evidence.anchor import anchor
from portal.evidence.receipt import ReceiptKind
from portal.services import Services
from portal.store.alerts import open_alerts
from portal.store.tables import Closure, Receipt
from tests.cast import CLEAN_SEEKER, MANY_IDENTITIES
from tests.closure.journeys import reload, submitted
from tests.work import work


@pytest.fixture
def closed(services: Services) -> Closure:
    closure = submitted(services, MANY_IDENTITIES, MANY_IDENTITIES.seeker_id)
    work(services)
    services.clock.at(closure.erase_at)
    work(services)
    return reload(services, closure)


def file(services: Services, closure: Closure, kind: ReceiptKind) -> bytes:
    return json.dumps(receipts.documents(services, closure)[kind]).encode()


def sign_head(services: Services) -> None:
    anchor(services.store, services.vault, services.witness, services.clock)


def test_at_submission_it_says_what_was_agreed_to_and_promised(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    said = receipts.documents(services, closure)[ReceiptKind.SUBMISSION]["content"]
    published = services.notices.get("2025V1")
    assert said["reference"] == closure.reference
    assert said["notice"]["version"] == "2025V1"
    assert said["notice"]["source_sha256"] == published.notice.source_sha256
    assert said["notice"]["fragment_sha256"] == published.fragment.sha256
    assert said["closed_by"] == closure.promise_at.isoformat()


def test_at_closing_it_says_what_became_of_every_kind_of_data(
    services: Services, closed: Closure
) -> None:
    said = receipts.documents(services, closed)[ReceiptKind.CLOSING]["content"]
    by_name = {one["category"]: one for one in said["data"]}
    assert by_name["searches"]["outcome"] == "delete"
    assert by_name["searches"]["rows"] > 0
    assert by_name["orders"]["basis"]["zh"] == "《电子商务法》第三十一条"
    assert by_name["orders"]["ends"] > closed.changed_at.date().isoformat()
    assert said["notice"]["version"] == "2025V1"
    assert said["storage"]["zh"]


def test_nothing_in_it_is_personal(services: Services, closed: Closure) -> None:
    sign_head(services)
    content = b"".join(file(services, closed, kind) for kind in ReceiptKind).decode()
    person = MANY_IDENTITIES
    traces = (person.phone[3:], person.id, person.seeker_id, person.name, person.mail)
    assert [trace for trace in traces if trace in content] == []


def test_the_proof_joins_after_the_next_head(services: Services, closed: Closure) -> None:
    before = receipts.check(services, file(services, closed, ReceiptKind.CLOSING))
    assert before.verdict.genuine
    assert "proof" not in before.verdict.parts
    sign_head(services)
    after = receipts.check(services, file(services, closed, ReceiptKind.CLOSING))
    assert after.verdict.genuine
    assert after.verdict.parts["proof"]
    assert after.verdict.parts["head"]


def test_a_changed_word_is_found(services: Services, closed: Closure) -> None:
    document = file(services, closed, ReceiptKind.CLOSING).replace(b"delete", b"keep", 1)
    assert not receipts.check(services, document).verdict.genuine


def test_a_genuine_receipt_of_an_unknown_closure_is_a_claim(services: Services) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    document = file(services, closure, ReceiptKind.SUBMISSION)
    with services.store.begin() as session:
        session.get_one(Closure, closure.id).reference = "ZX-22222-22222"
    checked = receipts.check(services, document)
    assert checked.verdict.genuine
    assert not checked.known
    with services.store.begin() as session:
        assert [(one.kind, one.subject) for one in open_alerts(session)] == [
            ("claim", closure.reference)
        ]


def test_a_forged_one_is_nobodys_claim(services: Services) -> None:
    assert receipts.check(services, b"{}").known
    with services.store.begin() as session:
        assert open_alerts(session) == []


def test_each_kind_is_issued_once(services: Services, closed: Closure) -> None:
    with services.store.begin() as session:
        assert session.query(Receipt).filter_by(closure_id=closed.id).count() == 2
