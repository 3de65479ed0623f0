"""Receipts: a page to read or print, a file to keep, and a place to check a file."""

import json
from typing import Any

from flask import Blueprint, Response, abort, render_template
from werkzeug.routing import BaseConverter

from portal.closure import receipts
from portal.closure.receipts import Documents
from portal.evidence.receipt import ReceiptKind
from portal.evidence.signing import pem
from portal.services import Services
from portal.store.tables import Closure
from portal.web.forms import ReceiptForm
from portal.web.guards import Answer, closure_seen, with_services
from portal.web.visitor import Visitor

pages = Blueprint("receipts", __name__)
_RECEIPT = "/closures/<reference:reference>/receipt/<receipt:which>"


class ReceiptConverter(BaseConverter):
    """One of the two receipts of a closure; anything else is no page."""

    regex = "|".join(ReceiptKind)


@pages.get(_RECEIPT)
@closure_seen
def show(services: Services, closure: Closure, _visitor: Visitor, which: str) -> Answer:
    documents = receipts.documents(services, closure)
    return render_template(
        "pages/receipt.html",
        closure=closure,
        kind=which,
        document=_one(documents, which),
        others=[one for one in documents if one != which],
    )


@pages.get(f"{_RECEIPT}.json")
@closure_seen
def file(services: Services, closure: Closure, _visitor: Visitor, which: str) -> Answer:
    document = _one(receipts.documents(services, closure), which)
    body = json.dumps(document, ensure_ascii=False, indent=1, sort_keys=True)
    name = f"{closure.reference}-{which}.json"
    disposition = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(body, mimetype="application/json", headers=disposition)


def _one(documents: Documents, which: str) -> dict[str, Any]:
    """The document of this kind; there is no page for one that was not issued."""
    if which not in documents:
        abort(404)
    return documents[ReceiptKind(which)]


@pages.route("/receipts/check", methods=["GET", "POST"])
@with_services
def check(services: Services) -> Answer:
    """Anybody may check a receipt; what was sent in is not kept."""
    form = ReceiptForm()
    checked = None
    if form.validate_on_submit():
        checked = receipts.check(services, form.receipt.data.read())
    return render_template(
        "pages/check_receipt.html", form=form, errors=form.summary(), checked=checked
    )


@pages.get("/receipts/heads.jsonl")
@with_services
def heads(services: Services) -> Answer:
    """The signed heads of the ledger, for whoever checks a receipt by themselves."""
    lines = (f"{line}\n" for line in services.witness.heads)
    return Response(lines, mimetype="application/jsonl")


@pages.get("/receipts/key.pem")
@with_services
def key(services: Services) -> Answer:
    """The public key that receipts and heads are signed with."""
    return Response(pem(services.vault.signing_key.public_key()), mimetype="text/plain")
