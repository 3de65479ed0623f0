"""Finds the Chromium that the tests drive, or installs one.

``python -m tests.browser.chromium`` prints its path; tests call ``find``. In this order: the
program that ``TEST_BROWSER`` names, and nothing else then; an installed Chromium or Chrome;
Playwright's own download; Debian's package, for root on Debian. Without windows it is the same
browser for half the work.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from playwright.sync_api import sync_playwright

NAMES = (
    "chromium-headless-shell",
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
)
MAC_FOLDERS = (Path("/Applications"), Path.home() / "Applications")
MAC_APPS = (
    "Google Chrome.app/Contents/MacOS/Google Chrome",
    "Chromium.app/Contents/MacOS/Chromium",
)
DEBIAN_PACKAGES = ("chromium-headless-shell", "fonts-noto-cjk", "libatomic1")
APT = ("apt-get", "-o", "Acquire::Retries=3")
INSTALLERS = (
    ((sys.executable, "-m", "playwright", "install", "chromium"),),
    (
        (*APT, "update"),
        (*APT, "install", "--yes", "--no-install-recommends", *DEBIAN_PACKAGES),
    ),
)


class NoBrowserError(Exception):
    """There is no browser to test with; the text says what to do."""


def find() -> Path:
    """The browser. To be called before Playwright is started. Raises NoBrowserError."""
    named = os.environ.get("TEST_BROWSER")
    for path in [Path(named)] if named else _candidates():
        if _runs(str(path), "--version", seconds=30):
            return path
    raise NoBrowserError(
        f"TEST_BROWSER={named} does not start."
        if named
        else "No Chromium or Chrome was found or could be installed. "
        "Install one, or name one: make test TEST_BROWSER=/path/to/chrome"
    )


def _candidates() -> Iterator[Path]:
    yield from (Path(found) for name in NAMES if (found := shutil.which(name)))
    yield from (folder / app for folder in MAC_FOLDERS for app in MAC_APPS)
    with sync_playwright() as playwright:
        yield Path(playwright.chromium.executable_path)


def find_or_install() -> Path:
    """The browser; tries the installers in turn while there is none. Raises NoBrowserError."""
    for commands in () if "TEST_BROWSER" in os.environ else INSTALLERS:
        with suppress(NoBrowserError):
            return _find_with_driver()
        sys.stderr.write(f"No browser to test with yet. Trying: {' '.join(commands[-1])}\n")
        # What it says of success counts for nothing: only a browser that starts does.
        all(_runs(*command, seconds=600) for command in commands)
    return _find_with_driver()


def _find_with_driver() -> Path:
    if not _runs(sys.executable, "-m", "playwright", "--version", seconds=60):
        raise NoBrowserError(
            "Playwright's driver does not start. On Debian it needs: apt-get install libatomic1"
        )
    return find()


def _runs(*command: str, seconds: float) -> bool:
    try:
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


if __name__ == "__main__":
    try:
        sys.stdout.write(f"Browser: {find_or_install()}\n")
    except NoBrowserError as problem:
        sys.exit(str(problem))
