"""A browser without a screen: fetches pages as a person would, and checks every one of them."""

import re
from html.parser import HTMLParser
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from portal.web.headers import CONTENT_SECURITY_POLICY

CHINESE = re.compile(r"[\u3001-\u303f\u4e00-\u9fff\uff01-\uffef]")
_SHOWN = ("aria-label", "title", "value", "content", "data-label")
"""Attributes whose text is seen or heard."""
NAMES = {"zh-Hans": "智联账号注销", "en": "Zhaopin account closure"}


class Page(HTMLParser):
    """What a page is made of, as far as the checks and tests need it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.title = ""
        self.ids: list[str] = []
        self.headings: list[str] = []
        self.forms: list[dict[str, str | None]] = []
        self.fields: dict[str, str] = {}
        self.inline: list[str] = []
        self.links: list[str] = []
        self.led: list[str] = []
        """Where the links lead that stay in the page's language."""
        self.parts: list[str] = []
        self.controls: list[str] = []
        """The ids of what can be filled in or chosen."""
        self.labels: dict[str, str] = {}
        """What stands beside a control, by its id."""
        self.choices: dict[str, dict[str, str]] = {}
        """Of every select by its name: the text of each value."""
        self.chinese: list[str] = []
        """Chinese texts in elements that do not say their own language."""
        self._inside: list[str] = []
        self._marked: list[bool] = []
        """Whether each of ``_inside`` says its own language."""
        self.feed(html)

    @property
    def text(self) -> str:
        return re.sub(r"\s+", " ", "".join(self.parts))

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        if tag not in ("input", "meta", "link", "br", "img", "hr", "path"):
            self._inside.append(tag)
            self._marked.append("lang" in attributes and tag != "html")
        if "id" in attributes:
            self.ids.append(attributes["id"] or "")
        if tag == "h1":
            self.headings.append("")
        if tag == "form":
            self.forms.append(attributes)
        if tag == "a" and attributes.get("href"):
            self.links.append(attributes["href"] or "")
            self.led += [] if "hreflang" in attributes else self.links[-1:]
        if tag == "input" and attributes.get("type") == "hidden":
            self.fields[attributes["name"] or ""] = attributes.get("value") or ""
        self._look_at_attributes(attributes)
        self._look_at_control(tag, attributes)
        self.inline += [name for name in attributes if name == "style" or name.startswith("on")]
        if tag == "style" or (tag == "script" and "src" not in attributes):
            self.inline.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self._inside:
            while self._inside.pop() != tag:
                self._marked.pop()
            self._marked.pop()

    def handle_data(self, data: str) -> None:
        if "title" in self._inside:
            self.title += data
        if "h1" in self._inside:
            self.headings[-1] += data
        if "label" in self._inside:
            self.labels[self._label] += data
        if "option" in self._inside:
            self._options[self._value] += data
        self._look_for_chinese(data)
        self.parts.append(data)

    def _look_at_attributes(self, attributes: dict[str, str | None]) -> None:
        if "lang" not in attributes and attributes.get("type") != "hidden":
            self._look_for_chinese(*map(attributes.get, _SHOWN))

    def _look_at_control(self, tag: str, attributes: dict[str, str | None]) -> None:
        match tag:
            case "label":
                self._label = attributes["for"] or ""
                self.labels[self._label] = ""
            case "select":
                self._options = self.choices[attributes["name"] or ""] = {}
            case "option":
                self._value = attributes["value"] or ""
                self._options[self._value] = ""
        if tag in ("select", "textarea", "input") and attributes.get("type") != "hidden":
            self.controls.append(attributes["id"] or "")

    def _look_for_chinese(self, *texts: str | None) -> None:
        if not any(self._marked):
            self.chinese += [text.strip() for text in texts if text and CHINESE.search(text)]


class Browser:
    """Follows redirects by hand, sends forms with their hidden fields, keeps the last page."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client()
        self.response: TestResponse
        self.page: Page
        self.path = ""

    @property
    def text(self) -> str:
        return self.page.text

    @property
    def heading(self) -> str:
        return self.page.headings[0].strip()

    def open(self, path: str) -> Page:
        return self._follow(self.client.get(path))

    def send(self, path: str | None = None, /, **fields: Any) -> Page:
        """Post the form of the page at hand, with its hidden fields."""
        hidden = self.page.fields
        return self._follow(self.client.post(path or self.path, data={**hidden, **fields}))

    def _follow(self, response: TestResponse) -> Page:
        while response.status_code in (302, 303):
            response = self.client.get(response.location)
        self.response, self.path = response, response.request.path
        self.page = Page(response.get_data(as_text=True))
        check(response, self.page)
        return self.page


def check(response: TestResponse, page: Page) -> None:
    """What holds for every page (UX A2, SECURITY S8, S9; WCAG 2.4.2, 4.1.1)."""
    assert response.headers["Content-Security-Policy"] == CONTENT_SECURITY_POLICY
    assert response.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cache-Control" in response.headers
    language = "en" if f"{response.request.path}/".startswith("/en/") else "zh-Hans"
    assert page.title.strip().endswith(NAMES[language])
    assert len(page.headings) == 1, page.headings
    assert page.headings[0].strip()
    assert len(page.ids) == len(set(page.ids)), sorted(page.ids)
    assert page.inline == []
    assert all(form.get("action") for form in page.forms)
    assert [one for one in page.controls if not page.labels.get(one, "").strip()] == []
    assert all(text.strip() for options in page.choices.values() for text in options.values())
    assert all(page.choices.values())
    assert f'<html lang="{language}">' in response.get_data(as_text=True)
    if language == "en":
        check_english(page)


def check_english(page: Page) -> None:
    """Nothing Chinese but what says that it is (WCAG 3.1.2), no two texts run together, and every
    way on is English too."""
    assert page.chinese == []
    ways = [*page.led, *(form.get("action") or "" for form in page.forms)]
    assert [way for way in ways if way.startswith("/") and not f"{way}/".startswith("/en/")] == []
    assert re.findall(r"[a-z0-9][.,:?!)][A-Z(]|[a-z]\(", page.text) == []
