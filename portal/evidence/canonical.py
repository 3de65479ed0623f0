"""One way to write a value down as bytes, so that its digest and signature can be found again."""

import json
from typing import Any

_DEEPEST = 32
_WRITER = json.JSONEncoder(
    sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False
)


def canonical(value: Any) -> bytes:
    """JSON with sorted keys and no spaces, in UTF-8. Raises ValueError or TypeError."""
    return _WRITER.encode(value).encode()


class UnclearJsonError(ValueError):
    """No JSON that every reader reads alike."""


def strict(data: bytes) -> Any:
    """The value of JSON that somebody hands in, sure to have a canonical form.

    Raises UnclearJsonError for anything else: no UTF-8, a key twice, an infinite number, half a
    character, nesting without end. The caller bounds the length.
    """
    try:
        value = json.loads(data.decode("utf-8-sig"), object_pairs_hook=_without_doubles)
        _refuse_depth(value)
        canonical(value)
    except (ValueError, RecursionError):
        raise UnclearJsonError from None
    return value


def _without_doubles(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        raise UnclearJsonError
    return made


def _refuse_depth(value: Any) -> None:
    level = [value]
    for _ in range(_DEEPEST):
        level = [child for one in level for child in _children(one)]
        if not level:
            return
    raise UnclearJsonError


def _children(value: Any) -> list[Any]:
    match value:
        case dict():
            return list(value.values())
        case list():
            return value
        case _:
            return []
