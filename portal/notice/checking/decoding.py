"""Bytes to text, whatever an editor made of them."""

import codecs
from contextlib import suppress

_WORDS = ("日期", "版本", "注销", "账号")
"""Bytes that are no UTF-8 often make sense as GB18030 too; a notice in it has one of these."""


def decode(source: bytes) -> tuple[str, str]:
    """The text without BOM and the name of its encoding: UTF-8, UTF-16, GB18030, or "" for one
    that can not be told, where the text is what UTF-8 leaves of it."""
    with suppress(UnicodeDecodeError):
        return source.decode("utf-8-sig"), "UTF-8"
    if source.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return source.decode("utf-16", "replace"), "UTF-16"
    with suppress(UnicodeDecodeError):
        text = source.decode("gb18030")
        if any(word in text for word in _WORDS):
            return text, "GB18030"
    return source.decode("utf-8-sig", "replace"), ""
