"""``flask evidence …``: verify the ledger, read one journey, check a receipt.

Checking a receipt and printing the public key need no database: an outsider can do it too.
"""

import json
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from flask import Flask, current_app
from flask.cli import AppGroup, with_appcontext
from sqlalchemy import select
from sqlalchemy.orm import Session

from portal.clock import SHANGHAI
from portal.closure.lifecycle import by_reference
from portal.evidence.anchor import DatabaseBehindError, WitnessBehindError, anchor
from portal.evidence.checking import LONGEST, Part
from portal.evidence.checking import check as judge
from portal.evidence.keys import KeyDestroyedError, Purpose
from portal.evidence.ledger import Actor, Kind, read, record
from portal.evidence.signing import PublicKeyError, pem, read_public_key
from portal.evidence.verify import verify as verify_ledger
from portal.evidence.witness import Lines, Witness
from portal.services import Services
from portal.settings import Settings
from portal.store.tables import Event
from portal.store.vault import SealBrokenError, Vault

_DESK = "evidence_desk"
_HELP = "Verify the ledger, read one journey, check a receipt."
_WORDS = {True: "ok", False: "FAILED", None: "-"}
commands = AppGroup("evidence", help=_HELP)
offline = AppGroup("evidence", help=_HELP)
"""Those of them that need no database."""


@dataclass(frozen=True)
class Desk:
    """What receipts are checked with unless something else is given."""

    key: Ed25519PublicKey
    witness: Witness


def register(app: Flask, services: Services) -> None:
    app.extensions[_DESK] = Desk(services.vault.signing_key.public_key(), services.witness)
    app.cli.add_command(commands)


def register_offline(app: Flask, settings: Settings) -> None:
    key = Vault(settings.master_key).signing_key.public_key()
    app.extensions[_DESK] = Desk(key, Witness(settings.witness))
    app.cli.add_command(offline)


@offline.command()
@click.argument("file", type=click.File("rb"))
@click.option("--key", "key", metavar="PEM_OR_B64", help="The public key, or a file with it.")
@click.option(
    "--heads",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The published heads.jsonl.",
)
@click.pass_context
@with_appcontext
def check(context: click.Context, file: BinaryIO, key: str | None, heads: Path | None) -> None:
    """Check a receipt: what holds and what does not. Key and heads are this portal's own unless
    others are given."""
    lines = Lines(heads) if heads else _desk().witness.heads
    public = _given_key(key) if key else _desk().key
    verdict = judge(file.read(LONGEST + 1), public, lines if lines.path.exists() else None)
    for part in Part:
        click.echo(f"{part:10} {_WORDS[verdict.parts.get(part)]}")
    if verdict.content is not None:
        click.echo(json.dumps(verdict.content, ensure_ascii=False, indent=2))
    context.exit(0 if verdict.genuine else 1)


@offline.command("key")
@with_appcontext
def print_key() -> None:
    """Print the public key that receipts and heads are checked with."""
    click.echo(pem(_desk().key), nl=False)


for each in (check, print_key):
    commands.add_command(each)


@commands.command()
@click.pass_context
def verify(context: click.Context) -> None:
    """Recompute the whole ledger and hold it against the witness folder."""
    services = _services()
    began = time.perf_counter()
    report = verify_ledger(services.store, services.witness, _desk().key)
    rate = report.events / (time.perf_counter() - began)
    click.echo(f"{report.events} events, {report.tail} of them not yet anchored")
    click.echo(f"{report.heads} heads, {report.superseded} of them superseded")
    click.echo(f"{rate:.0f} events per second")
    for bad in (report.bad_head, report.bad_event):
        if bad:
            click.echo(f"BAD: {bad}")
    context.exit(0 if report.good else 1)


@commands.command("anchor")
@click.option("--refill", is_flag=True, help="Write again what a lost witness folder lacks.")
def sign_head(refill: bool) -> None:
    """Sign heads over what is new now, as the portal does by itself."""
    services = _services()
    try:
        heads = anchor(
            services.store, services.vault, services.witness, services.clock, refill=refill
        )
    except (DatabaseBehindError, WitnessBehindError) as error:
        raise click.ClickException(str(type(error).__doc__)) from None
    for head in heads:
        click.echo(head.line)
    if not heads:
        click.echo("nothing new")


@commands.command()
@click.argument("reference")
def show(reference: str) -> None:
    """Everything the ledger tells of one closure. Looking is told there too."""
    services = _services()
    with services.store.begin() as session:
        closure = by_reference(session, reference)
        if closure is None:
            raise click.ClickException(f"no closure {reference}")
        mine = select(Event).where(Event.journey_id == closure.journey_id).order_by(Event.seq)
        events = session.scalars(mine).all()
        told = [line for event in events for line in _told(session, services.vault, event)]
        record(
            session,
            services.vault,
            at=services.clock(),
            journey_id=closure.journey_id,
            kind=Kind.LOOKED,
            actor=Actor.OPERATOR,
            facts={"by": "command line"},
        )
    click.echo("\n".join(told))


def _told(session: Session, vault: Vault, event: Event) -> Iterator[str]:
    yield f"{event.at.astimezone(SHANGHAI):%Y-%m-%d %H:%M:%S}  {event.kind}  {event.actor}"
    yield from _facts("", event.facts)
    for purpose in Purpose:
        try:
            yield from _facts(f"[{purpose}] ", read(session, vault, event, purpose) or {})
        except KeyDestroyedError:
            yield f"    [{purpose}] 已销毁"
        except SealBrokenError:
            yield f"    [{purpose}] 已被改动，无法读取"


def _facts(mark: str, facts: Mapping[str, Any]) -> Iterator[str]:
    for name, value in facts.items():
        told = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
        yield f"    {mark}{name}: {told}"


def _given_key(given: str) -> Ed25519PublicKey:
    try:
        file = Path(given)
        return read_public_key(file.read_text() if file.is_file() else given)
    except (PublicKeyError, OSError, ValueError):
        raise click.ClickException(str(PublicKeyError.__doc__)) from None


def _desk() -> Desk:
    desk: Desk = current_app.extensions[_DESK]
    return desk


def _services() -> Services:
    services: Services = current_app.extensions["services"]
    return services
