"""Reading a notice against bare markdown-it-py; comparing two; starting with many versions.

Processor time, the least of several rounds taken in turns: what else the machine does at the
moment is no property of the code.
"""

import hashlib
import tempfile
import time
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import Path

from markdown_it import MarkdownIt

from portal.notice.comparing.comparison import compare
from portal.notice.comparing.page import render_changes
from portal.notice.reading import read
from portal.notice.register import Register
from portal.notice.rendering import render
from tests.notice.notices import DIRECTORY

ROUNDS = 30
FEW, MANY = 20, 200
OLD, NEW = (DIRECTORY / f"{version}.md" for version in ("2025V1", "2026V1"))


def measure() -> list[str]:
    return [*_pages(OLD.read_bytes(), NEW.read_bytes()), *_start()]


def _pages(old: bytes, new: bytes) -> list[str]:
    markdown = MarkdownIt("commonmark")
    bare, page, changes = _least(
        lambda: markdown.render(old.decode()),
        lambda: render(read(old)),
        lambda: render_changes(compare(read(old), read(new))),
    )
    return [
        f"notice: read and rendered in {page / bare:.1f} x bare markdown-it-py ({_ms(page, bare)})",
        f"two notices: compared and rendered in {changes / bare:.1f} x ({_ms(changes, bare)})",
    ]


def _start() -> list[str]:
    with tempfile.TemporaryDirectory() as few, tempfile.TemporaryDirectory() as many:
        _publish(Path(few), FEW)
        _publish(Path(many), MANY)
        short, long = _least(
            lambda: Register.load(Path(few)), lambda: Register.load(Path(many)), rounds=3
        )
    ratio = f"{long / short:.1f} x that with {FEW} ({MANY / FEW:.0f} x the versions)"
    return [f"start-up: with {MANY} versions {ratio} ({_ms(long, short)})"]


def _publish(directory: Path, versions: int) -> None:
    """Versions of the size of 2025V1, a month apart."""
    table = ""
    for number in range(1, versions + 1):
        version, effective = f"2026V{number}", date(2026, 1, 1) + timedelta(days=30 * number)
        text = OLD.read_text("utf-8").replace("版本：2025V1", f"版本：{version}")
        source = text.replace("生效日期：20251229", f"生效日期：{effective:%Y%m%d}").encode()
        (directory / f"{version}.md").write_bytes(source)
        digest = hashlib.sha256(source).hexdigest()
        table += f'["{version}"]\nsha256 = "{digest}"\npublished = 2025-12-22T00:00:00+08:00\n'
    (directory / "published.toml").write_text(table)


def _least(*calls: Callable[[], object], rounds: int = ROUNDS) -> list[float]:
    """The least seconds that each takes."""
    taken = [[_taken(call) for call in calls] for _ in range(rounds)]
    return [min(times) for times in zip(*taken, strict=True)]


def _taken(call: Callable[[], object]) -> float:
    begun = time.process_time()
    call()
    return time.process_time() - begun


def _ms(ours: float, baseline: float) -> str:
    return f"{ours * 1000:.1f} against {baseline * 1000:.1f} ms"
