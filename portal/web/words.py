"""The words for what the flows answer: facts, reasons, moments, and the filters of the pages."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from flask import Flask
from flask_babel import format_date, lazy_gettext
from flask_babel import gettext as _
from wtforms.validators import DataRequired

from portal.accounts.system import (
    Asset,
    Debt,
    Dispute,
    DisputeKind,
    Identity,
    Outcome,
    Penalty,
    Role,
    SecurityEvent,
    TeamRole,
    UnpaidOrder,
    Words,
)
from portal.clock import SHANGHAI
from portal.closure.conditions import Condition, Fact, last_day
from portal.closure.conditions import Outcome as Judged
from portal.closure.holding import Reason
from portal.closure.journey import Stage
from portal.evidence.checking import Part
from portal.helpdesk.topics import Topic
from portal.language import Language
from portal.web.languages import language

_CHINESE = re.compile(r"([\u3001-\u303f\u4e00-\u9fff\uff01-\uffef]+)")
STALE = lazy_gettext(
    "距离上次验证已超过 15 分钟，请重新验证手机号。您的申请尚未提交，已确认的内容会保留。"
)
CHANGED = {
    Stage.NOTICE: lazy_gettext("须知已有新版本，请重新阅读并同意。您的申请尚未提交。"),
    Stage.CONDITIONS: lazy_gettext(
        "账号情况与您确认时不同，请重新核对注销条件。您的申请尚未提交。"
    ),
    Stage.CONFIRM: lazy_gettext("要注销的内容有变化，请重新核对。您的申请尚未提交。"),
    Stage.CONSEQUENCES: lazy_gettext("注销的后果与您看过的有变化，请重新了解。您的申请尚未提交。"),
}

_ROLES = {Role.SEEKER: lazy_gettext("求职者"), Role.RECRUITER: lazy_gettext("招聘者")}
_TEAM_ROLES = {
    TeamRole.MEMBER: lazy_gettext("成员"),
    TeamRole.ADMIN: lazy_gettext("企业管理员"),
    TeamRole.SUPER_ADMIN: lazy_gettext("超级管理员"),
}
_OUTCOMES = {
    Outcome.DELETE: lazy_gettext("删除"),
    Outcome.ANONYMISE: lazy_gettext("匿名化"),
    Outcome.SEAL: lazy_gettext("封存"),
    Outcome.KEEP: lazy_gettext("依法留存"),
}
_ADVICE = {
    1: lazy_gettext("该账号不是通过智联官方渠道注册的，无法在线注销，请联系客服协助处理。"),
    2: lazy_gettext("请先结清欠款，再重新检查。"),
    3: lazy_gettext("请先支付订单，再重新检查；如对订单有疑问，请联系客服。"),
    4: lazy_gettext("请等待处理完毕后再申请；如需了解进展，请联系客服。"),
    5: lazy_gettext("为防止他人冒用您的账号注销，请在期满后再申请，或联系客服核实。"),
    6: lazy_gettext("请等待处理完毕后再申请；如有异议，请联系客服。"),
}
PUBLIC_REASONS = {
    Reason.NOT_OFFICIAL: lazy_gettext("账号的注册渠道需要核实。"),
    Reason.DEBT: lazy_gettext("账号有未结清的欠款。"),
    Reason.UNPAID_ORDER: lazy_gettext("账号有已提供服务但未支付的订单。"),
    Reason.DISPUTE: lazy_gettext("账号涉及未处理完毕的投诉、争议或纠纷。"),
    Reason.SECURITY: lazy_gettext("账号最近 3 个月内有异常登录或其他不安全的记录，需要核实。"),
    Reason.PENALTY: lazy_gettext("账号有未处理完毕的违规限制、冻结或其他处罚。"),
    Reason.AUTHORITY: lazy_gettext(
        "账号涉及未处理完毕的争议或纠纷，包括但不限于投诉、举报、诉讼、仲裁程序、"
        "有关国家机关或监管部门调查等（须知第三条第 5 款）。"
    ),
    Reason.NOT_OWNER: lazy_gettext("需要核实申请人是否为账号本人。"),
    Reason.UPSTREAM: lazy_gettext("账号信息需要核实。"),
}
HELP_TOPICS = {
    Topic.LOST_PHONE: lazy_gettext("手机号停用了，收不到验证码"),
    Topic.NO_CODE: lazy_gettext("收不到验证码，或者验证码总是不正确"),
    Topic.CONDITION_1: lazy_gettext("注销条件 1：账号的注册渠道"),
    Topic.CONDITION_2: lazy_gettext("注销条件 2：欠款或剩余资产"),
    Topic.CONDITION_3: lazy_gettext("注销条件 3：未支付的订单"),
    Topic.CONDITION_4: lazy_gettext("注销条件 4：投诉、争议或纠纷"),
    Topic.CONDITION_5: lazy_gettext("注销条件 5：异常登录等记录"),
    Topic.CONDITION_6: lazy_gettext("注销条件 6：违规限制或处罚"),
    Topic.HOLD: lazy_gettext("对暂停注销有异议"),
    Topic.REFUSAL: lazy_gettext("对未通过的结果有异议"),
    Topic.OTHER: lazy_gettext("其他问题"),
}

RECEIPT_FAILURES = {
    Part.FORM: lazy_gettext("文件不是完整的回执。"),
    Part.KEY: lazy_gettext("回执上的公钥不是智联的。"),
    Part.SIGNATURE: lazy_gettext("签名与内容不符：内容被改动过，或不是智联签名的。"),
    Part.EVENT: lazy_gettext("内容与它对应的记录不符。"),
    Part.PROOF: lazy_gettext("证明与签名的目录页不符。"),
    Part.HEAD: lazy_gettext("目录页不在签名的总目录里。"),
}


@dataclass(frozen=True)
class ConditionWords:
    """A condition as the page shows it."""

    number: int
    outcome: Judged
    facts: list[str]
    advice: str | None


def condition(one: Condition) -> ConditionWords:
    advice = {
        Judged.FAILED: _ADVICE[one.number],
        Judged.UNAVAILABLE: lazy_gettext("系统暂时读不到这项信息，请稍后重新检查。"),
    }.get(one.outcome)
    return ConditionWords(
        one.number, one.outcome, [fact(each) for each in one.facts], str(advice) if advice else None
    )


def fact(one: Fact) -> str:
    """One fact in one sentence."""
    match one:
        case Debt():
            return _("欠款：%(what)s，%(amount)s", what=one.what, amount=yuan(one.fen))
        case Asset():
            return _("剩余资产：%(asset)s", asset=asset(one))
        case UnpaidOrder():
            return _(
                "订单 %(number)s：%(what)s，%(amount)s，服务已提供，尚未支付",
                number=one.number,
                what=one.what,
                amount=yuan(one.fen),
            )
        case Dispute():
            return _dispute(one)
        case SecurityEvent():
            return _(
                "%(day)s：%(what)s。过了%(last)s，不再影响注销",
                day=day(one.at),
                what=one.what,
                last=day(last_day(one.at)),
            )
        case Penalty():
            return _("%(day)s起：%(what)s", day=day(one.since), what=one.what)


def _dispute(one: Dispute) -> str:
    facts = {"day": day(one.opened_at), "number": one.number}
    match one.kind:
        case DisputeKind.COMPLAINANT:
            return _("您于%(day)s提出的投诉（编号 %(number)s）尚未处理完毕", **facts)
        case DisputeKind.RESPONDENT:
            return _("他人于%(day)s对您的投诉（编号 %(number)s）尚未处理完毕", **facts)
        case DisputeKind.FREEZE:
            return _("账号因争议于%(day)s被冻结（编号 %(number)s），尚未解冻", **facts)


def asset(one: Asset) -> str:
    return f"{one.name} {one.quantity} {one.unit}"


def asset_box_needed() -> DataRequired:
    return DataRequired(_("请确认您已知晓剩余资产的处理方式"))


def identity_label(one: Identity) -> str:
    if one.role is Role.SEEKER:
        return _("求职者身份")
    return _("招聘者身份（%(company)s）", company=one.company)


def side_label(closing: tuple[Identity, ...], *, whole: bool) -> str:
    """What is to be closed, in one phrase."""
    labels = listed(identity_label(one) for one in closing)
    return _("整个账号，包括%(identities)s", identities=labels) if whole else labels


def listed(items: Iterable[str]) -> str:
    """Several names in one phrase."""
    return _("、").join(items)


def days(span: timedelta) -> int:
    return max(1, round(span / timedelta(days=1)))


def local(at: datetime) -> datetime:
    return at.astimezone(SHANGHAI)


def instant(at: datetime) -> str:
    # English says the zone: whoever reads it may be anywhere.
    return _("%(day)s %(time)s", day=day(at), time=f"{local(at):%H:%M}")


def day(at: date) -> str:
    """The calendar day, of an instant the day in Shanghai."""
    one = local(at) if isinstance(at, datetime) else at
    return format_date(one, "long", rebase=False)


def clock(at: datetime) -> str:
    return _("%(time)s", time=f"{local(at):%H:%M}")


def next_minute(at: datetime) -> datetime:
    """For "again after": a clock time that is never shown too early."""
    return (at + timedelta(minutes=1, microseconds=-1)).replace(second=0, microsecond=0)


def yuan(fen: int) -> str:
    return _("%(amount)s 元", amount=f"{fen / 100:,.2f}")


def moment(text: str) -> date:
    """The instant or the day that a receipt writes in ISO 8601."""
    return datetime.fromisoformat(text) if "T" in text else date.fromisoformat(text)


def words(one: Words | Mapping[str, str]) -> str:
    """What the account system calls something, in the language of the page."""
    if isinstance(one, Mapping):
        one = Words(**one)
    return one.zh if language() is Language.CHINESE else one.en


def runs(text: str) -> list[tuple[str, bool]]:
    """The text in pieces, each with whether it is Chinese in a page that is not."""
    if language() is Language.CHINESE:
        return [(text, False)]
    pieces = _CHINESE.split(text)
    return [(piece, bool(place % 2)) for place, piece in enumerate(pieces) if piece]


def register(app: Flask) -> None:
    """Give the templates these words as filters."""
    app.add_template_filter(instant)
    app.add_template_filter(day)
    app.add_template_filter(clock)
    app.add_template_filter(yuan)
    app.add_template_filter(words)
    app.add_template_filter(runs)
    app.add_template_filter(moment)
    app.add_template_filter(lambda one: str(RECEIPT_FAILURES[one]), "receipt_failure")
    app.add_template_filter(listed)
    app.add_template_filter(asset)
    app.add_template_filter(lambda one: str(_ROLES[one]), "role")
    app.add_template_filter(lambda one: str(_OUTCOMES[one]), "outcome")
    app.add_template_filter(lambda one: str(_TEAM_ROLES[one]), "team_role")
