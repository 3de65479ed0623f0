"""The staff console: its own door, its own cookie key, and no view that nobody is named for."""

from flask import Blueprint

from portal.staffroom.overtaken import OvertakenError
from portal.web.staff import acts, alerts, case, door, guards, proposals, proposing, queue, words
from portal.web.staff import help as help_desk

__all__ = ["pages", "words"]

pages = Blueprint("staff", __name__, url_prefix="/staff")
pages.before_request(guards.admit)
pages.register_error_handler(OvertakenError, guards.too_late)
# A further room of the console (help cases, hand-over) is one more of these, and one more line in
# the navigation of templates/staff/base.html.
for part in (door, queue, case, acts, proposing, proposals, alerts, help_desk):
    pages.register_blueprint(part.pages)
