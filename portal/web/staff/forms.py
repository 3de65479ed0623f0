"""What members of staff send in."""

from datetime import date, datetime, timedelta

from flask_babel import gettext as _
from flask_babel import lazy_gettext
from wtforms import (
    DateField,
    Field,
    HiddenField,
    PasswordField,
    SelectField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, InputRequired, Length, ValidationError

from portal.closure.holding import Reason
from portal.staffroom.acts import Grounds
from portal.web.forms import Box, PortalForm, check_text
from portal.web.staff.words import COMPARED, REASONS, Compared
from portal.web.words import local

SHORT, PUBLIC, LONG = 100, 300, 1000
"""How many characters a text may have."""
FEWEST_COMPARED = 2
"""One thing alone could be known by somebody else."""
LONGEST_HOLD = timedelta(days=90)
"""Until a hold has to be looked at again, at the most."""


def _stripped(text: str | None) -> str:
    return (text or "").strip()


def _at_most(maximum: int) -> Length:
    return Length(max=maximum, message=lazy_gettext("最多 %(max)d 个字"))


def _text(label: str, maximum: int, needed: str | None = None, *, area: bool = False) -> Field:
    kind = TextAreaField if area else StringField
    must = [DataRequired(needed)] if needed else []
    return kind(label, filters=[_stripped], validators=[*must, _at_most(maximum)])


class SignInForm(PortalForm):
    name = _text(lazy_gettext("姓名"), 40, lazy_gettext("请输入姓名"))
    password = PasswordField(
        lazy_gettext("密码"), validators=[InputRequired(lazy_gettext("请输入密码")), _at_most(200)]
    )
    code = _text(lazy_gettext("验证码"), 40, lazy_gettext("请输入验证码或恢复码"))

    def validate_name(self, field: Field) -> None:
        if not field.data.isprintable():
            raise ValidationError(_("姓名、密码或验证码不正确"))


class SearchForm(PortalForm):
    sought = _text(
        lazy_gettext("受理编号、求助编号或手机号"),
        60,
        lazy_gettext("请输入受理编号、求助编号或完整手机号"),
    )


class ActForm(PortalForm):
    """``sure`` is the second step; ``back`` returns to the first one with what was typed."""

    sure = Box()
    back = Box()
    version = HiddenField()


class GroundsForm(ActForm):
    reason = SelectField(lazy_gettext("原因"), validate_choice=False)
    public = _text(lazy_gettext("对申请人的说明"), PUBLIC, area=True)
    internal = _text(lazy_gettext("内部说明"), LONG, area=True)

    def __init__(self) -> None:
        super().__init__()
        self.reason.choices = [("", _("请选择")), *((one.value, t) for one, t in REASONS.items())]

    def validate_reason(self, field: Field) -> None:
        if field.data not in set(Reason):
            raise ValidationError(_("请选择原因"))

    def validate_public(self, field: Field) -> None:
        if self.reason.data == Reason.AUTHORITY and field.data:
            raise ValidationError(_("涉及国家机关时，对申请人的说明固定为须知原文，请留空"))

    def grounds(self) -> Grounds:
        return Grounds(public=self.public.data, internal=self.internal.data)


class HoldForm(GroundsForm):
    basis = _text(lazy_gettext("依据"), SHORT, lazy_gettext("请写明依据"))
    source = _text(lazy_gettext("来源"), SHORT, lazy_gettext("请写明来源"))
    review_on = DateField(lazy_gettext("复查日期"), validators=[])
    today: date

    def __init__(self, now: datetime) -> None:
        super().__init__()
        self.today = local(now).date()

    @property
    def last_day(self) -> date:
        return self.today + LONGEST_HOLD

    def validate_review_on(self, field: Field) -> None:
        field.errors = []
        if field.data is None or not self.today <= field.data <= self.last_day:
            raise ValidationError(_("请选择从今天起 90 天以内的日期"))

    def grounds(self) -> Grounds:
        return Grounds(
            self.public.data, self.internal.data, basis=self.basis.data, source=self.source.data
        )


class RefuseForm(GroundsForm):
    def validate_public(self, field: Field) -> None:
        super().validate_public(field)
        if self.reason.data != Reason.AUTHORITY and not field.data:
            raise ValidationError(_("请写明申请人会看到的理由"))


class WhyForm(ActForm):
    why = _text(lazy_gettext("理由"), LONG, lazy_gettext("请写明理由"), area=True)


class AnswerForm(ActForm):
    text = TextAreaField(lazy_gettext("答复"))

    def validate_text(self, field: Field) -> None:
        check_text(field)


class VouchForm(ActForm):
    """A box for each thing that can be compared, named like it."""

    name = Box(COMPARED[Compared.NAME])
    mail = Box(COMPARED[Compared.MAIL])
    registered = Box(COMPARED[Compared.REGISTERED])
    resume = Box(COMPARED[Compared.RESUME])
    applications = Box(COMPARED[Compared.APPLICATIONS])
    company = Box(COMPARED[Compared.COMPANY])
    orders = Box(COMPARED[Compared.ORDERS])
    call = Box(COMPARED[Compared.CALL])
    why = _text(lazy_gettext("怎样核对的"), LONG, lazy_gettext("请写明怎样核对的"), area=True)

    @property
    def boxes(self) -> list[Field]:
        return [self[one] for one in Compared]

    @property
    def compared(self) -> list[Compared]:
        return [one for one in Compared if self[one].data]

    def validate_name(self, _field: Field) -> None:
        if len(self.compared) < FEWEST_COMPARED:
            raise ValidationError(_("至少核对两项"))


class WaiveForm(WhyForm):
    account = HiddenField()
    """Sealed: an account is never named in an address."""
    begin = Box()
