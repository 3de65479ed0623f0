"""An account system on paper: one seeker, three steps, and a tally of what was really done."""

from collections import Counter
from dataclasses import dataclass, field

from portal.accounts.sample.cast import Person
from portal.accounts.system import (
    Account,
    Certificate,
    Done,
    Holdings,
    Identity,
    Outcome,
    Residue,
    Role,
    Scope,
    StaleEpochError,
    Standing,
    Step,
    Treated,
    Words,
)

STEPS = (
    Step("chats", "chats", Outcome.ANONYMISE, 40),
    Step("resumes", "resumes", Outcome.DELETE, 2),
    Step("account", "account", Outcome.ANONYMISE, 1),
)

BITE = 2
"""How many steps one call does."""


@dataclass
class PaperAccounts:
    """Keeps the promises of ``AccountSystem``: effect, marker and fence are one."""

    person: Person
    open: bool = True
    """Whether the person can sign in."""
    effects: Counter[str] = field(default_factory=Counter)
    plans: int = 0
    left: tuple[Residue, ...] = ()
    """What the next checks find."""
    done: dict[str, int] = field(default_factory=dict)
    epochs: dict[str, int] = field(default_factory=dict)

    def find(self, phone: str) -> Account | None:
        return self.account(self.person.id) if phone == self.person.phone else None

    def account(self, account_id: str) -> Account | None:
        if account_id != self.person.id or "account" in self.done:
            return None
        identity = Identity(self.person.seeker_id, Role.SEEKER, None)
        return Account(account_id, self.person.phone, (identity,))

    def standing(self, scope: Scope) -> Standing:
        return Standing(True, (), (), (), (), (), ())

    def holdings(self, scope: Scope, *, shared_jobs_too: bool) -> Holdings:
        return Holdings((), (), ())

    def set_access(self, closure: str, scope: Scope, *, frozen: bool, epoch: int) -> None:
        self._pass_fence("access", epoch)
        self.open = not frozen and not self.plans

    def plan(
        self, closure: str, scope: Scope, epoch: int, *, shared_jobs_too: bool
    ) -> tuple[Step, ...]:
        self._pass_fence("erasing", epoch)
        self.plans = 1
        return STEPS

    def apply(self, closure: str, steps: list[str], epoch: int) -> tuple[Done, ...]:
        self._pass_fence("erasing", epoch)
        return tuple(Done(self._apply(step), took_ms=5) for step in steps[:BITE])

    def _apply(self, step: str) -> int:
        if step not in self.done:
            self.effects[step] += 1
            self.done[step] = next(one.rows for one in STEPS if one.name == step)
        return self.done[step]

    def check(self, closure: str, epoch: int) -> tuple[Residue, ...]:
        self._pass_fence("erasing", epoch)
        return self.left

    def certificate(self, closure: str) -> Certificate:
        def of(step: Step) -> Treated:
            label = Words(step.name, step.name)
            return Treated(step.category, label, step.outcome, step.rows, None, None, None)

        return Certificate(tuple(map(of, STEPS)), Words("纸上", "on paper"))

    def erased(self, closure: str) -> bool:
        return "account" in self.done

    def frozen(self) -> tuple[str, ...]:
        return ()

    def expire(self) -> int | None:
        return 0

    def _pass_fence(self, what: str, epoch: int) -> None:
        if epoch < self.epochs.get(what, 0):
            raise StaleEpochError
        self.epochs[what] = epoch
