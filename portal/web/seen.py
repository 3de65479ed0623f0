"""What a page showed, carried sealed in its form: showing stores nothing, sending it back does."""

import json
import zlib
from base64 import urlsafe_b64decode, urlsafe_b64encode
from binascii import Error
from typing import Any

from portal.services import Services
from portal.store.vault import SealBrokenError


def seal(services: Services, place: str, value: Any) -> str:
    """``place`` names the page and whose it is; the value opens nowhere else.

    Packed, because a recruiter may have thousands of jobs and a form has a largest size.
    """
    packed = zlib.compress(json.dumps(value, ensure_ascii=False).encode())
    return urlsafe_b64encode(services.vault.close(f"seen:{place}", packed)).decode()


def opened(services: Services, place: str, text: str | None) -> Any | None:
    """The value; None for one that was altered, is foreign, or is missing."""
    try:
        packed = services.vault.open(f"seen:{place}", urlsafe_b64decode(text or ""))
        return json.loads(zlib.decompress(packed))
    except (SealBrokenError, Error, ValueError):
        return None
