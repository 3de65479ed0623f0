"""``flask accounts …``: the data map, and what an erasure would do."""

import sys

import click
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import inspect

from portal.accounts.sample import DATAMAP
from portal.accounts.sql.adapter import SqlAccountSystem
from portal.accounts.sql.completeness import problems, references
from portal.accounts.sql.datamap import DataMap, DataMapError
from portal.accounts.system import Account, AccountSystemUnavailableError, Scope, Step
from portal.closure.scope import UnknownSideError, scope_of
from portal.identity.phone import PhoneError, parse
from portal.services import Services
from portal.settings import Settings
from portal.store.datamap import problems as own_problems
from portal.store.engine import make_engine, reading

SETTINGS = "accounts settings"


def register(app: Flask, settings: Settings) -> None:
    """Give an application these commands. Those on the map need nothing else of the portal, which
    refuses to start with a map that they must help to mend."""
    app.extensions[SETTINGS] = settings
    commands = AppGroup("accounts", help="The data map; what an erasure would do.")
    commands.add_command(data_map)
    if "services" in app.extensions:
        commands.add_command(erase)
    app.cli.add_command(commands)


data_map = AppGroup("map", help="What becomes of every table and column.")


@data_map.command()
@with_appcontext
def check() -> None:
    """Hold the map against the database; every difference at once. Exit code 1 if there is any."""
    found = _problems()
    for problem in found:
        click.echo(problem)
    click.echo(f"{len(found)} problems", err=True)
    sys.exit(1 if found else 0)


def _problems() -> list[str]:
    """Of the account system's map, and of the portal's own."""
    settings: Settings = current_app.extensions[SETTINGS]
    try:
        datamap = DataMap.load(DATAMAP)
    except DataMapError as error:
        return list(error.problems)
    with reading(make_engine(settings.accounts_url)) as connection:
        theirs = problems(datamap, inspect(connection))
    with reading(make_engine(settings.database_url)) as connection:
        return theirs + own_problems(inspect(connection))


@data_map.command()
@with_appcontext
def plan() -> None:
    """The steps of an erasure in their order, and what each must come before."""
    settings: Settings = current_app.extensions[SETTINGS]
    try:
        datamap = DataMap.load(DATAMAP)
    except DataMapError as error:
        raise click.ClickException(str(error)) from None
    with reading(make_engine(settings.accounts_url)) as connection:
        refers = references(inspect(connection))
    leave = {part.table for part in datamap.parts if part.leaves}
    for position, part in enumerate(datamap.parts, 1):
        line = f"{position:3}  {part.name:34} of {part.whose:10} by {part.by:16}"
        line += f" {part.kind.outcome:10} {part.kind.name}"
        line += ", with its files" if part.file else ""
        # What it refers to can't go before it has let go.
        line += f"  before {refers[part.place]}" if refers.get(part.place) in leave else ""
        click.echo(line)


@click.command()
@click.option("--dry-run", is_flag=True, help="Show what would be done.")
@click.option("--identity", help="Only this identity and what goes along with it.")
@click.argument("phone")
@with_appcontext
def erase(phone: str, identity: str | None, dry_run: bool) -> None:
    """What an erasure would do to each table, and to how many rows. Changes nothing."""
    if not dry_run:
        raise click.ClickException(
            "nobody is erased by hand: a closure does it; see with --dry-run what it would do"
        )
    services: Services = current_app.extensions["services"]
    accounts = services.accounts
    if not isinstance(accounts, SqlAccountSystem):
        raise click.ClickException("this account system can't say beforehand what it would do")
    try:
        account = accounts.find(parse(phone))
        if account is None:
            raise click.ClickException("no open account is registered with this number")
        scope = _scope(account, identity)
        steps = accounts.rehearse(scope, shared_jobs_too=services.settings.shared_jobs_too)
    except PhoneError:
        raise click.ClickException("this is not a phone number") from None
    except AccountSystemUnavailableError as error:
        raise click.ClickException(f"the account system does not answer: {error}") from None
    _show(steps, scope)


def _scope(account: Account, identity: str | None) -> Scope:
    if identity is None:
        return Scope(account.id, tuple(one.id for one in account.identities), whole=True)
    try:
        return scope_of(account, identity)
    except UnknownSideError:
        raise click.ClickException("the account has no such identity") from None


def _show(steps: tuple[Step, ...], scope: Scope) -> None:
    what = "the whole account" if scope.whole else "one identity; the account stays"
    click.echo(f"closes {what}")
    for step in steps:
        click.echo(f"  {step.name:34} {step.outcome:10} {step.rows:8}  {step.category}")
    rows = sum(step.rows for step in steps)
    click.echo(f"{len(steps)} steps, {rows} rows and files; nothing was done")
