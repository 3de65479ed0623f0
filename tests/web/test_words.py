"""Facts, reasons and moments in words."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta

import pytest
from flask import Flask
from hypothesis import given
from hypothesis import strategies as st

from portal.accounts.system import (
    Asset,
    Debt,
    Dispute,
    DisputeKind,
    Identity,
    Penalty,
    Role,
    SecurityEvent,
    TeamRole,
    UnpaidOrder,
    Words,
)
from portal.accounts.system import Outcome as Treated
from portal.closure.conditions import Condition, Fact, Outcome
from portal.closure.holding import Reason
from portal.closure.journey import Stage
from portal.language import Language
from portal.web import words

LATE = datetime(2026, 8, 31, 16, 30, tzinfo=UTC)
"""Half past midnight of 1 September in Shanghai."""

SEEKER = Identity("s", Role.SEEKER, None)
RECRUITER = Identity("r", Role.RECRUITER, "晴川")


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (Debt("分期款", 12800), "欠款：分期款，128.00 元"),
        (Asset("s", "智联币", 120, "枚"), "剩余资产：智联币 120 枚"),
        (UnpaidOrder("N1", "辅导", 29900), "订单 N1：辅导，299.00 元，服务已提供，尚未支付"),
        (
            Dispute(DisputeKind.COMPLAINANT, "TS1", LATE),
            "您于2026年9月1日提出的投诉（编号 TS1）尚未处理完毕",
        ),
        (
            Dispute(DisputeKind.RESPONDENT, "TS1", LATE),
            "他人于2026年9月1日对您的投诉（编号 TS1）尚未处理完毕",
        ),
        (
            Dispute(DisputeKind.FREEZE, "DJ1", LATE),
            "账号因争议于2026年9月1日被冻结（编号 DJ1），尚未解冻",
        ),
        (Penalty("发布限制", LATE), "2026年9月1日起：发布限制"),
    ],
    ids=lambda one: type(one).__name__,
)
def test_a_fact_is_one_sentence(fact: Fact, text: str) -> None:
    assert words.fact(fact) == text


def test_an_unsafe_sign_in_says_until_when_it_counts() -> None:
    told = words.fact(SecurityEvent("异地登录", datetime(2026, 11, 30, 2, tzinfo=UTC)))
    assert "2026年11月30日：异地登录" in told
    assert "2027年2月28日" in told


@pytest.mark.parametrize("number", range(1, 7))
def test_a_condition_that_failed_says_what_to_do(number: int) -> None:
    assert words.condition(Condition(number, Outcome.FAILED)).advice


@pytest.mark.parametrize("outcome", [Outcome.PASSED, Outcome.CONFIRM])
def test_nothing_is_advised_where_nothing_is_wrong(outcome: Outcome) -> None:
    assert words.condition(Condition(2, outcome)).advice is None


def test_what_cannot_be_read_is_to_be_tried_again() -> None:
    told = words.condition(Condition(3, Outcome.UNAVAILABLE))
    assert told.advice == "系统暂时读不到这项信息，请稍后重新检查。"


def test_every_reason_and_every_step_back_has_words() -> None:
    assert set(words.PUBLIC_REASONS) == set(Reason)
    looked_at_again = {Stage.NOTICE, Stage.CONDITIONS, Stage.CONSEQUENCES, Stage.CONFIRM}
    assert set(words.CHANGED) == looked_at_again


def test_identities_and_sides_are_named() -> None:
    assert words.identity_label(SEEKER) == "求职者身份"
    assert words.identity_label(RECRUITER) == "招聘者身份（晴川）"
    assert words.side_label((RECRUITER,), whole=False) == "招聘者身份（晴川）"
    whole = words.side_label((SEEKER, RECRUITER), whole=True)
    assert whole.startswith("整个账号")
    assert "求职者身份、招聘者身份（晴川）" in whole


def test_several_names_are_one_phrase() -> None:
    assert words.listed(["秦*", "罗*"]) == "秦*、罗*"


def test_days_and_clocks_are_those_of_shanghai() -> None:
    assert words.day(LATE) == "2026年9月1日"
    assert words.clock(LATE) == "00:30"
    assert words.instant(LATE) == "2026年9月1日 00:30"
    assert words.day(date(2026, 9, 1)) == "2026年9月1日"


instants = st.datetimes(datetime(2020, 1, 1), datetime(2040, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


@given(instants)
def test_a_time_to_come_back_at_is_never_shown_too_early_nor_a_minute_late(at: datetime) -> None:
    shown = words.next_minute(at)
    assert at <= shown < at + timedelta(minutes=1)
    assert (shown.second, shown.microsecond) == (0, 0)


@pytest.mark.parametrize(
    ("span", "days"), [(timedelta(days=5), 5), (timedelta(hours=108), 4), (timedelta(seconds=9), 1)]
)
def test_a_span_is_told_in_whole_days(span: timedelta, days: int) -> None:
    assert words.days(span) == days


def test_money_is_told_in_yuan() -> None:
    assert words.yuan(123456789) == "1,234,567.89 元"
    assert words.yuan(5) == "0.05 元"


def test_the_data_map_speaks_the_language_of_the_page() -> None:
    assert words.words(Words("简历", "Résumés")) == "简历"


@pytest.fixture
def english(app: Flask) -> Iterator[None]:
    with app.test_request_context(environ_overrides={"portal.language": Language.ENGLISH}):
        yield


@pytest.mark.usefixtures("english")
class TestEnglish:
    def test_days_and_clocks_say_their_zone(self) -> None:
        assert words.day(LATE) == "1 September 2026"
        assert words.clock(LATE) == "00:30 (Beijing\u00a0time)"
        assert words.instant(LATE) == "1 September 2026, 00:30 (Beijing\u00a0time)"

    def test_money_and_names_are_told_in_english(self) -> None:
        assert words.yuan(123456789) == "1,234,567.89 yuan"
        assert words.listed(["a", "b"]) == "a, b"
        assert words.words(Words("简历", "Résumés")) == "Résumés"

    def test_chinese_names_are_told_apart_to_be_marked(self) -> None:
        assert words.runs("Debt: 分期款，128 yuan") == [
            ("Debt: ", False),
            ("分期款，", True),
            ("128 yuan", False),
        ]


def test_in_a_chinese_page_nothing_is_to_be_marked() -> None:
    assert words.runs("欠款：A 款") == [("欠款：A 款", False)]


def test_templates_have_a_word_for_everything_they_can_meet(app: Flask) -> None:
    filters = app.jinja_env.filters
    assert [filters["role"](one) for one in Role] == ["求职者", "招聘者"]
    assert all(filters["team_role"](one) for one in TeamRole)
    assert [filters["outcome"](one) for one in Treated] == ["删除", "匿名化", "封存", "依法留存"]
