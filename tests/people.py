"""A person walks through the pages; one method for each thing they do."""

from portal.accounts.sample.cast import Person
from portal.services import Services
from tests.client import Browser
from tests.fakes import FakeGateway
from tests.work import work


class Walk:
    """One person, one browser. ``language`` is what the paths of their pages begin with."""

    def __init__(
        self,
        browser: Browser,
        services: Services,
        gateway: FakeGateway,
        person: Person,
        language: str = "",
    ) -> None:
        self.browser = browser
        self.services = services
        self.gateway = gateway
        self.person = person
        self.language = language

    def reads_and_agrees(self) -> None:
        self.browser.open(f"{self.language}/close/notice")
        self.browser.send(agree="y")

    def types_phone(self) -> None:
        self.browser.send(phone=self.person.phone)

    def types_code(self) -> None:
        work(self.services)
        self.browser.send(code=self.gateway.last_code(self.person.phone))

    def verifies(self) -> None:
        self.reads_and_agrees()
        self.types_phone()
        self.types_code()

    def chooses(self, identity_id: str) -> None:
        self.browser.send(side=identity_id)

    def confirms_conditions(self) -> None:
        self.browser.send(owner="y", assets="y")

    def accepts_consequences(self) -> None:
        self.browser.send()

    def comes_to_confirm(self, side: str | None = None) -> None:
        self.verifies()
        if side:
            self.chooses(side)
        self.confirms_conditions()
        self.accepts_consequences()

    def submits(self, side: str | None = None) -> str:
        """The whole journey; answers the reference."""
        self.comes_to_confirm(side)
        self.browser.send(agree="y")
        return self.browser.path.rsplit("/", 1)[1]

    def tracks(self) -> None:
        self.browser.open(f"{self.language}/track")
        self.types_phone()
        self.types_code()

    def follows_link(self) -> None:
        """Open the newest private link from the SMS."""
        work(self.services)
        self.browser.open(self.gateway.last_link(self.person.phone))
