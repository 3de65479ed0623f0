import fcntl
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor, wait
from pathlib import Path

import pytest

from portal.messages.gateways.development import DevelopmentGateway, Sms
from tests.fakes import FakeClock

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


@pytest.mark.parametrize("use", [lambda g: g.send(PHONE, "二", "key"), lambda g: g.read(1)])
def test_who_writes_or_reads_waits_for_whoever_is_writing(
    tmp_path: Path, clock: FakeClock, use: Callable[[DevelopmentGateway], object]
) -> None:
    gateway = DevelopmentGateway(tmp_path / "outbox.jsonl", clock)
    with ThreadPoolExecutor() as pool, (tmp_path / "outbox.jsonl").open("a") as other:
        fcntl.flock(other, fcntl.LOCK_EX)
        waiting = pool.submit(use, gateway)
        assert wait([waiting], 0.2).not_done
        other.close()
        assert wait([waiting], 5).done
