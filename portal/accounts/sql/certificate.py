"""What an erasure did, by category of the data map; nothing personal."""

from datetime import date, datetime, timedelta

from sqlalchemy import Connection, func, select

from portal.accounts.sql import bookkeeping as book
from portal.accounts.sql.datamap import DataMap
from portal.accounts.system import Certificate, NotPlannedError, Treated, Words
from portal.clock import SHANGHAI

_STORAGE = {
    "sqlite": Words(
        "已删除的内容在数据库文件中已被覆盖，记录改动的日志也已清空：从这个数据库里再也读不出来。",
        "What was deleted has been overwritten in the database's file and the log of changes has"
        " been emptied: it can no longer be read from this database.",
    ),
    "postgresql": Words(
        "已删除的内容再也查询不到。它的旧版本会留在数据库服务器的磁盘上，直到数据库自动清理（VACUUM）"
        "释放这些空间；改动日志（WAL）中的痕迹会留到日志文件被循环覆盖为止。两者都由数据库自动进行。",
        "What was deleted can't be found by any query. Old versions of it stay on the database"
        " server's disk until the database's automatic cleaning (VACUUM) releases their space, and"
        " traces in its log of changes (WAL) until the log's files are reused. Both happen by"
        " themselves.",
    ),
}


def certificate(connection: Connection, closure: str, datamap: DataMap) -> Certificate:
    """By kind of data, in the map's order. Raises NotPlannedError."""
    step = book.step.c
    # A file and the row that names it are one thing.
    counted = (
        select(step.category, func.sum(step.treated), func.max(step.ends_at))
        .join(book.erasure, book.erasure.c.closure == step.closure)
        .where(step.closure == closure, book.erasure.c.checked_at.is_not(None))
        .where(~step.name.endswith(".disk"))
        .group_by(step.category)
    )
    found = {row[0]: (row[1], row[2]) for row in connection.execute(counted)}
    if not found:
        raise NotPlannedError(closure)
    treated = tuple(
        Treated(
            kind.name,
            kind.label,
            kind.outcome,
            int(found[kind.name][0]),
            kind.basis,
            kind.until,
            _last_day(found[kind.name][1]),
        )
        for kind in datamap.kinds
        if kind.name in found
    )
    return Certificate(treated, _STORAGE[connection.dialect.name])


def _last_day(ends_at: datetime | None) -> date | None:
    return ends_at and (ends_at - timedelta(microseconds=1)).astimezone(SHANGHAI).date()
