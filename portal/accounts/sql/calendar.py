"""Years and terms by the calendar of Shanghai, reckoned by the database for many rows at once."""

from typing import Any

from sqlalchemy import ColumnElement, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from portal.store.base import Instant

_SHANGHAI = 8 * 3600
"""Seconds ahead of UTC, since 1991 the whole year: SQLite knows no time zones."""


class _Reckoned(FunctionElement[Any]):
    type = Instant()
    inherit_cache = True


class _StartOfYear(_Reckoned):
    inherit_cache = True


class _EndOfTerm(_Reckoned):
    inherit_cache = True


def start_of_year(at: ColumnElement[Any]) -> ColumnElement[Any]:
    """The first instant of its year."""
    return _StartOfYear(at)


def end_of_term(since: ColumnElement[Any], months: int) -> ColumnElement[Any]:
    """The first instant at which the term is over.

    It ends with the day of the same number, or the month's last day where there is none (Civil
    Code 201, 202), and that day is still part of it.
    """
    return _EndOfTerm(since, literal_column(str(months)))


def _clauses(element: _Reckoned, compiler: SQLCompiler, how: Any) -> list[str]:
    return [compiler.process(clause, **how) for clause in element.clauses]


@compiles(_StartOfYear, "sqlite")
def _year_sqlite(element: _StartOfYear, compiler: SQLCompiler, **how: Any) -> str:
    (at,) = _clauses(element, compiler, how)
    return _instant(f"{_day(at)}, 'start of year'")


@compiles(_EndOfTerm, "sqlite")
def _term_sqlite(element: _EndOfTerm, compiler: SQLCompiler, **how: Any) -> str:
    since, months = _clauses(element, compiler, how)
    month = f"{_day(since)}, 'start of month', '+{months} months'"
    same_day = f"date({month}, '+' || (strftime('%d', {_day(since)}) - 1) || ' days')"
    return _instant(f"min({same_day}, date({month}, '+1 month', '-1 day')), '+1 day'")


def _day(at: str) -> str:
    return f"{at} / 1000000 + {_SHANGHAI}, 'unixepoch'"


def _instant(day: str) -> str:
    return f"((strftime('%s', {day}, 'start of day') - {_SHANGHAI}) * 1000000)"


@compiles(_StartOfYear, "postgresql")
def _year_postgresql(element: _StartOfYear, compiler: SQLCompiler, **how: Any) -> str:
    (at,) = _clauses(element, compiler, how)
    return _microseconds(f"date_trunc('year', {_local(at)})")


@compiles(_EndOfTerm, "postgresql")
def _term_postgresql(element: _EndOfTerm, compiler: SQLCompiler, **how: Any) -> str:
    since, months = _clauses(element, compiler, how)
    day = f"date_trunc('day', {_local(since)})"
    return _microseconds(f"({day} + interval '{months} months' + interval '1 day')")


def _local(at: str) -> str:
    return f"(to_timestamp({at} / 1000000) AT TIME ZONE 'Asia/Shanghai')"


def _microseconds(local: str) -> str:
    return f"(extract(epoch FROM {local} AT TIME ZONE 'Asia/Shanghai')::bigint * 1000000)"
