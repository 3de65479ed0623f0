"""A desk that starts and answers challenges, as the pages do."""

from datetime import timedelta

from sqlalchemy import func, select

from portal.identity import challenge
from portal.identity.challenge import Started, Verdict
from portal.store.engine import Store
from portal.store.tables import Challenge, LimitHit
from portal.store.vault import Vault
from tests.fakes import FakeClock

PHONE, OTHER = "+8619900000001", "+8619900000002"


class Desk:
    """Starts and answers challenges, each in a transaction of its own."""

    def __init__(self, store: Store, vault: Vault, clock: FakeClock) -> None:
        self.store, self.vault, self.clock = store, vault, clock

    def start(
        self, phone: str = PHONE, account_id: str | None = "a", *, reserved: bool = False
    ) -> Started:
        with self.store.begin() as session:
            return challenge.start(
                session,
                self.vault,
                self.clock(),
                phone,
                account_id,
                "192.0.2.1",
                reserved=reserved,
            )

    def resend(self, *, reserved: bool = False) -> Started:
        self.clock.advance(seconds=60)
        return self.start(reserved=reserved)

    def answer(self, started: Started, text: str) -> Verdict:
        with self.store.begin() as session:
            return challenge.answer(session, self.vault, self.clock(), started.challenge_id, text)

    def answer_right(self, started: Started) -> Verdict:
        return self.answer(started, started.code or "")

    def answer_wrong(self, started: Started) -> Verdict:
        return self.answer(started, wrong(started))

    def fail(self, times: int, *, reserved: bool = False) -> None:
        """Wrong answers, with as many codes as they need."""
        started = self.resend(reserved=reserved)
        for number in range(times):
            if number == challenge.TRIES:
                started = self.resend(reserved=reserved)
            self.answer_wrong(started)

    def failures(self) -> int:
        """The failures that count now, of strangers and of whoever has no open closure."""
        counted = select(func.count()).where(
            LimitHit.bucket.startswith("failures"),
            LimitHit.at > self.clock() - timedelta(hours=1),
        )
        with self.store.begin() as session:
            return session.scalar(counted) or 0

    def tries(self, started: Started) -> int:
        """How many answers were compared with this code."""
        with self.store.begin() as session:
            return session.get_one(Challenge, started.challenge_id).tries


def wrong(started: Started) -> str:
    return f"{(int(started.code or 0) + 1) % 1_000_000:06}"
