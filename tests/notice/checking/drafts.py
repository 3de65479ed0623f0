"""A sound notice to be spoilt, and what it is held against."""

from datetime import date
from pathlib import Path

from portal.notice.checking.check import check
from portal.notice.checking.context import Context

CORPUS = Path(__file__).parents[1] / "corpus"
"""Awkward files, each with one fault, named after its code; each is 2026V1 otherwise."""

CONTEXT = Context(
    today=date(2026, 5, 20),
    links={"隐私政策": "https://example.com/privacy"},
    hotline="400-885-9898",
    companies=("北京网聘信息技术有限公司", "北京智联三珂人才服务有限公司"),
)
HEADER = "智联账号注销须知\n\n更新日期：20260520\n\n生效日期：20260601\n\n版本：2026V1\n\n"


def found(source, context=CONTEXT):
    return check("2026V1.md", source, context)


def codes(body, context=CONTEXT):
    """The codes of all problems of a notice with this body, in order."""
    return [problem.code for problem in found((HEADER + body).encode(), context)]


def places(body):
    """Line and column of each problem; the body begins in line 9."""
    problems = found((HEADER + body).encode())
    return [(problem.code, problem.line, problem.column) for problem in problems]
