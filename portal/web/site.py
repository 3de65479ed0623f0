"""Pages about the portal itself."""

from flask import Blueprint, render_template

pages = Blueprint("site", __name__)


@pages.get("/cookies")
def cookies() -> str:
    return render_template("pages/cookies.html")


@pages.get("/accessibility")
def accessibility() -> str:
    return render_template("pages/accessibility.html")
