"""A person at a screen: opens, reads, types and presses, and every page they come to is checked."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Locator, Page

from portal.language import Language, translations
from tests.browser.checks import Watch
from tests.browser.live import Live, until


@dataclass(frozen=True)
class Screen:
    """What a person sits at."""

    name: str
    width: int
    height: int
    touch: bool
    scripts: bool = True

    def __str__(self) -> str:
        return self.name if self.scripts else f"{self.name} without scripts"


PHONE = Screen("phone", 360, 740, touch=True)
DESKTOP = Screen("desktop", 1280, 800, touch=False)
PLAIN_PHONE = Screen("phone", 360, 740, touch=True, scripts=False)
PLAIN_DESKTOP = Screen("desktop", 1280, 800, touch=False, scripts=False)
SCREENS = (PHONE, DESKTOP, PLAIN_PHONE, PLAIN_DESKTOP)


class Person:
    """``number`` is the E.164 number of the phone in their hand.

    What they look for is named in Chinese; whoever reads another language finds its translation.
    """

    def __init__(
        self,
        number: str,
        portal: Live,
        page: Page,
        screen: Screen,
        language: Language = Language.CHINESE,
    ) -> None:
        self.number, self.portal, self.page = number, portal, page
        self._screen, self.language = screen, language
        self._watch = Watch(page)
        self._read = 0
        """How many SMS they have read."""

    # Looking

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    @property
    def text(self) -> str:
        """What the page says, without its frame."""
        return self.page.locator("main").inner_text()

    @property
    def path(self) -> str:
        return self.page.url.removeprefix(self.portal.url)

    @property
    def reference(self) -> str:
        return self.path.rsplit("/", 1)[1]

    def sees(self, role: str, name: str) -> bool:
        return self.finds(role, name).count() > 0

    def finds(self, role: str, name: str) -> Locator:
        """The one element of this role whose whole name is this."""
        return self.page.get_by_role(role, name=self.says(name), exact=True)  # type: ignore[arg-type]

    def reads_sms(self, containing: str) -> str:
        """The next SMS of this kind, once it has come."""

        def find() -> str | None:
            new = self.portal.sms(self.number)[self._read :]
            self._read += len(new)
            return next((text for text in new if containing in text), None)

        return str(until(find))

    def says(self, text: str) -> str:
        """A text in their language; what tells it from another one stands before a bar."""
        words = translations(self.language)
        context, _bar, text = text.rpartition("|")
        return words.pgettext(context, text) if context else words.gettext(text)

    # Doing

    def comes_to(self, path: str, status: int = 200) -> None:
        """A page by its Chinese address, in their language."""
        self.opens(f"{self.language.prefix}{path}", status)

    def opens(self, path: str, status: int = 200) -> None:
        response = self.page.goto(path if "://" in path else self.portal.url + path)
        assert response
        assert response.status == status
        self._looks(status)

    def looks_again(self) -> None:
        self.goes(self.page.reload)

    def opens_tab(self) -> "Person":
        """The same person in another tab of the same browser."""
        return Person(
            self.number, self.portal, self.page.context.new_page(), self._screen, self.language
        )

    def follows_link(self) -> None:
        """Open the private link of the SMS."""
        self.opens(re.findall(r"\S+/p/\S+", self.reads_sms("/p/"))[0])

    def presses(self, role: str, name: str, status: int = 200) -> None:
        """Press a button or a link that leads to a page."""
        self.goes(lambda: self._touch(self.finds(role, name)), status)

    def goes(self, act: Callable[[], object], status: int = 200) -> None:
        """Do what leads to a page."""
        with self.page.expect_navigation() as answer:
            act()
        assert answer.value.status == status
        self._looks(status)

    def ticks(self, role: str, beginning: str) -> None:
        """A box or a choice, by the beginning of its name."""
        name = re.compile(f"^{re.escape(self.says(beginning))}")
        self.page.get_by_role(role, name=name).check()  # type: ignore[arg-type]

    def types(self, label: str, text: str) -> None:
        self.page.get_by_label(self.says(label), exact=True).fill(text)

    def leaves(self) -> None:
        """Nothing was amiss until the end."""
        self._watch.complains_of_nothing_but()
        self.page.context.close()

    def _looks(self, status: int) -> None:
        self._watch.look(status, scripts=self._screen.scripts)

    def _touch(self, what: Locator) -> None:
        if self._screen.touch:
            what.tap()
        else:
            what.click()

    # The journey, step by step

    def begins(self) -> None:
        self.comes_to("/")
        self.presses("link", "开始办理")

    def agrees(self) -> None:
        box = self.says("我已阅读、理解并同意《智联账号注销须知》%(version)s 的全部内容")
        self.ticks("checkbox", box.partition("%")[0])
        self.presses("button", "同意并继续")

    def gives_number(self) -> None:
        self.types("手机号", self.number.removeprefix("+86"))
        self._read = len(self.portal.sms(self.number))
        self.presses("button", "发送验证码")

    def gives_code(self, code: str | None = None) -> None:
        self.types("短信验证码", code or self.reads_code())
        self.presses("button", "继续")

    def reads_code(self) -> str:
        return self.reads_sms("\n@").rsplit("#", 1)[1]

    def verifies(self) -> None:
        """Come to the conditions, or to the choice of a side."""
        self.begins()
        self.agrees()
        self.gives_number()
        self.gives_code()

    def chooses(self, identity: str) -> None:
        self.ticks("radio", identity)
        self.presses("button", "继续")

    def confirms_conditions(self) -> None:
        for box in self.page.get_by_role("checkbox").all():
            box.check()
        self.presses("button", "确认并继续")

    def accepts_consequences(self) -> None:
        self.presses("button", "我已了解，继续")

    def confirms(self) -> None:
        self.ticks("checkbox", "我确认注销")
        self.presses("button", "提交注销申请")

    def comes_to_confirm(self) -> None:
        self.verifies()
        self.confirms_conditions()
        self.accepts_consequences()

    def submits(self) -> None:
        """The whole journey."""
        self.comes_to_confirm()
        self.confirms()

    def tracks(self) -> None:
        self.comes_to("/track")
        self.gives_number()
        self.gives_code()

    def waits_for(self, heading: str) -> None:
        """Look again until the page is about this."""
        until(lambda: self.page.reload() and self.heading == self.says(heading))
        self.looks_again()
