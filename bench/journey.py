"""A whole journey, from the notice to the submitted request, every request counted."""

import statistics
import time

from flask import Flask

from bench.world import Statements, world
from portal.accounts.sample.cast import PEOPLE
from tests.client import Browser
from tests.people import Walk

BY_KEY = {person.key: person for person in PEOPLE}
WALKERS = ("clean_seeker", "coins", "abandoned_order", "old_sign_in", "bound_apps")


def measure() -> list[str]:
    with world() as here:
        settings = here.services.settings
        own, theirs = Statements(settings.database_url), Statements(settings.accounts_url)
        requests = Requests(here.app)
        times = []
        for key in WALKERS:
            before = time.perf_counter()
            walk = Walk(Browser(here.app), here.services, here.gateway, BY_KEY[key])
            walk.submits()
            times.append(time.perf_counter() - before)
    people = len(WALKERS)
    per_journey = requests.made / people
    bare = _bare_request()
    ratio = statistics.median(times) / (per_journey * bare)
    return [
        (
            f"whole journey: {per_journey:.0f} requests, {own.made / people:.0f} statements on the"
            f" portal's database and {theirs.made / people:.0f} on the accounts', work of the"
            f" messages included; {ratio:.1f} x as many requests to a bare Flask view"
            f" ({statistics.median(times) * 1000:.0f} ms)"
        )
    ]


class Requests:
    """How many requests the application has answered since this was made."""

    def __init__(self, app: Flask) -> None:
        self.made = 0
        app.before_request(self._count)

    def _count(self) -> None:
        self.made += 1


def _bare_request() -> float:
    app = Flask(__name__)
    app.add_url_rule("/", "view", lambda: "bare")
    client = app.test_client()
    before = time.perf_counter()
    for _ in range(500):
        client.get("/")
    return (time.perf_counter() - before) / 500
