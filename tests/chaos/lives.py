"""A closure's whole life on paper, one after the other in the same databases."""

from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from portal.closure import holding
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.closure.restore import restore
from portal.evidence.ledger import Actor, Kind
from portal.services import Services
from portal.store import tasks
from portal.store.tables import Closure
from tests.cast import CLEAN_SEEKER
from tests.chaos.crowd import come_to_submit
from tests.closure.faults import SilentBell
from tests.closure.journeys import Walked, events_of, reload, tasks_of
from tests.closure.paper import STEPS, PaperAccounts
from tests.work import work


@dataclass
class Life:
    """One person's closure; the account system is new with every life."""

    services: Services
    paper: PaperAccounts
    walked: Walked
    closure: Closure | None = None

    @property
    def it(self) -> Closure:
        assert self.closure is not None
        return self.closure

    def told(self) -> Counter[str]:
        return Counter(event.kind for event in events_of(self.services, self.it))

    def state(self) -> str:
        return reload(self.services, self.it).state


def born(services: Services) -> Life:
    """Somebody about to submit."""
    paper = PaperAccounts(CLEAN_SEEKER)
    services = replace(services, accounts=paper, bell=SilentBell())
    return Life(services, paper, come_to_submit(services, CLEAN_SEEKER))


def pending(services: Services) -> Life:
    """A closure that was submitted, reviewed and frozen."""
    life = born(services)
    life.closure = life.walked.submit(life.services)
    work(life.services)
    return life


def held(services: Services) -> Life:
    life = pending(services)
    hold(life.services, life)
    return life


def due(services: Services) -> Life:
    """A closure at the instant when erasing may begin."""
    life = pending(services)
    services.clock.at(life.it.erase_at)
    return life


def submit(services: Services, life: Life) -> None:
    life.closure = life.walked.submit(services)


def hold(services: Services, life: Life) -> None:
    holding.hold(services, life.it.id, Reason.AUTHORITY, Actor.OPERATOR)


def resume(services: Services, life: Life) -> None:
    holding.resume(services, life.it.id, Actor.OPERATOR)


def refuse(services: Services, life: Life) -> None:
    holding.refuse(services, life.it.id, Reason.NOT_OWNER, Actor.OPERATOR)


def give_back(services: Services, life: Life) -> None:
    restore(services, life.it.id)


@dataclass(frozen=True)
class Deed:
    """Something that is done with a closure, and what it must have led to, once."""

    prepare: Callable[[Services], Life]
    act: Callable[[Services, Life], None]
    told: Kind
    state: State


DEEDS: Mapping[str, Deed] = {
    "submit": Deed(born, submit, Kind.SUBMITTED, State.PENDING),
    "restore": Deed(pending, give_back, Kind.RESTORED, State.RESTORED),
    "restore while held": Deed(held, give_back, Kind.RESTORED, State.RESTORED),
    "hold": Deed(pending, hold, Kind.HELD, State.HELD),
    "resume": Deed(held, resume, Kind.RESUMED, State.PENDING),
    "refuse": Deed(pending, refuse, Kind.REFUSED, State.REFUSED),
}


def goes_to_its_end(life: Life) -> None:
    """Whatever was done with it: workers and time bring it to the end, and each effect is once."""
    services = life.services
    work(services)
    if life.state() == State.HELD:
        resume(services, life)
    services.clock.advance(days=40)
    work(services)
    state = life.state()
    told = life.told()
    assert state in (State.CLOSED, State.RESTORED, State.REFUSED)
    assert life.paper.open is (state != State.CLOSED)
    assert tasks_of(services, subject=life.it.id) == []
    if state == State.CLOSED:
        is_closed_once(life)
    else:
        assert life.paper.effects == {}
        assert told[Kind.RESTORED] + told[Kind.REFUSED] == 1


def is_closed_once(life: Life) -> None:
    told = life.told()
    once = (Kind.SUBMITTED, Kind.ERASING, Kind.PLANNED, Kind.CLOSED)
    assert life.state() == State.CLOSED
    assert life.paper.effects == {step.name: 1 for step in STEPS}
    assert [told[kind] for kind in once] == [1] * len(once)
    assert told[Kind.STEP_DONE] == len(STEPS)


def erase_task(life: Life) -> str:
    (task,) = tasks_of(life.services, tasks.Kind.ERASE, subject=life.it.id)
    return task.id
