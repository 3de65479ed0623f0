"""How a file is written down as bytes: E01 to E03."""

import codecs
import re
from collections.abc import Iterator

from portal.notice.checking.draft import Draft
from portal.notice.checking.problems import Problem


def check(draft: Draft) -> Iterator[Problem]:
    match draft.encoding:
        case "UTF-8":
            yield from _byte_order_mark(draft)
        case "":
            yield _unknown(draft)
        case encoding:
            what = f"文件的编码是 {encoding}，不是 UTF-8"
            yield draft.problem("E01", _first_beyond_ascii(draft.source.text), what, _mend(draft))
    yield from _line_ends(draft)


def _byte_order_mark(draft: Draft) -> Iterator[Problem]:
    if draft.raw.startswith(codecs.BOM_UTF8):
        how = "在编辑器中另存为“UTF-8”（不是“带有 BOM 的 UTF-8”）"
        yield draft.problem("E02", 0, "文件开头有 BOM", how)


def _unknown(draft: Draft) -> Problem:
    first = draft.source.text.index("\N{REPLACEMENT CHARACTER}")
    how = "用写它的编辑器重新打开，另存为“UTF-8”（不带 BOM），再核对全文"
    return draft.problem("E01", first, "从这里起不是 UTF-8 编码的文字，也认不出是哪种编码", how)


def _first_beyond_ascii(text: str) -> int:
    return next((place for place, char in enumerate(text) if not char.isascii()), 0)


def _mend(draft: Draft) -> str:
    encoding = draft.encoding
    return (
        f"在编辑器中按 {encoding} 打开，再另存为“UTF-8”（不带 BOM）；或者运行"
        f" iconv -f {encoding} -t UTF-8 {draft.file} > utf8.md，再用 utf8.md 替换原文件"
    )


def _line_ends(draft: Draft) -> Iterator[Problem]:
    ends = re.findall(r"\r\n?", draft.written)
    if ends:
        name = "CRLF" if "\r\n" in ends else "CR"
        what = f"有 {len(ends)} 行的行尾是 {name}，不是 LF"
        how = "在编辑器中把行尾改为 LF 再保存（VS Code：点窗口右下角的“CRLF”，选“LF”）"
        yield draft.problem("E03", draft.written.index("\r"), what, how)
