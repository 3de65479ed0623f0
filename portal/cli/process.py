"""``flask worker`` and ``flask dispatcher``: the processes beside the web server."""

import signal
import sys
import threading
from contextlib import suppress

import click
from flask import current_app
from flask.cli import with_appcontext

from portal.jobs.dispatcher import dispatch
from portal.jobs.queue import QUEUE, QUEUES
from portal.jobs.queue import worker as make_worker


@click.command()
@click.option("--queue", type=click.Choice(QUEUES), default=QUEUE, show_default=True)
@with_appcontext
def worker(queue: str) -> None:
    """Do tasks as the bell rings. Run as many as you like, on as many hosts."""
    make_worker(current_app.extensions["services"], queue).work(logging_level="WARNING")


@click.command()
@with_appcontext
def dispatcher() -> None:
    """Ring for due tasks. One is enough; two do no harm."""
    # Whatever a tick was doing is rolled back, and found again by the next one.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    with suppress(KeyboardInterrupt):
        dispatch(current_app.extensions["services"], threading.Event())
