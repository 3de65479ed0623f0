"""The portal as it is, wired by its own ``wiring``, but in bad weather and with short waits."""

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from portal import create_app
from portal.jobs import run
from portal.settings import Settings
from portal.wiring import build
from tests.chaos.weather import UnsteadyGateway, Weather
from tests.closure.faults import WatchedAccounts, WatchedStore
from tests.haste import hurried

# Scaled down like the lease, or what failed three times would wait longer than the test.
assert run._FIRST_WAIT < run._LONGEST_WAIT
run._FIRST_WAIT, run._LONGEST_WAIT = timedelta(seconds=0.5), timedelta(seconds=2)

_folder = Path(os.environ["CHAOS_FOLDER"])
_weather = Weather(_folder, os.environ["CHAOS_DICE"])
_steady = build(Settings.from_env(os.environ))
for _engine in (_steady.store.engine, _steady.accounts._engine):
    hurried(_engine)

app = create_app(
    _steady.settings,
    replace(
        _steady,
        accounts=WatchedAccounts(_steady.accounts, _weather.before_call, _weather.after_call),
        store=WatchedStore(_steady.store, _weather.before_commit, _weather.after_commit),
        gateway=UnsteadyGateway(_steady.gateway, _weather, _folder / "gateway.jsonl"),
    ),
)
