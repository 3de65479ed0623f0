"""What members of staff prove themselves by: a password, an authenticator, codes for when it is
lost (ASVS 6.2, 6.5; SP 800-63B 3.1)."""

import hmac
import secrets
from base64 import b32encode
from datetime import datetime
from functools import cache

import pyotp
from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from portal.identity.typed import tidy

ISSUER = "智联账号注销审核台"
SHORTEST_PASSWORD = 12
_RECOVERY_CODES = 10
_STEP_SECONDS = 30
_DRIFT = (0, -1, 1)
"""Steps that the clock of a phone may be off, to each side."""


def hash_password(password: str) -> str:
    return PasswordHasher().hash(password)


def password_matches(kept: str | None, password: str) -> bool:
    """None stands for somebody who does not exist: as much work, and never right."""
    nobody = _nobody()
    try:
        return PasswordHasher().verify(kept or nobody, password) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


@cache
def _nobody() -> str:
    return hash_password(secrets.token_hex())


def new_password() -> str:
    return secrets.token_urlsafe(15)


def new_secret() -> str:
    """For an authenticator: 160 bits, base32."""
    return pyotp.random_base32()


def enrolment_uri(name: str, secret: str) -> str:
    """What an authenticator reads, usually from a QR code."""
    return pyotp.TOTP(secret).provisioning_uri(name=name, issuer_name=ISSUER)


def code_at(secret: str, at: datetime) -> str:
    """What the authenticator shows at this instant."""
    return pyotp.TOTP(secret).generate_otp(_step(at))


def matching_step(secret: str, typed: str, now: datetime) -> int | None:
    """The step this code belongs to, one beside the present one at most; None for a wrong code."""
    steps = (_step(now) + off for off in _DRIFT)
    totp = pyotp.TOTP(secret)
    given = tidy(typed).encode()
    right = [one for one in steps if hmac.compare_digest(totp.generate_otp(one).encode(), given)]
    return right[0] if right else None


def new_recovery_codes() -> tuple[str, ...]:
    """80 bits each, in groups that can be read out."""
    drawn = (b32encode(secrets.token_bytes(10)).decode() for _ in range(_RECOVERY_CODES))
    return tuple("-".join(code[at : at + 4] for at in range(0, 16, 4)) for code in drawn)


def recovery_code(typed: str) -> str:
    """A recovery code freed of how it was written."""
    return tidy(typed).upper()


def _step(at: datetime) -> int:
    return int(at.timestamp()) // _STEP_SECONDS
