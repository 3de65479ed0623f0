"""What goes to standard error while a block runs: the portal's lines, and Flask's if there were."""

import io
import json
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stderr
from typing import Any

from portal import logs


class Lines:
    """``text`` is everything that was written, ``read`` what was written since the last time."""

    def __init__(self, stream: io.StringIO) -> None:
        self._stream = stream
        self._read = 0

    @property
    def text(self) -> str:
        return self._stream.getvalue()

    def read(self) -> list[dict[str, Any]]:
        """The new lines, each of which has to be JSON."""
        new = self.text[self._read :]
        self._read = len(self.text)
        return [json.loads(line) for line in new.splitlines()]


@contextmanager
def logged() -> Iterator[Lines]:
    with redirect_stderr(io.StringIO()) as stream:
        logs.configure()
        yield Lines(stream)
