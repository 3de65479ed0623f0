"""What people send in: declared fields, and the words for what is wrong with them."""

from flask_babel import lazy_gettext as _
from flask_wtf import FlaskForm
from flask_wtf.file import FileField, FileRequired
from wtforms import BooleanField, Field, HiddenField, RadioField, StringField
from wtforms.validators import DataRequired, ValidationError

from portal.identity import phone
from portal.identity.phone import PhoneError, PhoneProblem

AGREE_TO_NOTICE = _("我已阅读、理解并同意《智联账号注销须知》%(version)s 的全部内容")

_PHONE_WORDS = {
    PhoneProblem.EMPTY: _("请输入手机号"),
    PhoneProblem.NOT_MOBILE: _("请输入 11 位的中国大陆手机号"),
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


class ConfirmForm(PortalForm):
    seen = HiddenField()
    agree = Box(_("我确认注销"), validators=[DataRequired(_("请先勾选“我确认注销”，再提交"))])
