"""Everything that can be set, read once from the environment.

One frozen dataclass; each field carries its help line, which the operating manual repeats. A
value that can't be used stops the start with one line that says why.
"""

import base64
import binascii
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import timedelta
from pathlib import Path
from typing import Any, Self

ROOT = Path(__file__).resolve().parent.parent
PREFIX = "PORTAL_"
_AT_LEAST_ONE = ("brake", "bite")
NOTICE_PROMISE = timedelta(days=5)
"""The five natural days of the notice (三.4; Civil Code 201: the first day is not counted)."""


class SettingsError(ValueError):
    """A setting is missing or can't be used. The text names it and never repeats a secret."""


def _setting(default: Any, text: str) -> Any:
    return field(default_factory=lambda: default, metadata={"help": text, "like": default})


@dataclass(frozen=True)
class Settings:
    """How this portal runs. Durations are set in seconds, folders and files as paths."""

    production: bool = _setting(False, "1 in production: refuses development keys and gateways.")
    secret_key: str = _setting("development only", "Signs cookies and forms; 32+ characters.")
    master_key: bytes = _setting(bytes(32), "Base64 of 32 random bytes: wraps all other keys.")
    host: str = _setting("localhost", "Host name people see; ends every SMS with a code.")
    base_url: str = _setting("http://localhost:8000", "Address of the portal, for links in SMS.")
    proxies: int = _setting(0, "How many reverse proxies set X-Forwarded-For.")
    database_url: str = _setting("sqlite:///var/portal.db", "The portal's own database.")
    accounts_url: str = _setting("sqlite:///var/accounts.db", "Database of the account system.")
    accounts_files: Path = _setting(Path("var/files"), "Where avatars and attachments lie.")
    redis_url: str = _setting("redis://localhost:6379/0", "Redis or Valkey: rings the workers.")
    notices: Path = _setting(ROOT / "notices", "Folder of the notices and their register.")
    notice_links: Mapping[str, str] = _setting(
        {}, 'JSON: where the "#" links of a notice lead, by link text.'
    )
    hotline: str = _setting("400-885-9898", "The hotline, as notice, pages and SMS print it.")
    companies: str = _setting(
        "北京网聘信息技术有限公司、北京智联三珂人才服务有限公司",
        "The companies that a notice may name, with 、 between them.",
    )
    sms_outbox: Path = _setting(Path("var/sms-outbox.jsonl"), "Development: where SMS are put.")
    quiet_from: int = _setting(
        22, "From this hour in Shanghai no SMS is sent that can wait; the same hour twice: never."
    )
    quiet_until: int = _setting(8, "Until this hour in Shanghai no SMS is sent that can wait.")
    promise: timedelta = _setting(
        NOTICE_PROMISE, "Closed this long after submission at the latest."
    )
    erase_after: timedelta = _setting(
        timedelta(hours=108), "Erasing begins at the earliest this long after submission."
    )
    resume_grace: timedelta = _setting(
        timedelta(hours=24), "Restoring stays possible at least this long after a hold ends."
    )
    review_every: timedelta = _setting(timedelta(hours=24), "How often facts are read again.")
    lease: timedelta = _setting(timedelta(seconds=60), "How long a worker owns a task unheard of.")
    tick: timedelta = _setting(timedelta(seconds=5), "How often the dispatcher looks for due work.")
    tries: int = _setting(8, "After this many failures in a row a task needs an operator.")
    brake: int = _setting(
        1000, "When more erasures than this begin in an hour, all stop and wait for an operator."
    )
    bite: int = _setting(5000, "How many rows one transaction of an erasure touches at most.")
    witness: Path = _setting(
        Path("var/witness"), "Outside both databases and their backups: signed heads, erased ids."
    )
    anchor_every: timedelta = _setting(
        timedelta(hours=1), "How often a head of the ledger is signed."
    )
    evidence_term: timedelta = _setting(
        timedelta(days=1096), "How long who agreed and was verified can be read; legal owns it."
    )
    backups_kept: timedelta = _setting(
        timedelta(days=35), "Age of the oldest backup that could be restored."
    )
    help_kept: timedelta = _setting(
        timedelta(days=180), "How long a help case is kept after its end; legal owns it."
    )
    metrics_token: str = _setting("", "Bearer token for /metrics; without one there is no page.")
    jobs_go_offline: str = _setting(
        "unshared", "Which jobs go offline (二.3.2): unshared, or all of the recruiter's."
    )

    def __post_init__(self) -> None:
        if not timedelta(0) < self.erase_after <= self.promise:
            raise SettingsError("PORTAL_ERASE_AFTER must be above 0 and at most PORTAL_PROMISE")
        self._refuse_numbers_out_of_range()
        if self.jobs_go_offline not in {"unshared", "all"}:
            raise SettingsError("PORTAL_JOBS_GO_OFFLINE must be unshared or all")
        if len(self.master_key) != 32:
            raise SettingsError("PORTAL_MASTER_KEY must be base64 of exactly 32 bytes")
        if self.production:
            self._refuse_what_only_development_may_do()

    def _refuse_numbers_out_of_range(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            above = isinstance(value, timedelta) or each.name in _AT_LEAST_ONE
            if above and value <= type(value)(0):
                raise SettingsError(f"{PREFIX}{each.name.upper()} must be above 0")
            if type(value) is int and value < 0:
                raise SettingsError(f"{PREFIX}{each.name.upper()} must not be negative")
        if max(self.quiet_from, self.quiet_until) > 23:
            raise SettingsError("PORTAL_QUIET_FROM and PORTAL_QUIET_UNTIL are hours from 0 to 23")

    def _refuse_what_only_development_may_do(self) -> None:
        refused = {
            "PORTAL_METRICS_TOKEN needs 32 characters": 0 < len(self.metrics_token) < 32,
            "PORTAL_PROMISE must be the notice's 5 days": self.promise != NOTICE_PROMISE,
            "PORTAL_ERASE_AFTER must leave at least 4 days to restore": (
                self.erase_after < timedelta(days=4)
            ),
            "PORTAL_SECRET_KEY needs 32 characters of its own": len(self.secret_key) < 32,
            "PORTAL_MASTER_KEY needs a key of its own": self.master_key == bytes(32),
            "PORTAL_BASE_URL must begin with https://": not self.base_url.startswith("https://"),
        }
        for text, wrong in refused.items():
            if wrong:
                raise SettingsError(f"in production {text}")

    @property
    def shared_jobs_too(self) -> bool:
        """Whether also jobs go offline that other accounts share (二.3.2)."""
        return self.jobs_go_offline == "all"

    @classmethod
    def from_env(cls, environ: Mapping[str, str]) -> Self:
        """Read ``PORTAL_<FIELD>`` of every field, and ``PORTAL_<FIELD>_FILE`` for secrets in files.

        Raises SettingsError for an unknown ``PORTAL_`` name or a value of the wrong form.
        """
        values: dict[str, Any] = {}
        known = {f.name: f.metadata["like"] for f in fields(cls)}
        for name, text in environ.items():
            if not name.startswith(PREFIX):
                continue
            key, value = name.removeprefix(PREFIX).lower(), text
            if key not in known and key.removesuffix("_file") in known:
                key, value = key.removesuffix("_file"), _content(name, text)
            if key not in known:
                raise SettingsError(f"{name} is not a setting")
            values[key] = _parse(name, value, known[key])
        return cls(**values)


def _content(name: str, path: str) -> str:
    try:
        return Path(path).read_text("utf-8").strip()
    except (OSError, ValueError):
        raise SettingsError(f"{name} names a file that can't be read") from None


def _parse(name: str, text: str, like: object) -> Any:
    """The value of ``text`` in the type that the field's default has."""
    try:
        match like:
            case bool():
                return {"1": True, "0": False}[text]
            case int():
                return int(text)
            case timedelta():
                return timedelta(seconds=float(text))
            case Path():
                return Path(text)
            case bytes():
                return base64.b64decode(text, validate=True)
            case dict():
                return {str(k): str(v) for k, v in json.loads(text).items()}
            case _:
                return text
    except (ValueError, KeyError, AttributeError, OverflowError, binascii.Error):
        # The text may be a secret: it is not repeated.
        raise SettingsError(f"{name} has a value of the wrong form") from None
