"""The doorbell: one RQ queue that carries task ids and nothing else.

Redis is not trusted: a job is run only if it is exactly a ring of this bell, whatever somebody
wrote there (SECURITY J7; a forged JSON job runs any function otherwise).
"""

from functools import partial
from typing import Any

import structlog
from redis import Redis
from redis.backoff import NoBackoff
from redis.exceptions import RedisError
from redis.retry import Retry
from rq import Queue, SimpleWorker
from rq.job import Job
from rq.serializers import JSONSerializer

from portal.jobs.run import run_task
from portal.services import Services

QUEUE = "tasks"
FUNCTION = "portal.task"
"""Not importable on purpose: only our job class knows what it means."""
_JOB_TIMEOUT = 600

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
        self._queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)

    def ring(self, *task_ids: str) -> bool:
        rings = [
            Queue.prepare_data(
                FUNCTION,
                args=(task_id,),
                timeout=_JOB_TIMEOUT,
                result_ttl=0,
                failure_ttl=60,
                description=FUNCTION,
            )
            for task_id in task_ids
        ]
        try:
            self._queue.enqueue_many(rings)
        except RedisError as error:
            log.warning("bell unheard", error=type(error).__name__, tasks=len(task_ids))
            return False
        return True


def job_class(services: Services) -> type[Job]:
    """The only jobs a worker of these services runs."""

    class Ring(Job):
        @property
        def func(self) -> Any:
            if self.func_name != FUNCTION or self.kwargs or not _is_task_id(self.args):
                raise ForeignJobError
            return partial(run_task, services)

        @property
        def success_callback(self) -> None:
            return None

        @property
        def failure_callback(self) -> None:
            return None

        @property
        def stopped_callback(self) -> None:
            return None

    return Ring


def _is_task_id(args: object) -> bool:
    match args:
        case [str(task_id)]:
            return len(task_id) == 32
    return False


def worker(services: Services) -> SimpleWorker:
    """One worker on one queue, in one process: what it was doing when it died is in SQL."""
    redis = connect(services.settings.redis_url, timeout=None)
    queue = Queue(QUEUE, connection=redis, serializer=JSONSerializer)
    return SimpleWorker(
        [queue], connection=redis, serializer=JSONSerializer, job_class=job_class(services)
    )
