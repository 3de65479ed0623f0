"""What people send in, and the words for what is wrong with it."""

from collections.abc import Iterator

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from portal.web.forms import (
    ConditionsForm,
    ConfirmForm,
    ConsequencesForm,
    NoticeForm,
    PhoneForm,
    PortalForm,
    SideForm,
)

BOXES = ((NoticeForm, "agree"), (ConditionsForm, "owner"), (ConfirmForm, "agree"))


@pytest.fixture(autouse=True)
def _request(app: Flask) -> Iterator[None]:
    with app.test_request_context():
        yield


def filled(form: type[PortalForm], **fields: str) -> PortalForm:
    return form(MultiDict(fields))


@pytest.mark.parametrize(("form", "box"), BOXES)
def test_a_box_is_empty_until_it_is_ticked(form: type[PortalForm], box: str) -> None:
    assert not form(formdata=None)[box].data


@pytest.mark.parametrize(("form", "box"), BOXES)
def test_a_ticked_box_is_an_agreement(form: type[PortalForm], box: str) -> None:
    assert filled(form, **{box: "y"}).validate()


@pytest.mark.parametrize(("form", "box"), BOXES)
@pytest.mark.parametrize("sent", [{}, "", "false", "n", "no", "0", "on", "Y", " y"])
def test_nothing_else_is_an_agreement(
    form: type[PortalForm], box: str, sent: str | dict[str, str]
) -> None:
    made = filled(form, **(sent if isinstance(sent, dict) else {box: sent}))
    assert not made.validate()
    ((field, text),) = made.summary()
    assert field == box
    assert text.startswith("请")


@pytest.mark.parametrize(
    ("typed", "text"),
    [
        ("", "请输入手机号"),
        (" - ", "请输入手机号"),
        ("1990000000", "请输入 11 位的中国大陆手机号"),
        ("+1 202 555 0100", "请输入 11 位的中国大陆手机号"),
    ],
)
def test_what_is_no_number_is_told_what_it_lacks(typed: str, text: str) -> None:
    form = filled(PhoneForm, phone=typed)
    assert not form.validate()
    assert form.summary() == [("phone", text)]


@pytest.mark.parametrize(
    "typed", ["19900000001", "199 0000 0001", "+86-199-0000-0001", "１９９０００００００１"]
)
def test_a_number_is_taken_as_people_write_it(typed: str) -> None:
    form = filled(PhoneForm, phone=typed)
    assert form.validate()
    assert form.number == "+8619900000001"


def side_form(**fields: str) -> PortalForm:
    form = filled(SideForm, **fields)
    form.side.choices = [("mine", "求职者身份"), ("other", "招聘者身份")]
    return form


def test_a_side_is_one_of_those_that_are_offered() -> None:
    assert side_form(side="mine").validate()


@pytest.mark.parametrize("fields", [{}, {"side": ""}, {"side": "foreign"}])
def test_no_side_and_a_foreign_side_are_asked_for_again(fields: dict[str, str]) -> None:
    form = side_form(**fields)
    assert not form.validate()
    assert form.summary() == [("side", "请选择要注销的身份")]


def test_the_consequences_need_no_more_than_to_have_been_shown() -> None:
    assert filled(ConsequencesForm, seen="sealed").validate()


def test_what_only_the_flow_can_know_joins_the_errors() -> None:
    form = filled(PhoneForm, phone="19900000001")
    form.refuse(form.phone, "不行")
    assert form.summary() == [("phone", "不行")]
