"""The storm: everything that can go wrong goes wrong, while people and operators do as they like.

The seed decides what happens to whom and when; how the processes take turns is the machine's own.
"""

import heapq
import json
import os
import pickle
import random
import time
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path

from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy.exc import OperationalError

from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.journey import FactsChangedError
from portal.closure.lifecycle import MovedOnError, State
from portal.closure.restore import restore
from portal.evidence.ledger import Actor
from portal.jobs.queue import QUEUE
from portal.store.tables import Closure
from tests.chaos.crew import DISPATCHERS, WORKERS
from tests.chaos.portal import ERASE_AFTER, LEASE, PATIENCE, Portal
from tests.chaos.weather import FAIR, FOUL, foretell
from tests.closure.journeys import Walked, tasks_of

Act = Callable[[], object]


@dataclass
class Fate:
    """One person's closure, and what must become of it by all that was answered."""

    walked: Walked
    closure: Closure | None = None
    end: State = State.CLOSED
    holds: int = 0
    """How often it was held."""
    deeds: list[Future[None]] = field(default_factory=list)

    @property
    def id(self) -> str:
        """Waits until the submission was answered."""
        deadline = time.monotonic() + PATIENCE
        while self.closure is None:
            assert time.monotonic() < deadline
            time.sleep(0.01)
        return self.closure.id


class Trap:
    """Whoever unpickles it leaves a trace."""

    def __init__(self, path: Path) -> None:
        self._path = path

    def __reduce__(self) -> tuple[object, tuple[str]]:
        return os.system, (f"touch {self._path}",)


class Storm:
    def __init__(self, portal: Portal, walked: list[Walked], seed: int, seconds: float) -> None:
        self._portal = portal
        self._dice = random.Random(seed)  # noqa: S311 - not a secret
        self._seconds = seconds
        self._agenda: list[tuple[float, int, Act]] = []
        self._began = 0.0
        self._foul = False
        self._pool = ThreadPoolExecutor(8)
        self.fates = [Fate(one) for one in walked]
        self.faults: Counter[str] = Counter()
        self.trap = portal.folder / "trap"

    def rage(self, look: Act) -> None:
        """Until the faults are over and everybody has done what they meant to do. ``look`` is
        called all the time in between."""
        for fate in self.fates:
            self._plan(fate)
        self._plan_faults()
        self._began = time.monotonic()
        while self._agenda:
            self._portal.crew.supervise()
            while self._agenda and self._agenda[0][0] <= self._now:
                heapq.heappop(self._agenda)[2]()
            look()
            time.sleep(0.02)
        self._clear_up()

    @property
    def _now(self) -> float:
        return time.monotonic() - self._began

    def _later(self, at: float, act: Act) -> None:
        heapq.heappush(self._agenda, (at, self._dice.getrandbits(64), act))

    def _clear_up(self) -> None:
        foretell(self._portal.folder, FAIR)
        if not self._portal.doorbell.runs:
            self._portal.doorbell.start()
        with self._pool:
            for fate in self.fates:
                for deed in fate.deeds:
                    deed.result()
                # On a busy machine a hold may have come after its resuming.
                with suppress(MovedOnError):
                    self._resume(fate)

    def _plan(self, fate: Fate) -> None:
        """When it is submitted, and what is tried with it then: often at the due instant."""
        dice, do = self._dice, partial(self._deed, fate)
        at = dice.uniform(0, self._seconds * 0.75)
        do(at, self._submit)
        if dice.random() < 0.3:
            do(at, self._submit_in_second_tab)
        about = at + ERASE_AFTER + dice.uniform(-0.3, 0.3)
        match dice.choice(("nothing", "nothing", "nothing", "restore", "refuse", "hold", "all")):
            case "restore":
                do(dice.choice((at + 0.5, about)), self._restore)
            case "refuse":
                do(about, self._refuse)
            case "hold":
                for _ in range(dice.randint(1, 3)):
                    do(about, self._hold)
                    do(about := about + dice.uniform(0.2, 0.8), self._resume)
                    about += dice.uniform(0, 1.2)
            case "all":
                for act in (self._restore, self._hold, self._refuse):
                    do(about, act)
                do(about + 1, self._resume)

    def _deed(self, fate: Fate, at: float, act: Callable[[Fate], None]) -> None:
        """As people do: told to try again later they do, and too late is too late."""

        def keep_trying() -> None:
            deadline = time.monotonic() + PATIENCE
            with suppress(MovedOnError):
                while time.monotonic() < deadline:
                    with suppress(OperationalError):
                        return act(fate)
                    time.sleep(0.1)
                raise TimeoutError

        self._later(at, lambda: fate.deeds.append(self._pool.submit(keep_trying)))

    def _submit(self, fate: Fate) -> None:
        fate.closure = fate.walked.submit(self._portal.services)

    def _submit_in_second_tab(self, fate: Fate) -> None:
        with suppress(FactsChangedError):
            assert fate.walked.submit(self._portal.services).id == fate.id

    def _restore(self, fate: Fate) -> None:
        restore(self._portal.services, fate.id)
        fate.end = State.RESTORED

    def _refuse(self, fate: Fate) -> None:
        holding.refuse(self._portal.services, fate.id, Reason.NOT_OWNER, Actor.OPERATOR)
        fate.end = State.REFUSED

    def _hold(self, fate: Fate) -> None:
        holding.hold(self._portal.services, fate.id, Reason.AUTHORITY, Actor.OPERATOR)
        fate.holds += 1

    def _resume(self, fate: Fate) -> None:
        holding.resume(self._portal.services, fate.id, Actor.OPERATOR)

    def _plan_faults(self) -> None:
        crew, dice, long = self._portal.crew, self._dice, LEASE * 1.3
        faults: dict[str, tuple[int, Act]] = {
            "worker killed": (6, lambda: crew.kill(dice.choice(WORKERS))),
            "worker stopped": (3, lambda: crew.stop(dice.choice(WORKERS), long)),
            "dispatcher killed": (2, lambda: crew.kill(dice.choice(DISPATCHERS))),
            "dispatcher stopped": (1, lambda: crew.stop(dice.choice(DISPATCHERS), long)),
            "all killed": (1, lambda: [crew.kill(name) for name in WORKERS + DISPATCHERS]),
            "redis flushed": (3, lambda: self._at_redis(lambda redis: redis.flushall())),
            "redis killed": (2, self._kill_redis),
            "redis dump kept": (2, self._portal.doorbell.keep),
            "jobs forged": (2, lambda: self._at_redis(self._forge)),
            "rings doubled": (3, self._double),
            "weather turned": (6, self._turn),
        }
        weights = [weight for weight, _ in faults.values()]
        at = 0.3
        while (at := at + dice.uniform(0.05, 0.45)) < self._seconds:
            (name,) = dice.choices(list(faults), weights)
            self._later(at, partial(self._happen, name, faults[name][1]))

    def _happen(self, name: str, fault: Act) -> None:
        self.faults[name] += 1
        fault()

    def _turn(self) -> None:
        self._foul = not self._foul
        foretell(self._portal.folder, FOUL if self._foul else FAIR)

    def _kill_redis(self) -> None:
        """It comes back a while later, empty or with what it had long ago."""
        bell = self._portal.doorbell
        if bell.runs:
            bell.kill()
            begin = partial(bell.start, old=self._dice.random() < 0.6)
            self._later(self._now + self._dice.uniform(0, 1.5), begin)

    def _at_redis(self, act: Callable[[Redis], object]) -> None:
        with suppress(RedisError), self._portal.doorbell.client() as redis:
            act(redis)

    def _forge(self, redis: Redis) -> None:
        command = json.dumps(["os.system", None, [f"touch {self.trap}"], {}]).encode()
        for n, data in enumerate((command, pickle.dumps(Trap(self.trap)))):
            redis.hset(f"rq:job:forged{n}", mapping={"data": data, "origin": QUEUE})
            redis.rpush(f"rq:queue:{QUEUE}", f"forged{n}")
        redis.rpush(f"rq:queue:{QUEUE}", "nothing", bytes(range(256)))

    def _double(self) -> None:
        """Ring, again and again, for whatever stands on the list: due or not, held or not."""
        rings = [task.id for task in tasks_of(self._portal.services)] * self._dice.randint(1, 5)
        if self._portal.doorbell.runs and rings:
            self._portal.services.bell.ring(*rings)
