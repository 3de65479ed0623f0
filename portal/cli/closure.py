"""``flask closure …``: what operators see of closures; reviewers act at the console."""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from typing import Any

import click
from flask import current_app
from flask.cli import AppGroup
from sqlalchemy import select

from portal.clock import SHANGHAI
from portal.closure import figures
from portal.closure.gate import Gate, NotReconciledError
from portal.closure.lifecycle import OPEN, State, by_reference
from portal.closure.progress import milestones
from portal.closure.reconcile import reconcile
from portal.jobs.dispatcher import tick
from portal.services import Services
from portal.store.tables import Closure, ErasureStep, Task

commands = AppGroup("closure", help="Look at closures.")
reference_argument = click.argument("reference")


@commands.command("list")
@click.option("--state", type=click.Choice([str(one) for one in State]), help="Only this state.")
def list_closures(state: str | None) -> None:
    """Closures, the most urgent first; without --state the open ones."""
    states = [state] if state else list(OPEN)
    with _services().store.begin() as session:
        found = session.scalars(
            select(Closure).where(Closure.state.in_(states)).order_by(Closure.promise_at)
        ).all()
    for closure in found:
        click.echo(f"{closure.reference}  {closure.state:8}  until {_local(closure.promise_at)}")
    click.echo(f"{len(found)} closures")


@commands.command()
@reference_argument
def show(reference: str) -> None:
    """One closure: its instants, milestones, erasure steps and tasks. Nothing personal."""
    services = _services()
    closure = _closure(services, reference)
    with services.store.begin() as session:
        steps = session.scalars(
            select(ErasureStep)
            .where(ErasureStep.closure_id == closure.id)
            .order_by(ErasureStep.position)
        ).all()
        tasks = session.scalars(select(Task).where(Task.subject == closure.id)).all()
    click.echo(f"{closure.reference}  {closure.state}  notice {closure.notice_version}")
    click.echo(f"erasing from {_local(closure.erase_at)}, closed by {_local(closure.promise_at)}")
    if closure.hold_reason or closure.end_reason:
        click.echo(f"reason: {closure.hold_reason or closure.end_reason}")
    for one in milestones(services, closure):
        click.echo(f"  {_local(one.at)}  {one.kind}")
    for step in steps:
        done = "-" if step.done is None else step.done
        click.echo(f"  step {step.name}: {step.outcome} {done}/{step.planned}")
    for task in tasks:
        click.echo(
            f"  task {task.kind}: due {_local(task.due_at)}, failed {task.attempts} times"
            f"{f', {task.last_error}' if task.last_error else ''}"
        )


@commands.command("figures")
def show_figures() -> None:
    """How things are: closures, work, messages, ledger; what /metrics tells too."""
    services = _services()
    with services.store.begin() as session:
        now = figures.read(session, services.clock(), services.settings.tries)
    for field in fields(now):
        value = getattr(now, field.name)
        one_each = value.items() if isinstance(value, Mapping) else [("", value)]
        for key, figure in one_each:
            of = f" {' '.join(key) if isinstance(key, tuple) else key}" if key else ""
            click.echo(f"{field.name.replace('_', ' ')}{of}: {_figure(figure)}")


@commands.command()
def sweep() -> None:
    """Ring for due tasks, once, as the dispatcher does every few seconds."""
    services = _services()
    try:
        Gate(services).check()
    except NotReconciledError as error:
        raise click.ClickException(f"not reconciled: {error}") from None
    click.echo(f"{tick(services)} tasks")


@commands.command("reconcile")
def reconcile_backup() -> None:
    """After an old backup was restored: erase again, close again, list what was lost.

    Until it has run, the portal serves no page and does no work.
    """
    done = reconcile(_services())
    for title, references in (
        ("erased again", done.erased_again),
        ("closed, as the account system reports", done.closed),
        ("frozen upstream without an open closure: see flask alerts", done.frozen_alone),
    ):
        click.echo(f"{len(references)} {title}")
        for reference in references:
            click.echo(f"  {reference}")
    if done.ledger_lost:
        click.echo("the ledger lost signed events; a head says so, and it goes on")


def _closure(services: Services, reference: str) -> Closure:
    with services.store.begin() as session:
        closure = by_reference(session, reference)
    if closure is None:
        raise click.ClickException(f"no closure {reference}")
    return closure


def _services() -> Services:
    services: Services = current_app.extensions["services"]
    return services


def _figure(value: Any) -> str:
    if is_dataclass(value):
        return ", ".join(f"{one.name} {getattr(value, one.name)}" for one in fields(value))
    return "-" if value is None else str(value)


def _local(at: Any) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}"
