"""The doorbell: RQ queues that carry task ids and nothing else.

Redis is not trusted: a job is run only if it is exactly a ring of this bell, whatever somebody
wrote there (SECURITY J7; a forged JSON job runs any function otherwise).
"""

from functools import partial
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import (  # Redis' own
    ConnectionError,  # noqa: A004
    RedisError,
    ResponseError,
    TimeoutError,  # noqa: A004
)
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.exceptions import NoSuchJobError
from rq.job import Job
from rq.serializers import JSONSerializer

from portal.closure.gate import Gate, NotReconciledError
from portal.jobs.run import run_task
from portal.services import Services

QUEUE = "tasks"
DOWNLOADS = "downloads"
"""One takes as long as somebody has rows: others must not wait behind it."""
QUEUES = (QUEUE, DOWNLOADS)
FUNCTION = "portal.task"
"""Not importable on purpose: only our job class knows what it means."""
_TIMEOUTS = {QUEUE: 600, DOWNLOADS: 6 * 3600}

log = structlog.get_logger()


class ForeignJobError(Exception):
    """Something in Redis that this portal did not put there."""


def connect(url: str, timeout: float | None = 1.0) -> Redis:
    """A client that gives up at once: no page waits for Redis."""
    return Redis.from_url(
        url,
        socket_connect_timeout=1.0,
        socket_timeout=timeout,
        retry=Retry(NoBackoff(), 0),
    )


class RedisBell:
    """Rings by enqueuing; a ring that can't be delivered is logged and left to the dispatcher."""

    def __init__(self, redis: Redis) -> None:
        self._queues = {
            name: Queue(name, connection=redis, serializer=JSONSerializer) for name in QUEUES
        }

    def ring(self, *task_ids: str, downloads: bool = False, patient: bool = False) -> bool:
        queue = self._queues[DOWNLOADS if downloads else QUEUE]
        at_front = not (patient or downloads)
        rings = [
            Queue.prepare_data(
                FUNCTION,
                args=(task_id,),
                timeout=_TIMEOUTS[queue.name],
                result_ttl=0,
                failure_ttl=60,
                description=FUNCTION,
                at_front=at_front,
            )
            # Each is put before the one before it.
            for task_id in (reversed(task_ids) if at_front else task_ids)
        ]
        try:
            queue.enqueue_many(rings)
        except RedisError as error:
            log.warning("bell unheard", error=type(error).__name__, tasks=len(task_ids))
            return False
        return True


class _Ring(Job):
    """A job of which nothing is believed but that it may be a ring."""

    @classmethod
    def fetch(
        cls,
        id: str,  # noqa: A002 - its name in RQ
        connection: Redis | None = None,
        serializer: Any = None,
    ) -> Job:
        """What is no job at all must not end the worker: then there is no such job."""
        try:
            return super().fetch(id, connection, serializer)
        except (ConnectionError, TimeoutError, NoSuchJobError):
            raise
        except Exception as error:  # as many kinds as there are fields that can be broken
            log.warning("no job", error=type(error).__name__)
            raise NoSuchJobError from None

    @property
    def is_genuine(self) -> bool:
        named = self.kwargs or self.instance
        return self.func_name == FUNCTION and not named and _is_task_id(self.args)

    @property
    def success_callback(self) -> None:
        return None

    @property
    def failure_callback(self) -> None:
        return None

    @property
    def stopped_callback(self) -> None:
        return None

    def send_webhooks(self, *_: object, **__: object) -> None:
        """Never: the address would be whatever stands in Redis."""


class _Rings(Queue):
    """RQ's queue, as a worker reads it."""

    @classmethod
    def lmove(cls, connection: Redis, queue_key: str, timeout: int | None) -> Any:
        """Taken for good: what a worker dies with is in SQL, and RQ's second list of it only grows.

        What is no text would end RQ's worker; as a text it is no job. What is no list at all would
        end every worker that looks at it, for ever: it goes.
        """
        try:
            taken = cls.lpop([queue_key], timeout, connection=connection)
        except ResponseError as error:
            if "WRONGTYPE" not in str(error):
                raise
            log.warning("no queue", queue=queue_key)
            connection.delete(queue_key)
            return None
        return taken and (queue_key, taken[1].decode(errors="replace"))


def job_class(services: Services) -> type[Job]:
    """The only jobs a worker of these services runs, and only while the gate is open."""
    gate = Gate(services)

    class Ring(_Ring):
        @property
        def func(self) -> Any:
            if not self.is_genuine:
                raise ForeignJobError
            return partial(_run, services, gate)

    return Ring


def _run(services: Services, gate: Gate, task_id: str) -> None:
    try:
        gate.check()
    except NotReconciledError as error:
        log.error("not reconciled", databases=str(error))
        return
    run_task(services, task_id)


def _is_task_id(args: object) -> bool:
    match args:
        case [str(task_id)]:
            return len(task_id) == 32
    return False


def worker(services: Services, name: str = QUEUE) -> SimpleWorker:
    """One worker on one queue, in one process: what it was doing when it died is in SQL."""
    redis = connect(services.settings.redis_url, timeout=None)
    ring = job_class(services)
    # The queue needs the class too: RQ calls back for abandoned jobs by the queue's own.
    queue = _Rings(name, connection=redis, serializer=JSONSerializer, job_class=ring)
    return SimpleWorker(
        [queue], connection=redis, serializer=JSONSerializer, job_class=ring, queue_class=_Rings
    )
