"""The public record for machines: one version as JSON, all of them as an Atom feed (RFC 4287)."""

import json
from typing import Any
from xml.etree import ElementTree as Xml

from portal.clock import SHANGHAI
from portal.notice.clauses import Clause
from portal.notice.register import Published, Register

_ATOM = "http://www.w3.org/2005/Atom"


def as_json(published: Published) -> bytes:
    """One version in structure, with its digests: what a consent to it refers to."""
    notice = published.notice
    record = {
        "version": published.version,
        "title": notice.title,
        "updated": notice.updated.isoformat(),
        "effective": notice.effective.isoformat(),
        "published": published.published_at.astimezone(SHANGHAI).isoformat(),
        "source_sha256": notice.source_sha256,
        "fragment_sha256": published.fragment.sha256,
        "sections": [section._asdict() for section in notice.sections],
        "clauses": [_clause(clause) for clause in notice.clauses],
        "bold_runs": [run._asdict() for run in notice.bold_runs],
        "links": [link._asdict() for link in notice.links],
    }
    return (json.dumps(record, ensure_ascii=False, indent=1) + "\n").encode()


def feed(register: Register, base_url: str) -> bytes:
    """Every published version, the newest first, for whoever wants to be told of a new one."""
    Xml.register_namespace("", _ATOM)
    newest_first = sorted(register.all, key=lambda one: one.published_at, reverse=True)
    root = Xml.Element(
        f"{{{_ATOM}}}feed", {"{http://www.w3.org/XML/1998/namespace}lang": "zh-Hans"}
    )
    _add(root, "title", "智联账号注销须知")
    _add(root, "id", f"{base_url}/notices")
    _add(root, "updated", newest_first[0].published_at.isoformat())
    _add(_add(root, "author"), "name", "智联")
    _add(root, "link", rel="self", href=f"{base_url}/notices/feed.atom")
    for published in newest_first:
        entry = _add(root, "entry")
        address = f"{base_url}/notices/{published.version}"
        _add(entry, "title", f"{published.notice.title} {published.version}")
        _add(entry, "id", address)
        _add(entry, "updated", published.published_at.isoformat())
        _add(entry, "link", href=address)
        _add(entry, "summary", f"{published.notice.effective.isoformat()} 起生效")
    body: bytes = Xml.tostring(root, "utf-8", xml_declaration=True)
    return body


def _clause(clause: Clause) -> dict[str, Any]:
    return {
        "id": clause.id,
        "number": clause.number,
        "path": list(clause.path),
        "text": clause.text,
    }


def _add(parent: Xml.Element, name: str, text: str | None = None, **attributes: str) -> Xml.Element:
    element = Xml.SubElement(parent, f"{{{_ATOM}}}{name}", attributes)
    element.text = text
    return element
