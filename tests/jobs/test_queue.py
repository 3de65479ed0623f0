"""The doorbell carries ids, and the worker runs nothing else that somebody put in Redis (J7)."""

import json
import pickle
import socket
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from rq import Callback, Queue, Retry, SimpleWorker
from rq.job import Job, JobStatus
from rq.serializers import JSONSerializer
from rq.webhook import Webhook
from sqlalchemy import select

from portal.jobs.queue import DOWNLOADS, FUNCTION, QUEUE, RedisBell, connect, worker
from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store.tables import Task
from tests.cast import CLEAN_SEEKER
from tests.closure.faults import WatchedStore, quietly
from tests.closure.journeys import submitted
from tests.fakes import FakeGateway
from tests.jobs import witness
from tests.logged import logged

LEAVE = "tests.jobs.witness.leave"
UNKNOWN = "0" * 32


@pytest.fixture
def redis(valkey_url: str) -> Iterator[Redis]:
    with connect(valkey_url) as client:
        client.flushall()
        witness.calls.clear()
        yield client


@pytest.fixture
def queue(redis: Redis) -> Queue:
    """The queue as somebody else who can write to Redis sees it."""
    return Queue(QUEUE, connection=redis, serializer=JSONSerializer)


def post(services: Services, text: str = "正文") -> str:
    """An SMS that waits to be sent; answers its task."""
    now = services.clock()
    until = now.replace(year=now.year + 1)
    with services.store.begin() as session:
        return outbox.post(
            session, services.vault, now, MessageKind.CODE, CLEAN_SEEKER.phone, text, until
        )


def works(services: Services, logging_level: str = "CRITICAL") -> SimpleWorker:
    """A worker that does all there is and goes home."""
    made = worker(services)
    # RQ's commands over Redis play no part here, and to stop listening takes it a second.
    made.subscribe = lambda: None
    made.work(burst=True, logging_level=logging_level)
    return made


def only_the_genuine_is_run(services: Services) -> bool:
    """Whether a worker gets through to a ring that lies behind the rest, and runs nothing else."""
    services.bell.ring(post(services, "真"), patient=True)
    works(services)
    texts = [text for _, text in services.gateway.sent]
    return texts == ["真"] and witness.calls == []


def test_a_ring_is_heard_and_the_task_done(
    services: Services, gateway: FakeGateway, redis: Redis
) -> None:
    assert services.bell.ring(post(services))
    works(services)
    assert gateway.sent == [(CLEAN_SEEKER.phone, "正文")]


def test_several_rings_go_out_together(
    services: Services, gateway: FakeGateway, redis: Redis
) -> None:
    services.bell.ring(*(post(services) for _ in range(5)))
    works(services)
    assert len(gateway.sent) == 5


def test_a_ring_is_done_before_what_waits_already_unless_it_is_patient(
    services: Services, redis: Redis
) -> None:
    services.bell.ring("a" * 32, "b" * 32, patient=True)
    services.bell.ring("c" * 32, "d" * 32)
    waiting = Queue(QUEUE, connection=redis, serializer=JSONSerializer).jobs
    assert "".join(job.args[0][0] for job in waiting) == "cdab"


def test_a_ring_carries_the_id_and_nothing_else(services: Services, redis: Redis) -> None:
    task_id = post(services)
    services.bell.ring(task_id)
    (key,) = redis.keys("rq:job:*")
    data = json.loads(zlib.decompress(redis.hget(key, "data")))
    assert data == [FUNCTION, None, [task_id], {}]
    assert redis.hget(key, "description") == FUNCTION.encode()


def test_nothing_in_redis_names_the_person(services: Services, redis: Redis) -> None:
    closure = submitted(services, CLEAN_SEEKER)
    content = b"".join(redis.dump(key) or b"" for key in redis.scan_iter())
    for trace in (CLEAN_SEEKER.phone[3:], CLEAN_SEEKER.id, closure.reference, closure.id):
        assert trace.encode() not in content


def test_a_done_ring_leaves_no_job_behind(services: Services, redis: Redis) -> None:
    services.bell.ring(post(services))
    works(services)
    assert redis.keys("rq:job:*") == []


def test_the_same_ring_a_hundred_times_does_the_task_once(
    services: Services, gateway: FakeGateway, redis: Redis
) -> None:
    services.bell.ring(*[post(services)] * 100)
    works(services)
    assert len(gateway.sent) == 1


def test_a_ring_that_was_taken_is_kept_nowhere_else(services: Services, redis: Redis) -> None:
    redis.rpush(f"rq:queue:{QUEUE}", "nothing")
    services.bell.ring(post(services))
    works(services)
    assert not redis.keys("*intermediate*")


def test_a_ring_for_an_unknown_task_is_quiet(services: Services, redis: Redis) -> None:
    services.bell.ring(UNKNOWN)
    assert works(services).failed_job_count == 0


def test_a_task_that_fails_is_no_failed_job(
    services: Services, gateway: FakeGateway, redis: Redis
) -> None:
    gateway.failure = RuntimeError(CLEAN_SEEKER.phone)
    services.bell.ring(post(services))
    assert works(services).failed_job_count == 0
    with services.store.begin() as session:
        assert session.scalars(select(Task.last_error)).all() == ["RuntimeError"]


Forge = Callable[[Queue, str], object]
FORGERIES: dict[str, Forge] = {
    "another function": lambda queue, _: queue.enqueue(LEAVE),
    "a function of the system": lambda queue, _: queue.enqueue("os.system", "exit 1"),
    "ours by its path": lambda queue, id_: queue.enqueue("portal.jobs.run.run_task", id_),
    "named arguments": lambda queue, id_: queue.enqueue(FUNCTION, id_, services=None),
    "no argument": lambda queue, _: queue.enqueue(FUNCTION),
    "two arguments": lambda queue, id_: queue.enqueue(FUNCTION, id_, id_),
    "a short id": lambda queue, _: queue.enqueue(FUNCTION, "1"),
    "a number": lambda queue, _: queue.enqueue(FUNCTION, 1),
    "a list": lambda queue, id_: queue.enqueue(FUNCTION, [id_]),
    "no function": lambda queue, _: queue.enqueue(""),
    "a failure callback": lambda queue, _: queue.enqueue(LEAVE, on_failure=Callback(LEAVE)),
    "retries": lambda queue, _: queue.enqueue(LEAVE, retry=Retry(3)),
    "an instance": lambda queue, id_: raw(queue, dumped([FUNCTION, {"a": 1}, [id_], {}])),
    "a pickle": lambda queue, _: raw(queue, pickle.dumps((LEAVE, None, (), {}))),
    "a trap in a pickle": lambda queue, _: raw(queue, pickle.dumps(witness.Trap())),
    "a pickled result": lambda queue, _: raw(queue, b"[]", result=pickle.dumps(witness.Trap())),
    "a pickled meta": lambda queue, _: raw(queue, b"[]", meta=pickle.dumps(witness.Trap())),
    "bad JSON": lambda queue, _: raw(queue, b"{"),
    "JSON of another form": lambda queue, _: raw(queue, dumped({"func": LEAVE})),
    "bytes": lambda queue, _: raw(queue, bytes(range(256))),
    "no data": lambda queue, _: raw(queue, None),
    "an unknown state": lambda queue, _: raw(queue, b"[]", status=b"\xff"),
    "times of no form": lambda queue, _: raw(queue, b"[]", created_at=b"yesterday"),
    "a timeout of no form": lambda queue, _: raw(queue, b"[]", timeout=b"soon"),
    "an id of no form": lambda queue, _: queue.connection.rpush(queue.key, "a:b c\n"),
    "an id that is no text": lambda queue, _: queue.connection.rpush(queue.key, bytes(range(256))),
    "an id without a job": lambda queue, _: queue.connection.rpush(queue.key, "nothing"),
    "no hash": lambda queue, _: (
        queue.connection.set("rq:job:text", "text"),
        queue.connection.rpush(queue.key, "text"),
    ),
}


def dumped(data: object) -> bytes:
    return json.dumps(data).encode()


def raw(queue: Queue, data: bytes | None, **fields: bytes) -> None:
    """A job as bytes in Redis, in no form that RQ would write."""
    content = {"data": data, "origin": QUEUE, "status": "queued", **fields}
    given = {name: value for name, value in content.items() if value is not None}
    queue.connection.hset("rq:job:raw", mapping=given)
    queue.connection.rpush(queue.key, "raw")


@pytest.mark.parametrize("forgery", FORGERIES)
def test_a_forged_job_is_not_run_and_the_worker_lives(
    services: Services, queue: Queue, forgery: str
) -> None:
    FORGERIES[forgery](queue, post(services))
    assert only_the_genuine_is_run(services)


def test_what_is_no_queue_goes_and_the_worker_lives(services: Services, redis: Redis) -> None:
    redis.set(f"rq:queue:{QUEUE}", "forged")
    assert not services.bell.ring(post(services, "未听到"))
    works(services)
    assert only_the_genuine_is_run(services)


def test_no_file_is_written_by_a_forged_command(
    services: Services, queue: Queue, tmp_path: Path
) -> None:
    queue.enqueue("os.system", f"touch {tmp_path}/forged")
    queue.enqueue("subprocess.call", ["touch", f"{tmp_path}/forged"])
    works(services)
    assert not (tmp_path / "forged").exists()


def test_foreign_callbacks_on_a_genuine_ring_are_not_called(
    services: Services, gateway: FakeGateway, queue: Queue
) -> None:
    callbacks = {"on_success": Callback(LEAVE), "on_failure": Callback(LEAVE)}
    queue.enqueue(FUNCTION, post(services), **callbacks, on_stopped=Callback(LEAVE))
    works(services)
    assert len(gateway.sent) == 1
    assert witness.calls == []


def test_a_forged_job_that_looks_abandoned_is_not_called_back(
    services: Services, queue: Queue
) -> None:
    forged = Job.create(
        LEAVE, connection=queue.connection, on_failure=Callback(LEAVE), serializer=JSONSerializer
    )
    forged.set_status(JobStatus.STARTED)
    forged.save()
    queue.connection.zadd(f"rq:wip:{QUEUE}", {f"{forged.id}:execution": time.time() - 60})
    assert only_the_genuine_is_run(services)


@pytest.mark.parametrize("function", [FUNCTION, LEAVE])
def test_no_webhook_is_called(services: Services, queue: Queue, function: str) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        url = f"http://127.0.0.1:{listening.getsockname()[1]}/"
        hooks = [Webhook(url, status, timeout=1) for status in ("finished", "failed")]
        queue.enqueue(function, post(services), webhooks=hooks)
        works(services)
        listening.setblocking(False)
        with pytest.raises(BlockingIOError):
            listening.accept()


def test_without_redis_a_ring_is_unheard_and_nothing_is_raised(services: Services) -> None:
    assert not RedisBell(connect("unix:///nowhere/valkey.sock")).ring(UNKNOWN)
    assert not RedisBell(connect("redis://127.0.0.1:1/0")).ring(UNKNOWN)


def test_a_redis_that_does_not_answer_is_given_up_soon() -> None:
    with socket.create_server(("127.0.0.1", 0)) as mute:
        bell = RedisBell(connect(f"redis://127.0.0.1:{mute.getsockname()[1]}/0"))
        begun = time.monotonic()
        assert not bell.ring(UNKNOWN)
        assert time.monotonic() - begun < 5


def test_a_full_redis_is_unheard(services: Services, redis: Redis) -> None:
    redis.config_set("maxmemory", 1)
    try:
        assert not services.bell.ring(UNKNOWN)
    finally:
        redis.config_set("maxmemory", 0)
    assert services.bell.ring(UNKNOWN)


def test_a_worker_listens_to_one_queue_in_its_own_process(services: Services, redis: Redis) -> None:
    made = worker(services)
    assert type(made) is SimpleWorker
    assert [one.name for one in made.queues] == [QUEUE]
    assert made.queues[0].job_class is made.job_class is not Job
    assert made.scheduler is None


def test_an_unreachable_database_leaves_the_task_on_the_list(
    services: Services, gateway: FakeGateway, redis: Redis
) -> None:
    task_id = post(services)
    services.bell.ring(task_id)
    works(replace(services, store=None))
    assert gateway.sent == []
    services.bell.ring(task_id)
    works(services)
    assert len(gateway.sent) == 1


def test_what_a_worker_logs_of_a_failure_is_one_line_without_its_text(
    services: Services, redis: Redis
) -> None:
    """RQ appends the traceback to its message, and the error's text to the traceback."""

    def fails(_: str) -> None:
        raise ValueError(f"{CLEAN_SEEKER.name}\r\n{CLEAN_SEEKER.phone}")

    failing = replace(services, store=WatchedStore(services.store, fails, quietly))
    services.bell.ring(post(services))
    with logged() as log:
        works(failing, "WARNING")
    (line,) = log.read()
    assert line["level"] == "error"
    assert "exception raised while executing (portal.task)" in line["event"]
    assert CLEAN_SEEKER.name not in log.text
    assert CLEAN_SEEKER.phone not in log.text


def test_downloads_have_workers_of_their_own(
    services: Services, gateway: FakeGateway, redis: Redis
) -> None:
    services.bell.ring(post(services, "慢"), downloads=True)
    works(services)
    assert gateway.sent == []
    made = worker(services, DOWNLOADS)
    made.subscribe = lambda: None
    made.work(burst=True, logging_level="CRITICAL")
    assert [text for _, text in gateway.sent] == ["慢"]


def test_a_redis_that_only_reads_is_unheard(services: Services, redis: Redis) -> None:
    redis.replicaof("127.0.0.1", "1")
    try:
        assert not services.bell.ring(UNKNOWN)
    finally:
        redis.replicaof("NO", "ONE")
    assert services.bell.ring(UNKNOWN)
