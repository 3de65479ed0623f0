"""What a way to send SMS must be able to do; one adapter a file under ``gateways``."""

from typing import Protocol


class GatewayError(Exception):
    """The gateway did not take the message.

    ``code`` is the provider's own word for it, never the number or the text. ``permanent`` says
    that trying again can't help.
    """

    def __init__(self, code: str, *, permanent: bool) -> None:
        super().__init__(code)
        self.code = code
        self.permanent = permanent


class GatewayAnswerUnknownError(Exception):
    """The message was handed over and no answer came: it may have been sent."""


class SmsGateway(Protocol):
    """Hands messages to a provider."""

    def send(self, phone: str, text: str, key: str) -> None:
        """Send one SMS to an E.164 number; returning means that the provider took it.

        ``key`` is the message's own: the same for every try. Must answer well within a task's
        lease (60 s). Raises GatewayError, GatewayAnswerUnknownError.
        """
