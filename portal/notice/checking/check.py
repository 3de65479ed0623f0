"""All problems of a notice at once."""

from collections.abc import Iterator

from portal.notice.checking import (
    appearance,
    bold,
    characters,
    encoding,
    header,
    links,
    names,
    numbers,
    registered,
    values,
)
from portal.notice.checking.context import Context
from portal.notice.checking.draft import Draft
from portal.notice.checking.problems import Problem, Severity
from portal.notice.clauses import outline


def check(file: str, source: bytes, context: Context) -> tuple[Problem, ...]:
    """Every problem, in the order of the text. Never raises, whatever the bytes are.

    `file` is the name that the problems show. What a published notice calls hotline and companies
    is only a warning: the settings moved on, and the notice can't.
    """
    draft = Draft.of(file, source)
    found = [*encoding.check(draft), *registered.check(draft, context)]
    if draft.encoding:
        found += _text(draft, context)
    return tuple(sorted(found, key=lambda problem: (problem.line, problem.column, problem.code)))


def _text(draft: Draft, context: Context) -> Iterator[Problem]:
    yield from characters.check(draft)
    yield from header.check(draft)
    yield from values.check(draft, context)
    yield from bold.check(draft)
    yield from numbers.check(draft, outline(header.body(draft)))
    yield from links.check(draft, context)
    yield from appearance.check(draft)
    for problem in names.check(draft, context):
        published = draft.path.stem in context.register
        yield problem._replace(severity=Severity.WARNING) if published else problem
