"""What a notice is held against."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from portal.notice.register import Entry


@dataclass(frozen=True)
class Context:
    """`today` is the day in Shanghai. `links`, `hotline` and `companies` are the settings of
    these names; `register` gives the entry of each published version, `versions` the version
    that each file of the folder bears, by file name."""

    today: date
    links: Mapping[str, str]
    hotline: str
    companies: tuple[str, ...]
    register: Mapping[str, Entry] = field(default_factory=dict)
    versions: Mapping[str, str] = field(default_factory=dict)
