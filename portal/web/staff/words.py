"""The console's words for what the flows answer."""

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from enum import StrEnum
from functools import partial
from typing import Any

from flask import Flask
from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext, ngettext, pgettext

from portal.accounts.system import Dispute, DisputeKind
from portal.closure.brake import Cause
from portal.closure.conditions import Fact
from portal.closure.conditions import Outcome as Judged
from portal.closure.help_ties import State as HelpState
from portal.closure.holding import Reason
from portal.closure.lifecycle import State
from portal.evidence.ledger import Actor, Kind
from portal.language import Language
from portal.messages.outbox import MessageKind
from portal.messages.outbox import State as Sent
from portal.staffroom.case import Told
from portal.staffroom.proposals import Kind as Proposing
from portal.staffroom.roles import Role
from portal.store import alerts, tasks
from portal.store.tables import Alert, Closure
from portal.web import words

STATES = {
    State.PENDING: lazy_gettext("核查中"),
    State.HELD: lazy_gettext("已暂停"),
    State.ERASING: lazy_gettext("处理中"),
    State.RESTORED: lazy_gettext("已恢复"),
    State.REFUSED: lazy_pgettext("console", "未通过"),
    State.CLOSED: lazy_gettext("已注销"),
}
REASONS = {
    Reason.DISPUTE: lazy_gettext("投诉、争议或纠纷"),
    Reason.AUTHORITY: lazy_gettext("国家机关或监管部门"),
    Reason.NOT_OWNER: lazy_gettext("申请人可能不是本人"),
    Reason.SECURITY: lazy_gettext("异常登录或不安全行为"),
    Reason.DEBT: lazy_gettext("欠款"),
    Reason.UNPAID_ORDER: lazy_gettext("未支付的订单"),
    Reason.PENALTY: lazy_gettext("违规处罚"),
    Reason.NOT_OFFICIAL: lazy_gettext("注册渠道"),
    Reason.UPSTREAM: lazy_gettext("账号信息不一致"),
}
ROLES = {
    Role.VIEWER: lazy_pgettext("role", "查看"),
    Role.REVIEWER: lazy_gettext("审核"),
    Role.SUPERVISOR: lazy_gettext("主管"),
}
CONDITIONS = {
    1: lazy_gettext("本人通过官方渠道注册"),
    2: lazy_gettext("无剩余资产或欠款"),
    3: lazy_gettext("无未支付的订单"),
    4: lazy_gettext("无投诉、争议或纠纷"),
    5: lazy_gettext("3 个月内无异常或不安全行为"),
    6: lazy_gettext("无违规限制或处罚"),
}
OUTCOMES = {
    Judged.PASSED: lazy_gettext("通过"),
    Judged.FAILED: lazy_gettext("未通过"),
    Judged.CONFIRM: lazy_gettext("由本人确认"),
    Judged.UNAVAILABLE: lazy_gettext("暂时无法检查"),
}
PROPOSALS = {
    Proposing.RELEASE: lazy_gettext("解除因国家机关而设的暂停"),
    Proposing.WAIVE: lazy_gettext("豁免条件五"),
    Proposing.LIFT: lazy_gettext("松开全站制动"),
    Proposing.VOUCH: lazy_gettext("求助代替短信验证"),
}
CAUSES = {
    Cause.RATE: lazy_gettext("一小时内到期的申请超过设定件数"),
    Cause.CLOCK: lazy_gettext("系统时钟跳动"),
    Cause.OPERATOR: lazy_gettext("运维人员停下"),
}
TASKS = {
    tasks.Kind.REVIEW: lazy_gettext("核查"),
    tasks.Kind.ACCESS: lazy_gettext("停用或恢复账号"),
    tasks.Kind.ERASE: lazy_gettext("注销处理"),
    tasks.Kind.REMIND: lazy_pgettext("task", "提醒"),
    tasks.Kind.RELEASE: lazy_gettext("结束本人的暂停"),
}
MESSAGES = {
    MessageKind.CODE: lazy_gettext("验证码"),
    MessageKind.SUBMITTED: lazy_gettext("申请已受理"),
    MessageKind.HELD: lazy_gettext("申请已暂停"),
    MessageKind.RESUMED: lazy_gettext("申请已继续办理"),
    MessageKind.REFUSED: lazy_gettext("申请未通过"),
    MessageKind.RESTORED: lazy_gettext("申请已取消"),
    MessageKind.REMINDER: lazy_gettext("恢复期最后一天的提醒"),
    MessageKind.CLOSED: lazy_gettext("已注销"),
    MessageKind.LINK: lazy_gettext("重新发送的查看链接"),
    MessageKind.ALARM: lazy_gettext("验证码多次输错的提醒"),
    MessageKind.HELP_VERIFIED: lazy_gettext("求助代替了短信验证"),
    MessageKind.SUCCESSOR: lazy_gettext("请同事接手"),
}
SENT = {
    Sent.QUEUED: lazy_gettext("等待发送"),
    Sent.SENDING: lazy_gettext("正在发送"),
    Sent.SENT: lazy_gettext("已发送"),
    Sent.FAILED: lazy_gettext("发送失败"),
    Sent.UNKNOWN: lazy_gettext("结果不明，不会重发"),
    Sent.DROPPED: lazy_gettext("已过时，没有发送"),
}
ALERTS = {
    alerts.Kind.TASK_FAILS: lazy_gettext("任务多次失败，仍在重试"),
    alerts.Kind.RESIDUE: lazy_gettext("处理后仍有残留数据"),
    alerts.Kind.OVERDUE: lazy_gettext("超过承诺时间仍未完成"),
    alerts.Kind.BRAKE: lazy_gettext("全站注销处理已停下"),
    alerts.Kind.CLOCK: lazy_gettext("系统时钟跳动"),
    alerts.Kind.RESTORED_BACKUP: lazy_gettext("数据库恢复过备份"),
    alerts.Kind.FROZEN_ALONE: lazy_gettext("账号被停用，但没有对应的申请"),
    alerts.Kind.CLAIM: lazy_gettext("有人出示了未知申请的真回执"),
    alerts.Kind.HOLD_LATE: lazy_gettext("暂停已过复查日期"),
    alerts.Kind.HELP_OVERDUE: lazy_gettext("求助超过 15 天没有答复"),
    alerts.Kind.LEDGER: lazy_gettext("账本与存证不一致"),
}
EVENTS = {
    Kind.NOTICE_SHOWN: lazy_gettext("展示须知"),
    Kind.NOTICE_ACCEPTED: lazy_gettext("勾选同意须知"),
    Kind.CODE_VERIFIED: lazy_gettext("通过短信验证"),
    Kind.CONDITIONS_CONFIRMED: lazy_gettext("确认注销条件"),
    Kind.CONSEQUENCES_SHOWN: lazy_gettext("了解注销后果"),
    Kind.SUBMITTED: lazy_gettext("提交申请"),
    Kind.REVIEWED: lazy_gettext("核查通过"),
    Kind.HELD: lazy_pgettext("event", "暂停"),
    Kind.RESUMED: lazy_gettext("恢复核查"),
    Kind.RESTORED: lazy_pgettext("event", "恢复账号"),
    Kind.REFUSED: lazy_pgettext("event", "不予通过"),
    Kind.ACCESS_SET: lazy_gettext("账号的停用或恢复已确认"),
    Kind.ERASING: lazy_pgettext("event", "开始注销处理"),
    Kind.PLANNED: lazy_gettext("处理计划已定"),
    Kind.STEP_DONE: lazy_gettext("完成一步处理"),
    Kind.RESIDUE: lazy_gettext("检查发现残留"),
    Kind.CLOSED: lazy_gettext("已注销"),
    Kind.LOOKED: lazy_pgettext("event", "查看"),
    Kind.HASTENED: lazy_gettext("要求立即重试"),
    Kind.PROPOSED: lazy_gettext("提出双人复核"),
    Kind.APPROVED: lazy_gettext("复核同意"),
    Kind.DECLINED: lazy_gettext("复核不同意或撤回"),
    Kind.HELP_ASKED: lazy_gettext("提出求助"),
    Kind.HELP_ADDED: lazy_gettext("补充求助"),
    Kind.HELP_ANSWERED: lazy_gettext("答复求助"),
    Kind.HELP_ENDED: lazy_gettext("求助结束"),
    Kind.HELP_VERIFIED: lazy_gettext("由求助代替短信验证"),
    Kind.SUCCESSOR_NAMED: lazy_gettext("指定接手人"),
    Kind.SUCCESSOR_WITHDRAWN: lazy_gettext("取消指定"),
    Kind.SUCCESSOR_ACCEPTED: lazy_gettext("接手人接受"),
    Kind.SUCCESSOR_DECLINED: lazy_gettext("接手人婉拒"),
    Kind.HANDED_OVER: lazy_pgettext("event", "交接"),
    Kind.TAKEN_BACK: lazy_gettext("撤销交接"),
    Kind.DOWNLOAD_MADE: lazy_gettext("整理好个人数据"),
    Kind.DOWNLOAD_FETCHED: lazy_gettext("下载个人数据"),
    Kind.WAIVED: lazy_gettext("豁免条件五"),
}
LANGUAGES = {
    Language.CHINESE: lazy_pgettext("language", "中文"),
    Language.ENGLISH: lazy_pgettext("language", "英文"),
}
"""In which somebody reads the pages of people; what is written to them is best in it."""
HELP_STATES = {
    HelpState.OPEN: lazy_gettext("等待答复"),
    HelpState.ANSWERED: lazy_gettext("已答复"),
    HelpState.ENDED: lazy_gettext("已结束"),
}


class Compared(StrEnum):
    """What can be compared with the account before a case stands in for a code."""

    NAME = "name"
    MAIL = "mail"
    REGISTERED = "registered"
    RESUME = "resume"
    APPLICATIONS = "applications"
    COMPANY = "company"
    ORDERS = "orders"
    CALL = "call"


COMPARED = {
    Compared.NAME: lazy_gettext("姓名"),
    Compared.MAIL: lazy_gettext("邮箱"),
    Compared.REGISTERED: lazy_gettext("注册时间"),
    Compared.RESUME: lazy_gettext("简历内容"),
    Compared.APPLICATIONS: lazy_gettext("投递或面试记录"),
    Compared.COMPANY: lazy_gettext("公司和团队"),
    Compared.ORDERS: lazy_gettext("订单或发票"),
    Compared.CALL: lazy_gettext("电话核对"),
}
ACTORS = {
    Actor.PERSON: lazy_gettext("申请人"),
    Actor.PORTAL: lazy_gettext("系统"),
    Actor.OPERATOR: lazy_gettext("运维人员"),
    Actor.COMPANY: lazy_gettext("企业"),
}
_TEXTS = {
    "public": lazy_gettext("对申请人"),
    "internal": lazy_gettext("内部说明"),
    "basis": lazy_gettext("依据"),
    "source": lazy_gettext("来源"),
}


def called(names: Mapping[Any, Any], key: str) -> str:
    """The word for it; the key itself for something that these words don't know yet."""
    return str(names.get(key, key))


def actor(who: str, names: Mapping[str, str]) -> str:
    """What to call whom the ledger names."""
    return names.get(who) or called(ACTORS, who)


def subject(alert: Alert) -> str:
    """What an alert is about: a reference, or what stopped erasing for everybody."""
    return called(CAUSES, alert.subject) if alert.kind == alerts.Kind.BRAKE else alert.subject


def fact(one: Fact) -> str:
    """One fact in one sentence, about the person rather than to them."""
    if not isinstance(one, Dispute):
        return words.fact(one)
    facts = {"day": words.day(one.opened_at), "number": one.number}
    match one.kind:
        case DisputeKind.COMPLAINANT:
            return _("%(day)s投诉他人（编号 %(number)s），未处理完毕", **facts)
        case DisputeKind.RESPONDENT:
            return _("%(day)s被他人投诉（编号 %(number)s），未处理完毕", **facts)
        case DisputeKind.FREEZE:
            return _("%(day)s因争议被冻结（编号 %(number)s），未解冻", **facts)


def details(event: Told, names: Mapping[str, str]) -> list[tuple[str, str]]:
    """What an event says beyond its kind: label and value."""
    business = event.business
    said = [(str(label), business[key]) for key, label in _TEXTS.items() if key in business]
    if day := business.get("review_on"):
        said.append((_("复查日期"), words.day(date.fromisoformat(day))))
    if reason := business.get("reason"):
        said.insert(0, (_("原因"), called(REASONS, reason)))
    if first := business.get("proposed_by"):
        said.append((_("提出"), actor(first, names)))
    if event.kind == Kind.HELP_VERIFIED:
        both = [actor(event.facts[who], names) for who in ("by", "second")]
        said += [
            (_("求助编号"), event.facts["case"]),
            (pgettext("label", "核对"), words.listed(both)),
        ]
    if event.kind == Kind.STEP_DONE:
        said.append(
            (event.facts["step"], ngettext("%(num)s 行", "%(num)s 行", event.facts["rows"]))
        )
    if event.kind == Kind.HASTENED:
        said.append((_("任务"), called(TASKS, event.facts["task"])))
    if event.kind in (Kind.PROPOSED, Kind.APPROVED, Kind.DECLINED):
        said.append((_("事项"), called(PROPOSALS, event.facts["what"])))
    return said


def last_day(review_by: datetime) -> str:
    """The day a hold has to be looked at again by: it is kept as the end of that day."""
    return words.day(review_by - timedelta(microseconds=1))


def time_left(closure: Closure, now: datetime) -> str:
    """How long until the promise; while held, how long it will be when checking goes on."""
    match State(closure.state):
        case State.PENDING | State.ERASING if closure.promise_at < now:
            return _("逾期 %(span)s", span=_span(now - closure.promise_at))
        case State.PENDING | State.ERASING:
            return _("剩 %(span)s", span=_span(closure.promise_at - now))
        case State.HELD:
            return _("计时暂停，剩 %(span)s", span=_span(closure.promise_at - closure.changed_at))
    return _("已结束")


def is_overdue(closure: Closure, now: datetime) -> bool:
    return closure.state in (State.PENDING, State.ERASING) and closure.promise_at < now


def _span(span: timedelta) -> str:
    hours, rest = divmod(int(span.total_seconds()), 3600)
    if hours:
        return ngettext("%(num)s 小时", "%(num)s 小时", hours)
    return ngettext("%(num)s 分钟", "%(num)s 分钟", rest // 60)


def register(app: Flask) -> None:
    """Give the console's templates these words as filters."""
    filters: dict[str, Mapping[Any, Any]] = {
        "state": STATES,
        "reason": REASONS,
        "role": ROLES,
        "condition": CONDITIONS,
        "outcome": OUTCOMES,
        "proposal": PROPOSALS,
        "cause": CAUSES,
        "task": TASKS,
        "message": MESSAGES,
        "sent": SENT,
        "alert": ALERTS,
        "event": EVENTS,
        "language": LANGUAGES,
        "help_state": HELP_STATES,
        "help_topic": words.HELP_TOPICS,
    }
    for name, names in filters.items():
        app.add_template_filter(partial(called, names), f"staff_{name}")
    app.add_template_filter(actor, "staff_actor")
    app.add_template_filter(subject, "staff_subject")
    app.add_template_filter(fact, "staff_fact")
    app.add_template_filter(details, "staff_details")
    app.add_template_filter(last_day, "staff_last_day")
    app.add_template_filter(time_left, "staff_time_left")
    app.add_template_filter(is_overdue, "staff_overdue")
