"""An act that waits for a code: what was chosen goes, sealed, with the browser that meant it.

Nothing of it happens by itself: it comes back to its page, as if just chosen.
"""

from flask import redirect, request, session, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.services import Services
from portal.web import seen
from portal.web.visitor import present

_KEY = "paused"
_LONGEST = 2000
"""A cookie has 4 KB. Some hundred things one by one are more, and have to be chosen again."""
_NOT_CHOSEN = {"csrf_token", "confirmed"}


def for_a_code(services: Services, phone_page: str, page: str) -> Response:
    """To the page that asks for the number; ``page`` is where what this form says comes back to."""
    chosen = {key: text for key, text in request.form.items() if key not in _NOT_CHOSEN}
    sealed = seen.seal(services, _place(), {"page": page, "chosen": chosen})
    if len(sealed) > _LONGEST:
        sealed = seen.seal(services, _place(), {"page": page, "chosen": {}})
    session[_KEY] = sealed
    return redirect(url_for(phone_page), 303)


def page(services: Services) -> str | None:
    """Where this browser's act goes on, now that the code was right; None where none waits, or it
    was another account's."""
    act = seen.opened(services, _place(), session.get(_KEY))
    if act is None:
        session.pop(_KEY, None)
        return None
    return str(act["page"])


def resume(services: Services, page: str) -> MultiDict[str, str]:
    """What was chosen on this page, once; empty where nothing was."""
    if request.method != "GET" or _KEY not in session:
        return MultiDict()
    act = seen.opened(services, _place(), session[_KEY])
    if not act or act["page"] != page:
        return MultiDict()
    session.pop(_KEY)
    return MultiDict(act["chosen"])


def _place() -> str:
    """It opens for the same account only."""
    visitor = present()
    return f"paused {visitor.account_id if visitor else ''}"
