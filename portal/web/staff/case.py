"""One closure, with everything a reviewer decides by."""

from datetime import datetime

from flask import Blueprint, render_template

from portal.accounts.system import Identity
from portal.evidence.ledger import Kind
from portal.identity.phone import mask
from portal.services import Services
from portal.staffroom import case
from portal.staffroom.case import Case, Told
from portal.staffroom.members import Member
from portal.staffroom.roles import Permission, may
from portal.web import seen, words
from portal.web.guards import Answer
from portal.web.staff.guards import needs, unknown

pages = Blueprint("case", __name__)


@pages.get("/cases/<reference:reference>")
@needs(Permission.LOOK)
def show(services: Services, me: Member, reference: str) -> Answer:
    """Looking is told to the ledger, for every request."""
    found = case.look(services, me, reference)
    if found is None:
        return unknown(me)
    account, confirmed = found.upstream.account, found.last(Kind.CONDITIONS_CONFIRMED)
    may_act = may(me.role, Permission.ACT)
    sealed = seen.seal(services, f"waive {me.id}", account.id) if account and may_act else None
    return render_template(
        "staff/case.html",
        me=me,
        case=found,
        closure=found.closure,
        masked=mask(account.phone) if account else None,
        side=words.side_label(_closing(found), whole=found.closure.whole) if account else None,
        confirmed=confirmed,
        checked_at=_checked_at(confirmed),
        snapshot=found.last(Kind.CONSEQUENCES_SHOWN),
        shown=found.last(Kind.NOTICE_SHOWN),
        accepted=found.last(Kind.NOTICE_ACCEPTED),
        may_act=may_act,
        sealed=sealed,
        now=services.clock(),
    )


def _checked_at(confirmed: Told | None) -> datetime | None:
    """When the conditions were read that the person confirmed; None once its key is gone."""
    at = confirmed.business.get("checked_at") if confirmed else None
    return datetime.fromisoformat(at) if at else None


def _closing(found: Case) -> tuple[Identity, ...]:
    account = found.upstream.account
    ids = found.closure.identity_ids
    return tuple(one for one in account.identities if one.id in ids) if account else ()
