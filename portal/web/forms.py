"""What people send in: declared fields, and the words for what is wrong with them."""

import re
from typing import Any

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    RadioField,
    SelectChoice,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, ValidationError

from portal.helpdesk.conversation import Reach
from portal.helpdesk.writing import LONGEST, LONGEST_CONTACT, one_line, plain
from portal.identity import phone
from portal.identity.phone import PhoneError, PhoneProblem
from portal.identity.typed import tidy

AGREE_TO_NOTICE = _("我已阅读、理解并同意《智联账号注销须知》%(version)s 的全部内容")

_PHONE_WORDS = {
    PhoneProblem.EMPTY: _("请输入手机号"),
    PhoneProblem.NOT_MOBILE: _("请输入 11 位的中国大陆手机号"),
}

_CONTACTS = {
    # Landlines, extensions and numbers abroad too.
    Reach.PHONE: re.compile(r"\+?[0-9]{5}.*"),
    Reach.MAIL: re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+"),
}


class PortalForm(FlaskForm):  # type: ignore[misc]
    """The token against forged requests is checked for every POST by CSRFProtect."""

    class Meta:
        csrf = False

    def summary(self) -> list[tuple[str, str]]:
        """(field id, text) of every error, for the summary at the top of the page."""
        return [(field.id, text) for field in self for text in field.errors]

    def refuse(self, field: Field, text: str) -> None:
        """Add an error that only the flow could know."""
        field.errors = [*field.errors, text]


class Box(BooleanField):  # type: ignore[misc]
    """Ticked only by the very value that the page gives it: agreement is never guessed."""

    def process_formdata(self, valuelist: list[str]) -> None:
        self.data = valuelist == ["y"]


class NoticeForm(PortalForm):
    seen = HiddenField()
    agree = Box(
        validators=[DataRequired(_("请先勾选“我已阅读、理解并同意”，再继续"))],
    )


class PhoneForm(PortalForm):
    phone = StringField(_("手机号"))
    number: str
    """E.164, once validated."""

    def validate_phone(self, field: Field) -> None:
        try:
            self.number = phone.parse(field.data or "")
        except PhoneError as error:
            raise ValidationError(_PHONE_WORDS[error.problem]) from None


class CodeForm(PortalForm):
    code = StringField(_("短信验证码"))


class SideForm(PortalForm):
    side = RadioField(_("您要注销哪个身份？"), validate_choice=False)

    def validate_side(self, field: Field) -> None:
        if field.data not in dict(field.choices):
            raise ValidationError(_("请选择要注销的身份"))


class ConditionsForm(PortalForm):
    seen = HiddenField()
    owner = Box(
        _("这是我本人的账号，我有权自主决定注销"),
        validators=[DataRequired(_("请确认这是您本人的账号，且您有权决定注销"))],
    )
    assets = Box(_("我已知晓上述资产的处理方式，仍要注销"))


class ConsequencesForm(PortalForm):
    seen = HiddenField()


class ReceiptForm(PortalForm):
    receipt = FileField(_("回执文件"), validators=[FileRequired(_("请选择要核对的回执文件"))])


class Ticked(Field):  # type: ignore[misc]
    """What was ticked of a list: a field of its own for each, since none may come twice."""

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """By the rest of the names that begin with this field's."""
        begins = f"{self.name}-"
        ticked = [name for name in formdata or () if name.startswith(begins)]
        self.data = [name.removeprefix(begins) for name in ticked if formdata.get(name) == "y"]
        self.process_errors: list[str] = []


class ItemsForm(PortalForm):
    """Some of what a recruiter leaves, and for whom."""

    item = Ticked(_("内容"), validators=[DataRequired(_("请至少选择一项"))])
    to = SelectField(_("交给"), validate_choice=False)
    confirmed = HiddenField()

    def validate_to(self, field: Field) -> None:
        if field.data not in dict(field.choices) or not field.data:
            raise ValidationError(_("请选择交给谁"))


class OffersForm(PortalForm):
    """Some of what somebody was named for, and whether they accept."""

    offer = Ticked(_("内容"), validators=[DataRequired(_("请至少选择一项"))])
    answer = HiddenField()


class TakeBackForm(PortalForm):
    item = Ticked()


class ConfirmForm(PortalForm):
    seen = HiddenField()
    agree = Box(_("我确认注销"), validators=[DataRequired(_("请先勾选“我确认注销”，再提交"))])


def check_text(field: Field) -> None:
    """What one side says in a help case. Raises ValidationError."""
    length = len(plain(field.data or ""))
    if not length:
        raise ValidationError(_("请写下您要说的内容"))
    if length > LONGEST:
        said = _("最多 %(most)s 字，现在是 %(length)s 字，请删减后再提交")
        raise ValidationError(said % {"most": LONGEST, "length": length})


class TextForm(PortalForm):
    """What somebody writes to the help desk. A text too long is never cut: it comes back whole."""

    text = TextAreaField(_("补充说明"))

    def validate_text(self, field: Field) -> None:
        check_text(field)


class HelpForm(TextForm):
    drawn = HiddenField()
    number = StringField(_("账号绑定的手机号"))
    text = TextAreaField(_("请说说遇到的问题"))
    reach = RadioField(
        _("需要时，我们怎样联系您？"),
        choices=[SelectChoice(Reach.PHONE, _("打电话")), SelectChoice(Reach.MAIL, _("发邮件"))],
        validate_choice=False,
    )
    contact = StringField(_("联系电话或邮箱"))
    registered: str | None = None
    """E.164, once validated; None where it is not asked for."""

    def validate_number(self, field: Field) -> None:
        try:
            self.registered = phone.parse(field.data or "")
        except PhoneError as error:
            raise ValidationError(_PHONE_WORDS[error.problem]) from None

    def validate_reach(self, field: Field) -> None:
        if field.data not in set(Reach):
            raise ValidationError(_("请选择联系方式"))

    def validate_contact(self, field: Field) -> None:
        contact = one_line(field.data or "")
        if not contact:
            raise ValidationError(_("请填写联系电话或邮箱"))
        form = _CONTACTS.get(self.reach.data)
        if len(contact) > LONGEST_CONTACT or (form and not form.fullmatch(tidy(contact))):
            raise ValidationError(_("请核对联系方式，看看是否完整"))


class FollowForm(PortalForm):
    number = StringField(_("求助编号"))
    secret = StringField(_("查询码"))
    text = TextAreaField(_("您刚才写的内容"))
