"""Going on without a code, where two members of staff let the case stand in for it (三.3).

The number that the account is registered with gets an SMS: whoever has that phone can object, and
can restore the account as ever.
"""

from datetime import timedelta

from portal.closure import verify, vouching
from portal.closure.lifecycle import open_of
from portal.closure.verify import Verified
from portal.identity import sign_in
from portal.identity.sign_in import Visitor
from portal.language import Language
from portal.messages import outbox
from portal.messages.outbox import MessageKind
from portal.services import Services
from portal.store.tables import HelpCase

_WORTH_SENDING = timedelta(hours=24)


def go_on(
    services: Services,
    case: HelpCase,
    journey_token: str | None,
    visitor: Visitor | None,
    language: Language = Language.CHINESE,
) -> Verified | None:
    """Sign the person in as the account, once; None when that is not possible any more.

    ``visitor`` is whom this browser was before; that sign-in ends. The SMS is in the language of
    the open closure, else in ``language``, that of the page. Raises AccountSystemUnavailableError.
    """
    with services.store.begin() as session:
        account_id = vouching.account_of(session, services.vault, case)
    account = services.accounts.account(account_id) if account_id else None
    if account is None:
        return None
    now = services.clock()
    with services.store.begin() as session:
        proof = vouching.take(session, services.vault, case.id, now)
        if proof is None:
            return None
        instead_of = visitor.token_hash if visitor else None
        token = sign_in.open_account(
            session, account.id, now, instead_of=instead_of, case_id=case.id
        )
        closure = open_of(session, account.id)
        if closure is None and journey_token:
            verify.bind(services, session, journey_token, proof)
        read_in = Language(closure.language) if closure else language
        text = services.texts.in_language(read_in).help_verified(case.reference, now)
        until, kind = now + _WORTH_SENDING, MessageKind.HELP_VERIFIED
        ring = outbox.post(session, services.vault, now, kind, account.phone, text, until)
    services.bell.ring(ring)
    return Verified(account.id, token, closure.reference if closure else None)
