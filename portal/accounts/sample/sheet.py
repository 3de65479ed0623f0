"""Rows of many tables, written together."""

from collections import defaultdict
from datetime import datetime
from hashlib import blake2s
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, Table, insert

from portal.accounts.sample.schema import metadata
from portal.accounts.sample.schema.account import stored_file


class Sheet:
    """Collects rows and files; ``write`` puts them where they belong, one INSERT a table."""

    def __init__(self) -> None:
        self._rows: dict[str, list[dict[str, Any]]] = defaultdict(list)
        self._files: dict[str, bytes] = {}

    def add(self, table: Table, **values: Any) -> None:
        self._rows[table.name].append(values)

    def add_file(
        self, kind: str, suffix: str, content: bytes, uploaded_at: datetime, **owner: str
    ) -> None:
        """``owner`` is account_id or identity_id."""
        path = f"{kind}/{opaque(kind, *owner.values())}{suffix}"
        self._files[path] = content
        self.add(
            stored_file, kind=kind, path=path, size=len(content), uploaded_at=uploaded_at, **owner
        )

    def write(self, connection: Connection, files: Path) -> None:
        for table in metadata.sorted_tables:
            if rows := self._rows[table.name]:
                columns = {c.name for c in table.c} if "id" in rows[0] else _all_but_id(table)
                connection.execute(
                    insert(table), [{name: row.get(name) for name in columns} for row in rows]
                )
        for path, content in self._files.items():
            (files / path).parent.mkdir(parents=True, exist_ok=True)
            (files / path).write_bytes(content)


def _all_but_id(table: Table) -> set[str]:
    return {c.name for c in table.c if c.name != "id"}


def opaque(*of: Any) -> str:
    """An id that looks random and comes out the same each time."""
    return blake2s("/".join(map(str, of)).encode(), digest_size=12).hexdigest()
