"""The English catalogue has every text there is, and nothing else."""

import re
import tomllib
from collections.abc import Iterator

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.pofile import read_po

from portal.language import CATALOGUES, Language, translations
from portal.settings import ROOT

KEYWORDS = {**DEFAULT_KEYWORDS, "lazy_gettext": None, "lazy_pgettext": ((1, "c"), 2)}
SIGNATURE = "【智联】"
"""Registered with the carriers as it is."""
CHINESE = re.compile(r"[\u3000-\u303f\u4e00-\u9fff\uff00-\uffef]")


def catalogue() -> Catalog:
    path = CATALOGUES / Language.ENGLISH / "LC_MESSAGES" / "messages.po"
    with path.open("rb") as file:
        return read_po(file)


def messages() -> list[Message]:
    return [one for one in catalogue() if one.id]


def texts(one: str | tuple[str, ...]) -> tuple[str, ...]:
    return (one,) if isinstance(one, str) else tuple(one)


def extracted() -> Iterator[tuple[str, str | None]]:
    """Every text of code and templates with its context, as ``make translations`` finds them."""
    found = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["babel"]["mappings"]
    methods = [
        (pattern, mapping["method"]) for mapping in found for pattern in texts(mapping["pattern"])
    ]
    for *_, text, _, context in extract_from_dir(ROOT, methods, keywords=KEYWORDS):
        yield texts(text)[0], context


def test_it_has_every_text_and_no_other() -> None:
    ours = set(extracted())
    assert len(ours) > 300
    theirs = {(texts(one.id)[0], one.context) for one in messages()}
    # Bring it up to date with `make translations`, then translate what is new.
    assert (ours - theirs, theirs - ours) == (set(), set())


def is_translated(message: Message) -> bool:
    english = texts(message.string)
    complete = len(english) == len(texts(message.id)) and all(text.strip() for text in english)
    chinese = any(CHINESE.search(text.removeprefix(SIGNATURE)) for text in english)
    return complete and not chinese and not message.fuzzy


def test_every_text_is_translated() -> None:
    assert [one.id for one in messages() if not is_translated(one)] == []


def places(text: str) -> set[str]:
    """What is filled in; a stray per cent sign would break that, so it counts too."""
    return set(re.findall(r"%(?:\(\w+\)s)?", text))


def test_every_place_to_be_filled_in_is_kept() -> None:
    differing = [
        one.id
        for one in messages()
        for text in texts(one.string)
        if places(text) != places(texts(one.id)[0])
    ]
    assert differing == []


def test_english_tells_one_from_many() -> None:
    english = translations(Language.ENGLISH)
    said = [english.ngettext("%(num)s 条", "%(num)s 条", number) for number in (1, 0, 2)]
    assert said == ["%(num)s record", "%(num)s records", "%(num)s records"]


def test_chinese_is_what_is_written() -> None:
    assert translations(Language.CHINESE).gettext("账号") == "账号"
