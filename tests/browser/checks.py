"""What holds for every page that a person comes to, whatever it is about."""

import re
from typing import ClassVar

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import ConsoleMessage, Page, Request, Response, ViewportSize

from tests.client import Page as Html
from tests.client import check_english

_AXE = """() => axe.run({
  runOnly: {
    type: "tag", values: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"],
  },
  rules: {"target-size": {enabled: true}},
  resultTypes: ["violations"],
  preload: false,
}).then(found => found.violations.map(one =>
  `${one.id}: ${one.help} ${one.nodes.map(node => node.target.join(" ") + " " + node.html)}`))"""
_WIDTH = "document.documentElement.scrollWidth"
_PHONES = (320, 360)


_VARIES = re.compile(
    r'(?<=name="csrf_token")[^>]*|[A-Z]{2}-[0-9A-Z]{5}-[0-9A-Z]{5}|[0-9a-f]{32}', re.ASCII
)
"""Tokens and references. They are as long as they were."""


class Watch:
    """Hears what the browser complains of on one page, and looks at what the page became."""

    _seen: ClassVar[set[tuple[int, bool, str]]] = set()
    """What was judged already: the same markup at the same width has the same faults."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self._complaints: list[str] = []
        page.on("console", self._hear)
        page.on("pageerror", lambda error: self._complaints.append(f"script: {error}"))
        page.on("requestfailed", self._fail)
        page.on("response", self._answer)

    def look(self, status: int, *, scripts: bool) -> None:
        """Find nothing wrong with the page, which came with this status."""
        self.complains_of_nothing_but(f"{status} {self._page.url}")
        html, size = self._page.content(), self._page.viewport_size
        assert size
        # Codes, counts and times differ; how many digits they have can matter.
        markup = re.sub(r"\d", "0", _VARIES.sub("", html))
        if (size["width"], scripts, markup) in self._seen:
            return
        self._fits(size)
        if '<html lang="en"' in html:
            check_english(Html(html))
        if scripts:
            self._is_accessible()
        self._seen.add((size["width"], scripts, markup))

    def complains_of_nothing_but(self, expected: str = "") -> None:
        said, self._complaints = [one for one in self._complaints if one != expected], []
        assert not said, said

    def _hear(self, message: ConsoleMessage) -> None:
        # An answer of 400 and above is noted as an answer.
        said_twice = message.text.startswith("Failed to load resource")
        if message.type in ("error", "warning") and not said_twice:
            self._complaints.append(f"console: {message.text}")

    def _fail(self, request: Request) -> None:
        # Aborted means that the person left the page before everything had come.
        if request.failure != "net::ERR_ABORTED":
            self._complaints.append(f"failed: {request.url} {request.failure}")

    def _answer(self, response: Response) -> None:
        if response.status >= 400:
            self._complaints.append(f"{response.status} {response.url}")

    def _fits(self, size: ViewportSize) -> None:
        """No scrolling sideways (WCAG 1.4.10)."""
        for width in _PHONES if size["width"] in _PHONES else (size["width"],):
            self._page.set_viewport_size({"width": width, "height": size["height"]})
            assert self._page.evaluate(_WIDTH) == width, f"{self._page.url} at {width}"

    def _is_accessible(self) -> None:
        self._page.evaluate(AXE_SCRIPT)
        faults = self._page.evaluate(_AXE)
        assert not faults, "\n".join([self._page.url, *faults])
