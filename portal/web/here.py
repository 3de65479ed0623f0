"""Where the page of a request is, also when the request has no page of its own."""

from flask import request, url_for

_FORM_STANDS_ON = {
    "journey.resend": "journey.code",
    "progress.resend": "progress.track_code",
    "progress.send_link": "progress.show",
    "progress.sign_out": "journey.start",
    "help.say": "help.show",
    "help.end": "help.show",
    "help.kept": "help.show",
    "help.go_on": "help.show",
    "handover.resend": "handover.code",
    "handover.answer": "handover.show",
    "handover.take_back": "handover.estate",
    "staff.door.sign_out": "staff.queue.show",
    "staff.queue.find": "staff.queue.show",
    "staff.proposing.waive": "staff.queue.show",
    "staff.proposals.approve": "staff.proposals.show",
    "staff.proposals.decline": "staff.proposals.show",
}
"""The page of each form that is sent to an address without a page."""


def this_page() -> str:
    """The address that a form of this request's page leads back to, or that can be looked at again.

    The start for an address that is none of ours.
    """
    endpoint = _FORM_STANDS_ON.get(request.endpoint or "", request.endpoint)
    return url_for(endpoint or "journey.start", **(request.view_args or {}))
