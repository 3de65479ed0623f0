"""What a page showed, carried sealed in its form: showing stores nothing, sending it back does."""

from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from portal.services import Services
from portal.store.vault import SealBrokenError


def seal(services: Services, place: str, value: Any) -> str:
    """``place`` names the page and whose it is; the value opens nowhere else."""
    return urlsafe_b64encode(services.vault.close_json(f"seen:{place}", value)).decode()


def opened(services: Services, place: str, text: str | None) -> Any | None:
    """The value; None for one that was altered, is foreign, or is missing."""
    try:
        return services.vault.open_json(f"seen:{place}", urlsafe_b64decode(text or ""))
    except (SealBrokenError, Error, ValueError):
        return None
