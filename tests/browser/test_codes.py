"""Codes that are wrong, too old, or tried too often; and numbers that nobody registered."""

import re
from datetime import timedelta

import pytest

from tests.browser.conftest import Arrives
from tests.browser.live import Live
from tests.browser.person import DESKTOP, PHONE, PLAIN_PHONE, Person
from tests.cast import CLEAN_SEEKER, COINS, NOT_REGISTERED

pytestmark = pytest.mark.browser

TRIES = 5


def asks_for_a_code(person: Person) -> str:
    """Come to the page of the code; answer the code of the SMS."""
    person.begins()
    person.agrees()
    person.gives_number()
    return person.reads_code()


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 10**6:06}"


def test_a_wrong_code_says_how_many_tries_are_left(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    code = asks_for_a_code(person)
    person.gives_code(wrong(code))
    assert "验证码不正确，还可以尝试 4 次" in person.text
    person.gives_code(code)
    assert person.heading == "注销条件"


def test_a_code_may_be_typed_as_phones_and_people_write_it(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, PLAIN_PHONE)
    code = asks_for_a_code(person)
    full_width = code.translate({ord(one): ord(one) + 0xFEE0 for one in "0123456789"})
    person.gives_code(f" {full_width[:3]} {code[3:]}")
    assert person.heading == "注销条件"


def test_an_old_code_counts_no_more_and_a_new_one_does(arrives: Arrives, portal: Live) -> None:
    person = arrives(CLEAN_SEEKER, portal, DESKTOP)
    code = asks_for_a_code(person)
    portal.let_pass(timedelta(minutes=11))
    person.gives_code(code)
    assert "验证码已过期，请重新获取" in person.text
    person.presses("button", "重新发送验证码")
    person.gives_code()
    assert person.heading == "注销条件"


def test_too_many_tries_end_the_code_and_then_lock_the_number(
    arrives: Arrives, portal: Live
) -> None:
    person = arrives(CLEAN_SEEKER, portal, PHONE)
    code = asks_for_a_code(person)
    for _ in range(TRIES):
        person.gives_code(wrong(code))
    person.gives_code(code)
    assert "验证码已失效，请重新获取" in person.text
    portal.let_pass(timedelta(minutes=2))
    person.presses("button", "重新发送验证码")
    code = person.reads_code()
    for _ in range(TRIES):
        person.gives_code(wrong(code))
    assert "尝试次数过多" in person.text
    assert re.search(r"请在 \d\d:\d\d 后再试", person.text)
    assert person.page.get_by_label("短信验证码").count() == 0


def seen_of(person: Person) -> list[str]:
    """What the pages say, without the number and the times of day."""
    pages = []
    person.begins()
    person.agrees()
    person.gives_number()
    pages.append(person.text)
    person.gives_code("000000")
    pages.append(person.text)
    return [re.sub(r"\d+", "0", page) for page in pages]


def test_an_unknown_number_sees_the_same_pages_and_gets_no_sms(
    arrives: Arrives, portal: Live
) -> None:
    known = seen_of(arrives(COINS, portal, DESKTOP))
    unknown = seen_of(arrives(NOT_REGISTERED, portal, DESKTOP))
    assert unknown == known
    assert "验证码不正确" in unknown[1]
    assert portal.sms(NOT_REGISTERED) == []
