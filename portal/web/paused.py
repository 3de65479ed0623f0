"""An act that waits for a code: what was chosen goes, sealed, with the browser that meant it.

Nothing of it happens by itself: it comes back to its page, as if just chosen.
"""

from datetime import datetime, timedelta
from typing import Any

from flask import redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.services import Services
from portal.web import seen
from portal.web.visitor import present

_KEY = "paused"
_LONGEST = 2000
"""A cookie has 4 KB. Some hundred things one by one are more, and have to be chosen again."""
_LIFE = timedelta(minutes=15)
"""Later nobody has it in mind any more; a code is given within this time or asked for again."""
_NOT_CHOSEN = {"csrf_token", "confirmed"}


def for_a_code(services: Services, phone_page: str, page: str, *, keep: bool = True) -> Response:
    """To the page that asks for the number; ``page`` is where what this form says comes back to.

    Without ``keep`` it has to be chosen again there.
    """
    chosen = {key: text for key, text in request.form.items() if keep and key not in _NOT_CHOSEN}
    act = {"page": page, "chosen": chosen, "at": services.clock().isoformat()}
    sealed = seen.seal(services, _place(), act)
    if len(sealed) > _LONGEST:
        sealed = seen.seal(services, _place(), act | {"chosen": {}})
    session[_KEY] = sealed
    return redirect(url_for(phone_page), 303)


def page(services: Services) -> tuple[str, bool] | None:
    """Where this browser's act goes on, now that the code was right, and whether what was chosen
    comes along; None where none waits, it is too old, or it was another account's."""
    act = _waiting(services)
    return (str(act["page"]), bool(act["chosen"])) if act else None


def resume(services: Services, page: str) -> MultiDict[str, str]:
    """What was chosen on this page, once; empty where nothing was.

    Only for a page that may go on with it, now that the code was given.
    """
    if request.method != "GET" or _KEY not in session:
        return MultiDict()
    act = _waiting(services)
    if not act or act["page"] != page:
        return MultiDict()
    forget()
    return MultiDict(act["chosen"])


def forget() -> None:
    """Something else is being done."""
    session.pop(_KEY, None)


def _waiting(services: Services) -> Any | None:
    """The act, and it goes where it is too old or another account's."""
    act = seen.opened(services, _place(), session.get(_KEY))
    if act is None or services.clock() - datetime.fromisoformat(act["at"]) > _LIFE:
        forget()
        return None
    return act


def _place() -> str:
    """It opens for the same account only."""
    visitor = present()
    return f"paused {visitor.account_id if visitor else ''}"
