from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from portal.notice.register import Entry
from tests.notice.checking.drafts import CONTEXT, HEADER, found


def codes(source, context=CONTEXT):
    return [problem.code for problem in found(source.encode(), context)]


@pytest.mark.parametrize(("today", "expected"), [(25, []), (26, ["D02"])])
def test_seven_days_of_notice_are_enough_and_six_are_not(today, expected):
    assert codes(HEADER, replace(CONTEXT, today=date(2026, 5, today))) == expected


@pytest.mark.parametrize(
    ("published", "expected"),
    [
        (datetime(2026, 5, 25, 15, 59, tzinfo=UTC), []),
        (datetime(2026, 5, 25, 16, tzinfo=UTC), ["D02"]),
    ],
)
def test_the_day_of_publication_is_the_day_in_shanghai(published, expected):
    register = {"2026V1": Entry("", published)}
    context = replace(CONTEXT, register=register, today=date(2027, 1, 1))
    assert [code for code in codes(HEADER, context) if code != "P01"] == expected


def test_the_earliest_day_of_effect_is_told():
    (problem,) = found(HEADER.replace("20260601", "20260521").encode())
    assert problem.how.startswith("生效日期最早写 20260527")


def test_full_width_digits_do_not_hide_a_wrong_date():
    assert codes(HEADER.replace("20260601", "２０２６０６３１")) == ["H05", "H06"]


@pytest.mark.parametrize(
    ("written", "suggested"),
    [
        ("2026-6-1", "20260601"),
        ("２０２６年６月１日", "20260601"),
        ("六月一日", "20260101"),
        ("2026年6月1日起", "20260601"),
    ],
)
def test_a_date_in_another_form_is_told_in_the_right_one(written, suggested):
    problem = found(HEADER.replace("20260601", written).encode())[0]
    assert (problem.code, problem.how) == ("H04", f"改为“生效日期：{suggested}”")


@pytest.mark.parametrize("written", ["2026V", "V2026", "2026V1.0", "第一版", ""])
def test_other_forms_of_a_version_are_refused(written):
    assert codes(HEADER.replace("2026V1", written)) == ["H04"]


def test_updated_and_effective_on_one_day_is_no_contradiction():
    assert codes(HEADER.replace("20260520", "20260601")) == []
