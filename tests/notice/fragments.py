"""A fragment as a browser takes it: its lines of text, tags, ids and link targets."""

from html.parser import HTMLParser

_INLINE = {"strong", "em", "code", "a"}
_VOID = {"br"}


class Parsed(HTMLParser):
    """Fails where tags are not closed in the order in which they were opened."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[tuple[str, str]] = []
        self._open: list[str] = []
        self._text = ""
        self.feed(html)
        self.close()
        assert self._open == []

    @property
    def lines(self) -> list[str]:
        return [line for line in self._text.split("\n") if line]

    @property
    def ids(self) -> list[str]:
        return self.values("id")

    def values(self, name: str) -> list[str]:
        return [value for key, value in self.attributes if key == name]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        self.attributes += [(name, value or "") for name, value in attrs]
        if tag not in _VOID:
            self._open.append(tag)
        self._break_line(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        self._break_line(tag)

    def handle_data(self, data: str) -> None:
        self._text += data

    def _break_line(self, tag: str) -> None:
        if tag not in _INLINE:
            self._text += "\n"
