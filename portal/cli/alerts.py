"""``flask alerts …``: what an operator has to look at, what it means, and what to do."""

import json
from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portal.clock import SHANGHAI
from portal.services import Services
from portal.store.alerts import Kind, acknowledge, open_alerts
from portal.store.tables import Alert

commands = AppGroup("alerts", help="See what needs a look, and take it as seen.")
_NAME_LENGTH = 40

MEANINGS: dict[Kind, tuple[str, str]] = {
    Kind.TASK_FAILS: (
        "A task has failed PORTAL_TRIES times in a row; it is still tried every few minutes.",
        "Mend what the error names: the account system, the SMS gateway, a database.",
    ),
    Kind.RESIDUE: (
        "The check after an erasure found something left; the closure stays 处理中.",
        "Look at the places named, mend the data map or the row; the next try checks again.",
    ),
    Kind.OVERDUE: (
        "A closure was not closed by the instant promised to the person.",
        "flask closure show tells what it waits for; tell the person if it takes longer.",
    ),
    Kind.BRAKE: (
        "Erasing has stopped for everybody.",
        "Find out whether so many erasures, or the clock, are right before letting it go on.",
    ),
    Kind.CLOCK: (
        "The wall clock leapt ahead of the time that passed.",
        "Compare the clocks of all hosts with a trusted one; set them right before erasing.",
    ),
    Kind.RESTORED_BACKUP: (
        "A database knows less than the witness folder: an old backup was restored.",
        "Run flask closure reconcile; nothing is served before.",
    ),
    Kind.FROZEN_ALONE: (
        "The account system holds a freeze for a closure that is not known or not open.",
        "Ask the person or the account system's team, then lift the freeze there.",
    ),
    Kind.CLAIM: (
        "Somebody showed a genuine receipt of a closure that is not known.",
        "It was lost with a backup: let the person submit again.",
    ),
    Kind.HOLD_LATE: (
        "A hold was not looked at again by the day its reviewer set.",
        "Ask the reviewers to resume it, refuse it, or set another day.",
    ),
    Kind.HELP_OVERDUE: (
        "A help case was not answered within 15 days.",
        "Answer it at /staff/help; the person was promised that day.",
    ),
    Kind.LEDGER: (
        "The ledger and its anchors differ: events were changed, removed or added.",
        "Keep database and witness folder as they are; flask evidence verify names the event.",
    ),
}
"""What each kind means, and what to do; docs/operating.md has the same."""


@commands.command("list")
@click.option("--all", "every", is_flag=True, help="Acknowledged ones too.")
def list_alerts(every: bool) -> None:
    """Alerts, the oldest first; without --all the open ones."""
    with _services().store.begin() as session:
        in_order = select(Alert).order_by(Alert.first_at, Alert.id)
        found = list(session.scalars(in_order)) if every else open_alerts(session)
    for alert in found:
        click.echo("\n".join(_told(alert)))
    click.echo(f"{len(found)} alerts")


@commands.command()
@click.argument("alert_id", metavar="ID", type=int)
@click.option("--by", envvar="USER", default="operator", help="Who has seen it.")
def ack(alert_id: int, by: str) -> None:
    """Take an alert as seen; it opens anew when it happens again."""
    services = _services()
    with services.store.begin() as session:
        was_open = acknowledge(session, alert_id, by[:_NAME_LENGTH], services.clock())
    if not was_open:
        raise click.ClickException(f"no open alert {alert_id}")
    click.echo(f"{alert_id}  acknowledged")


def _told(alert: Alert) -> list[str]:
    meaning, what_to_do = MEANINGS[Kind(alert.kind)]
    facts = f"  {json.dumps(alert.facts, ensure_ascii=False)}" if alert.facts else ""
    lines = [
        f"{alert.id}  {alert.kind}  {alert.subject}{facts}",
        f"    {meaning}",
        f"    {what_to_do}",
        f"    {alert.times} times, {_local(alert.first_at)} to {_local(alert.last_at)}",
    ]
    if alert.acknowledged_at:
        lines.append(f"    acknowledged {_local(alert.acknowledged_at)} by {alert.acknowledged_by}")
    return lines


def _services() -> Services:
    services: Services = current_app.extensions["services"]
    return services


def _local(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
