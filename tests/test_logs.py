"""Logs: one line of JSON an event, and nothing in it of what a person wrote."""

import json
import logging
from datetime import datetime
from typing import Any

import pytest
import structlog
from hypothesis import given
from hypothesis import strategies as st
from structlog.contextvars import bound_contextvars

from portal.logs import redact
from tests.logged import logged

log = structlog.get_logger()
around = st.text(st.characters(exclude_categories=["Nd", "Lu", "Ll", "Cs"]), max_size=5)
digits = st.text("0123456789", min_size=10, max_size=10)


def line(event: str, **more: Any) -> dict[str, Any]:
    """The one line that this event becomes."""
    with logged() as lines:
        log.warning(event, **more)
    (only,) = lines.read()
    return only


def redacted(text: str) -> str:
    return str(redact(None, "", {"event": text})["event"])


def test_an_event_is_one_line_with_its_level_and_its_instant() -> None:
    told = line("bell unheard", tasks=3)
    assert (told["event"], told["tasks"], told["level"]) == ("bell unheard", 3, "warning")
    instant = datetime.fromisoformat(told["timestamp"])
    assert instant.utcoffset() is not None


@pytest.mark.parametrize("forged", ["a\r\nb", "a\n{}", "a\x1b[2Jb", "a\u2028b", "a\0b"])
def test_a_text_never_becomes_a_second_line(forged: str) -> None:
    with logged() as lines:
        log.warning(forged)
    assert lines.text.count("\n") == 1
    assert json.loads(lines.text)["event"] == forged


@given(around, digits, st.sampled_from(["1", "+861", "861", "+86 1", "00861"]), around)
def test_no_phone_number_stays_whatever_stands_around_it(
    before: str, rest: str, start: str, after: str
) -> None:
    assert rest not in redacted(f"{before}{start}{rest}{after}")


@pytest.mark.parametrize(
    "written", ["199 0000 0001", "199-0000-0001", "+86-199-0000-0001", "(86)19900000001"]
)
def test_a_grouped_number_does_not_stay_either(written: str) -> None:
    assert "0000" not in redacted(f"phone {written}.")


@given(around, st.text("0123456789", min_size=6, max_size=6), around)
def test_no_code_stays(before: str, code: str, after: str) -> None:
    assert code not in redacted(f"{before}{code}{after}")


@pytest.mark.parametrize("token", ["AbCd-_efGHijKLmnopqrST", "x"])
def test_no_token_of_a_link_stays(token: str) -> None:
    assert redacted(f"GET /p/{token} 404") == "GET /p/[…] 404"


@pytest.mark.parametrize(
    "harmless", ["ZX-22222-33333", "a1234567", "12345", "1234567", "version 2025V1", "2026-11-22"]
)
def test_what_is_no_secret_stays(harmless: str) -> None:
    assert redacted(harmless) == harmless


def test_lists_and_tables_are_looked_through() -> None:
    told = line("x", numbers=["19900000001"], table={"deep": ("123456", 7, None)})
    assert told["numbers"] == ["[…]"]
    assert told["table"] == {"deep": ["[…]", 7, None]}


def fails(text: str) -> None:
    raise ValueError(text)


def test_an_error_is_told_by_its_places_without_its_text() -> None:
    with pytest.raises(ValueError, match="name") as caught:
        fails("name 张三 19900000001")
    told = line("failed", exc_info=caught.value)
    assert told["places"][-1].endswith(" fails")
    assert "exc_info" not in told
    assert "张三" not in json.dumps(told, ensure_ascii=False)


def test_chinese_stays_readable() -> None:
    with logged() as lines:
        log.warning("须知")
    assert "须知" in lines.text


def test_what_libraries_log_is_one_line_of_the_same_form() -> None:
    with logged() as lines:
        logging.getLogger("some.library").warning("for %s\nTraceback: 张三", "19900000001")
    (told,) = lines.read()
    assert told.pop("timestamp")
    assert told == {"event": "for […]", "level": "warning"}


def test_an_error_that_a_library_logs_has_places_and_no_text() -> None:
    with logged() as lines:
        try:
            fails("name 张三 19900000001")
        except ValueError:
            logging.getLogger("some.library").exception("failed")
    (told,) = lines.read()
    assert (told["error"], told["places"][-1].split()[-1]) == ("ValueError", "fails")
    assert "张三" not in lines.text


def test_configuring_twice_does_not_tell_twice_nor_end_who_else_listens(
    caplog: pytest.LogCaptureFixture,
) -> None:
    with logged():
        pass
    with logged() as lines:
        logging.getLogger("some.library").warning("once")
    assert len(lines.read()) == 1
    assert [record.message for record in caplog.records] == ["once"]


def test_a_line_says_what_its_work_is_about() -> None:
    with bound_contextvars(request="r1", phone="19900000001"):
        told = line("x")
    assert (told["request"], told["phone"]) == ("r1", "[…]")
    assert "request" not in line("x")
