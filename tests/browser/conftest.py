"""Live portals, one browser for all tests of a process, and people who come with screens."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from portal.language import Language
from tests.browser import chromium
from tests.browser.live import Live, furnish
from tests.browser.person import PHONE, Person, Screen
from tests.cast import Person as Sample

ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    "--disable-sync",
)

FEW_SECONDS = {"erase_after": "2", "promise": "60"}
"""Settings of a portal that begins to erase at once."""

Arrives = Callable[..., Person]


@pytest.fixture(scope="session")
def furnished(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return furnish(tmp_path_factory.mktemp("furnished"))


@pytest.fixture(scope="session")
def five_days(furnished: Path) -> Iterator[Live]:
    with Live.running(furnished) as live:
        yield live


@pytest.fixture(scope="session")
def few_seconds(furnished: Path) -> Iterator[Live]:
    with Live.running(furnished, **FEW_SECONDS) as live:
        yield live


@pytest.fixture
def portal(five_days: Live) -> Live:
    """A portal with the notice's five days, where nobody has been yet."""
    five_days.begin_anew()
    return five_days


@pytest.fixture
def hasty_portal(few_seconds: Live) -> Live:
    """A portal that begins to erase after seconds, where nobody has been yet."""
    few_seconds.begin_anew()
    return few_seconds


@pytest.fixture(scope="session")
def chrome() -> Iterator[Browser]:
    path = chromium.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield launched
        launched.close()


@pytest.fixture
def arrives(chrome: Browser) -> Iterator[Arrives]:
    """Seats a person at a screen of their own: ``arrives(CLEAN_SEEKER, portal, DESKTOP)``."""
    people: list[Person] = []

    def arrive(
        who: Sample | str,
        at: Live,
        screen: Screen = PHONE,
        language: Language = Language.CHINESE,
    ) -> Person:
        context = chrome.new_context(
            viewport={"width": screen.width, "height": screen.height},
            has_touch=screen.touch,
            is_mobile=screen.touch,
            java_script_enabled=screen.scripts,
            locale="zh-CN",
        )
        context.set_default_timeout(60_000)
        number = who if isinstance(who, str) else who.phone
        people.append(Person(number, at, context.new_page(), screen, language))
        return people[-1]

    yield arrive
    for person in people:
        person.leaves()
