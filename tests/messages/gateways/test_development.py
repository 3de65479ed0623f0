from pathlib import Path

from portal.messages.gateways.development import DevelopmentGateway, Sms
from tests.fakes import FakeClock
from tests.races import at_once

PHONE = "+8619900000001"


def test_the_latest_sms_comes_first(tmp_path: Path, clock: FakeClock) -> None:
    gateway = DevelopmentGateway(tmp_path / "outbox.jsonl", clock)
    for text in ("一", "二\n@localhost #012345", "三"):
        gateway.send(PHONE, text, "key")
    second, third = Sms(clock(), PHONE, "二\n@localhost #012345"), Sms(clock(), PHONE, "三")
    assert gateway.read(2) == [third, second]


def test_before_the_first_sms_there_is_none(tmp_path: Path, clock: FakeClock) -> None:
    assert DevelopmentGateway(tmp_path / "new" / "outbox.jsonl", clock).read(10) == []


def test_only_this_user_may_read_the_file(tmp_path: Path, clock: FakeClock) -> None:
    DevelopmentGateway(tmp_path / "outbox.jsonl", clock)
    assert (tmp_path / "outbox.jsonl").stat().st_mode & 0o077 == 0


def test_another_start_keeps_what_was_sent(tmp_path: Path, clock: FakeClock) -> None:
    DevelopmentGateway(tmp_path / "outbox.jsonl", clock).send(PHONE, "一", "key")
    again = DevelopmentGateway(tmp_path / "outbox.jsonl", clock)
    assert [sms.text for sms in again.read(10)] == ["一"]


def test_many_may_write_and_read_at_once(tmp_path: Path, clock: FakeClock) -> None:
    def use(number: int) -> int:
        gateway = DevelopmentGateway(tmp_path / "outbox.jsonl", clock)
        gateway.send(PHONE, f"{number}" * 20_000, "key")
        return len(gateway.read(100))

    counts = at_once(8, use)
    assert max(counts) == 8
    assert min(counts) >= 1
