"""Links and pictures: L01 to L04, T02."""

import re
from collections.abc import Iterator

from markdown_it.tree import SyntaxTreeNode

from portal.notice.checking.context import Context
from portal.notice.checking.draft import Draft, quoted
from portal.notice.checking.passages import Passage
from portal.notice.checking.problems import Problem
from portal.notice.markdown import text_of
from portal.notice.rendering import SAFE_TARGET, SETTING

_LEFT_OVER = re.compile(r"!?\[[^\[\]]*\](?:\s*[（(]\s*(?:https?:|/|#|www\.)|\[)")
"""[隐私政策]（https://…）, [隐私政策] (https://…), [隐私政策][1]: no link comes of these."""

_SAFE = "地址写成 https:// 开头的网址，或 / 开头的本站路径"


def check(draft: Draft, context: Context) -> Iterator[Problem]:
    for passage in draft.passages.values():
        for node in passage.node.walk():
            if node.type == "link":
                yield from _link(draft, context, passage, node)
        for found in _LEFT_OVER.finditer(passage.text):
            how = "写成 [文字](https://…)：括号用半角，中间和地址里没有空格；不是链接就不用方括号"
            what = f"“{quoted(found[0])}”没有成为链接"
            yield draft.problem("L04", passage.offsets[found.start()], what, how)


def _link(
    draft: Draft, context: Context, passage: Passage, link: SyntaxTreeNode
) -> Iterator[Problem]:
    text, target = text_of(link), str(link.attrs["href"])
    start = passage.at(link) - (link.info != "auto")
    shown = f"链接“{quoted(text)}”"
    if draft.source.text[max(0, start - 1) : start] == "!":
        how = "删去图片，把其中的内容写成文字"
        yield draft.problem("T02", start - 1, f"图片“{quoted(text)}”不会显示", how)
    elif not text.strip():
        how = "在 [ ] 中写上文字，或删去链接"
        yield draft.problem("L02", start, f"到“{quoted(target)}”的链接没有文字", how)
    elif target == SETTING:
        if text not in context.links:
            how = f"请开发者在设置 PORTAL_NOTICE_LINKS 中给出“{quoted(text)}”的地址"
            yield draft.problem("L01", start, f"{shown}没有去处，页面上是普通文字", how)
    elif target.lower().startswith("http://"):
        how = "改为 https://，并打开一次确认能访问"
        yield draft.problem("L03", start, f"{shown}用了不加密的 http://", how)
    elif not SAFE_TARGET.fullmatch(target):
        what = f"{shown}的地址“{quoted(target)}”去不了，页面上是普通文字"
        yield draft.problem("L02", start, what, _SAFE)
