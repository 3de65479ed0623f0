import re
from datetime import UTC, datetime
from math import ceil

import pytest

from portal.closure.holding import Reason
from portal.language import Language
from portal.messages.texts import Purpose, Texts
from portal.settings import ROOT

UNTIL = datetime(2026, 11, 26, 20, 5, tzinfo=UTC)
HOTLINE = "400-000-1234"
LINK = "https://close.account.example.com/p/" + "a" * 22


def texts(host: str = "close.account.example.com") -> Texts:
    return Texts(ROOT / "templates" / "sms", host, HOTLINE)


def segments(text: str) -> int:
    """How many SMS it takes: 70 UTF-16 units in one, 67 each in several."""
    units = len(text.encode("utf-16-le")) // 2
    return 1 if units <= 70 else ceil(units / 67)


def submitted(language: Language = Language.CHINESE) -> str:
    return texts().in_language(language).submitted("ZX-7K3MP-9QXTA", UNTIL, LINK)


@pytest.mark.parametrize(
    ("purpose", "words"),
    [(Purpose.CLOSE, "注销账号的身份验证"), (Purpose.TRACK, "查询或恢复账号")],
)
def test_a_code_says_what_it_is_for(purpose: Purpose, words: str) -> None:
    text = texts().code(purpose, "012345", UNTIL)
    assert text.startswith(f"【智联】验证码012345，用于{words}，04:05前有效。")
    assert "请勿告诉任何人" in text


@pytest.mark.parametrize("host", ["close.example.com", "close.example.com:8443"])
def test_the_last_line_binds_the_code_to_the_site(host: str) -> None:
    lines = texts(host).code(Purpose.CLOSE, "012345", UNTIL).split("\n")
    assert lines[-2:] == ["", "@close.example.com #012345"]


def test_the_submission_says_reference_end_link_and_hotline() -> None:
    text = submitted()
    assert text.startswith("【智联】")
    assert all(part in text for part in ("ZX-7K3MP-9QXTA", "11月27日04:05前", f" {LINK} ", HOTLINE))


@pytest.mark.parametrize(("whole", "what"), [(True, "账号"), (False, "招聘者身份")])
def test_the_last_one_says_what_is_closed_and_where_to_look(whole: bool, what: str) -> None:
    text = texts().closed("ZX-7K3MP-9QXTA", LINK, whole=whole)
    assert text.startswith(f"【智联】您的{what}已注销，编号ZX-7K3MP-9QXTA。")
    assert f" {LINK} " in text
    assert segments(text) <= 2


LONG = "https://close-my-account.example.com.cn"
REFERENCE = "ZX-7K3MP-9QXTA"


def about_closures(
    reason: Reason, *, whole: bool, language: Language = Language.CHINESE
) -> dict[str, str]:
    """Every text about a closure, with the longest of what it is filled with."""
    link, made = f"{LONG}{language.prefix}/p/{'a' * 22}", texts().in_language(language)
    done = UNTIL.replace(month=12, day=31)
    return {
        "held": made.held(REFERENCE, reason, link, whole=whole),
        "resumed": made.resumed(REFERENCE, done, done, link),
        "refused": made.refused(REFERENCE, reason, link, whole=whole),
        "restored": made.restored(REFERENCE, whole=whole),
        "reminder": made.reminder(REFERENCE, done, f"{LONG}/track", whole=whole),
        "link": made.link(REFERENCE, link),
    }


@pytest.mark.parametrize(("language", "most"), [(Language.CHINESE, 3), (Language.ENGLISH, 5)])
@pytest.mark.parametrize("whole", [True, False])
@pytest.mark.parametrize("reason", Reason)
def test_every_text_is_signed_short_and_names_the_request(
    reason: Reason, whole: bool, language: Language, most: int
) -> None:
    for text in about_closures(reason, whole=whole, language=language).values():
        assert text.startswith("【智联】")
        assert REFERENCE in text
        assert segments(text) <= most
        assert not re.search(r"\n|  |。。|：。", text)


def test_every_reason_has_short_words_of_its_own() -> None:
    said = {texts().held(REFERENCE, reason, LINK, whole=True) for reason in Reason}
    assert len(said) == len(Reason)


def test_for_an_authority_the_words_are_the_notices_own() -> None:
    text = texts().held(REFERENCE, Reason.AUTHORITY, LINK, whole=True)
    assert "涉及须知第三条第5款所列的争议、诉讼、调查等事项" in text
    assert "法院" not in text


def test_what_goes_on_has_its_new_instants_and_what_ended_where_to_object() -> None:
    made = about_closures(Reason.DEBT, whole=False)
    assert "1月1日04:05前可恢复" in made["resumed"]
    assert f"致电客服热线{HOTLINE}" in made["refused"]
    assert "招聘者身份恢复使用" in made["restored"]
    assert "1月1日04:05后开始处理" in made["reminder"]


def test_the_alarm_asks_and_says_where_to_stop_it() -> None:
    link = f"{LONG}/stop/{'a' * 22}"
    text = texts().alarm(link)
    assert text.startswith("【智联】")
    assert "不是您本人操作？" in text
    assert f" {link} " in text
    assert segments(text) <= 3


@pytest.mark.parametrize(("language", "most"), [(Language.CHINESE, 2), (Language.ENGLISH, 4)])
def test_a_colleague_is_asked_and_learns_nothing_of_who_leaves(
    language: Language, most: int
) -> None:
    link = f"{LONG}{language.prefix}/handover"
    text = texts().in_language(language).successor(link)
    assert text.startswith("【智联】")
    assert f" {link} " in text
    assert REFERENCE[:3] not in text
    assert segments(text) <= most
    assert not re.search(r"\n|  |。。|：。", text)


def test_no_text_is_longer_than_people_read() -> None:
    assert all(segments(texts().code(purpose, "012345", UNTIL)) <= 2 for purpose in Purpose)
    assert segments(submitted()) <= 3


@pytest.mark.parametrize("purpose", Purpose)
def test_an_english_code_says_what_it_is_for_and_is_bound_too(purpose: Purpose) -> None:
    text = texts().in_language(Language.ENGLISH).code(purpose, "012345", UNTIL)
    what = {
        Purpose.CLOSE: "closing an account",
        Purpose.TRACK: "checking progress or restoring",
        Purpose.HANDOVER: "Company hand-over",
    }
    assert text.startswith(f"【智联】012345 is your code for {what[purpose]}, valid until 04:05 ")
    assert text.endswith("\n\n@close.account.example.com #012345")
    assert segments(text) <= 3


def test_the_english_submission_says_the_same_as_the_chinese() -> None:
    text = submitted(Language.ENGLISH)
    end = "04:05 on 27 November (Beijing time)"
    assert all(part in text for part in ("ZX-7K3MP-9QXTA", end, f" {LINK} ", HOTLINE))
    assert segments(text) <= 4


@pytest.mark.parametrize(("whole", "what"), [(True, "account"), (False, "recruiter profile")])
def test_the_last_one_is_english_too(whole: bool, what: str) -> None:
    text = texts().in_language(Language.ENGLISH).closed("ZX-7K3MP-9QXTA", LINK, whole=whole)
    assert text.startswith(f"【智联】Your {what} is closed, reference ZX-7K3MP-9QXTA.")
    assert f" {LINK} " in text
    assert segments(text) <= 3


def test_asking_for_english_leaves_the_others_chinese() -> None:
    both = texts()
    both.in_language(Language.ENGLISH)
    assert both.closed("ZX-1", LINK, whole=True).startswith("【智联】您的")


def test_nothing_is_escaped_and_no_line_is_empty_at_the_end() -> None:
    text = texts().submitted("<&>", UNTIL, LINK)
    assert "<&>" in text
    assert text == text.strip()


def test_whoever_has_the_phone_learns_that_a_help_case_stood_in_for_the_code() -> None:
    text = texts().help_verified("BZ-7K3MP-9QXTA", UNTIL)
    assert all(part in text for part in ("BZ-7K3MP-9QXTA", "11月27日04:05", "非本人", HOTLINE))
    assert segments(text) <= 2
