"""Every text a person sees goes through translation, and can be found by it (Flask-Babel)."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_dir
from jinja2 import Environment, nodes

from portal.settings import ROOT

CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")
MARKS = {"gettext", "_", "lazy_gettext", "lazy_pgettext", "ngettext", "pgettext"}
TEMPLATES = sorted(path for path in (ROOT / "templates").rglob("*") if path.is_file())
THE_SAME = {"notice_guide.html": ["、"], "other_language.html": ["中文"]}
"""In whatever language the page is: how the notice numbers its sections, what Chinese is called."""
MODULES = sorted((ROOT / "portal" / "web").rglob("*.py"))


def name(path: Path) -> str:
    return str(path.relative_to(ROOT))


def untranslated(tree: nodes.Node, *, inside: bool = False) -> Iterator[str]:
    """Chinese texts of a template that stand outside ``_()`` and ``{% trans %}``."""
    called = isinstance(tree, nodes.Call) and getattr(tree.node, "name", "") in MARKS
    for node in tree.iter_child_nodes():
        if isinstance(node, nodes.TemplateData) and CHINESE.search(node.data):
            yield node.data
        elif isinstance(node, nodes.Const) and isinstance(node.value, str):
            if not (inside or called) and CHINESE.search(node.value):
                yield node.value
        else:
            yield from untranslated(node, inside=called)


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_a_template_has_no_text_of_its_own(path: Path) -> None:
    environment = Environment(extensions=["jinja2.ext.i18n"], autoescape=True)
    found = list(untranslated(environment.parse(path.read_text("utf-8"))))
    assert found == THE_SAME.get(path.name, [])


def strings(tree: ast.AST) -> Iterator[str]:
    """Chinese string literals that are neither docstrings nor marked for translation."""
    for node in ast.iter_child_nodes(tree):
        match node:
            case ast.Expr(value=ast.Constant()):
                continue
            case ast.Call(func=ast.Name(id=marked)) if marked in MARKS:
                for keyword in node.keywords:
                    yield from strings(keyword)
                continue
            case ast.Constant(value=str(text)) if CHINESE.search(text):
                yield text
        yield from strings(node)


@pytest.mark.parametrize("path", MODULES, ids=name)
def test_a_page_module_has_no_text_of_its_own(path: Path) -> None:
    assert list(strings(ast.parse(path.read_text("utf-8")))) == []


def test_every_text_can_be_extracted() -> None:
    methods = [("portal/**.py", "python"), ("templates/**", "jinja2.ext.babel_extract")]
    keywords = dict.fromkeys(MARKS)
    found = {
        message
        for _, _, message, _, _ in extract_from_dir(ROOT, methods, keywords=keywords)
        if isinstance(message, str)
    }
    assert {"提交注销申请", "验证码为 6 位数字", "暂时无法检查"} <= found
    assert len(found) > 200
