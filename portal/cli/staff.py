"""``flask staff …``: who may sign in to the console."""

from datetime import datetime

import click
from flask import current_app
from flask.cli import AppGroup

from portal.clock import SHANGHAI
from portal.services import Services
from portal.staffroom import credentials, members
from portal.staffroom.members import Enrolment, NameTakenError, UnknownMemberError
from portal.staffroom.roles import Role

commands = AppGroup("staff", help="Who may sign in to the staff console.")
name_argument = click.argument("name")
role_option = click.option("--role", type=click.Choice([str(one) for one in Role]), required=True)
ask_option = click.option("--ask", is_flag=True, help="Type the password; else one is made up.")


@commands.command()
@name_argument
@role_option
@ask_option
def add(name: str, role: str, ask: bool) -> None:
    """Somebody new; prints, once, what they sign in with."""
    if not 2 <= len(name) <= 40 or not name.isprintable() or name != name.strip():
        raise click.ClickException("a name has 2 to 40 characters that can be seen")
    password = _password(ask)
    try:
        enrolment = members.add(_services(), name, Role(role), password)
    except NameTakenError:
        raise click.ClickException(f"{name} is or was somebody here already") from None
    _print_once(enrolment, None if ask else password)


@commands.command()
@name_argument
@ask_option
def reset(name: str, ask: bool) -> None:
    """A new password, authenticator and recovery codes, after a loss; sign-ins end."""
    password = _password(ask)
    try:
        enrolment = members.reset(_services(), name, password)
    except UnknownMemberError:
        raise _nobody(name) from None
    _print_once(enrolment, None if ask else password)


@commands.command("role")
@name_argument
@click.argument("new", type=click.Choice([str(one) for one in Role]))
def change_role(name: str, new: str) -> None:
    """Give somebody another role, from their next click on."""
    try:
        members.change_role(_services(), name, Role(new))
    except UnknownMemberError:
        raise _nobody(name) from None
    click.echo(f"{name}  {new}")


@commands.command()
@name_argument
def remove(name: str) -> None:
    """Shut somebody out, from their next click on; the ledger goes on naming them."""
    try:
        members.remove(_services(), name)
    except UnknownMemberError:
        raise _nobody(name) from None
    click.echo(f"{name}  removed")


@commands.command("list")
def list_staff() -> None:
    """Everybody, those who were removed too."""
    with _services().store.begin() as session:
        everybody = members.everybody(session)
    for one in everybody:
        state = f"removed {_day(one.removed_at)}" if one.removed_at else one.role
        click.echo(f"{one.name}  {state}  since {_day(one.added_at)}")
    click.echo(f"{len(everybody)} people")


@commands.command()
@name_argument
def code(name: str) -> None:
    """What somebody's authenticator shows now (development only)."""
    services = _services()
    if services.settings.production:
        raise click.ClickException("only on a developer's machine")
    try:
        click.echo(members.present_code(services, name))
    except UnknownMemberError:
        raise _nobody(name) from None


def _password(ask: bool) -> str:
    if not ask:
        return credentials.new_password()
    typed: str = click.prompt("Password", hide_input=True, confirmation_prompt=True)
    if len(typed) < credentials.SHORTEST_PASSWORD:
        raise click.ClickException(
            f"a password has {credentials.SHORTEST_PASSWORD} characters or more"
        )
    return typed


def _print_once(enrolment: Enrolment, password: str | None) -> None:
    click.echo("Shown once; hand it over in person:\n")
    if password:
        click.echo(f"  password        {password}")
    click.echo(f"  authenticator   {enrolment.uri}")
    click.echo("  recovery codes, each good once:")
    for one in enrolment.recovery_codes:
        click.echo(f"    {one}")


def _nobody(name: str) -> click.ClickException:
    return click.ClickException(f"nobody here is called {name}")


def _services() -> Services:
    services: Services = current_app.extensions["services"]
    return services


def _day(at: datetime) -> str:
    return f"{at.astimezone(SHANGHAI):%Y-%m-%d}"
