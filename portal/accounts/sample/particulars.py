"""What makes each sample person worth looking at; everybody else leads a usual life."""

from collections.abc import Callable, Mapping

from portal.accounts.sample.cast import COLLEAGUES
from portal.accounts.sample.companies import QINGCHUAN, YUANSHAN, YUNFAN
from portal.accounts.sample.lives import Life, entitle, note_event, order
from portal.accounts.sample.schema import account, desk, money


def _coins(life: Life) -> None:
    mine = life.person.seeker_id
    entitle(life, mine, ("智联币", 120, "枚"))
    entitle(life, mine, ("VIP会员服务", 34, "天"))
    entitle(life, mine, ("简历置顶服务", 2, "次"))


def _debt(life: Life) -> None:
    life.sheet.add(
        money.debt,
        account_id=life.person.id,
        what="简历优化服务分期款",
        fen=12800,
        since=life.ago(45),
    )


def _unpaid_order(life: Life) -> None:
    order(life, life.person.seeker_id, "面试辅导服务 1 次", 29900, money.PROVIDED)


def _abandoned_order(life: Life) -> None:
    order(life, life.person.seeker_id, "职业咨询服务 1 次", 39900, money.ABANDONED)


def _complain(life: Life, number: str, complainant: str, respondent: str) -> None:
    life.sheet.add(
        desk.complaint,
        number=number,
        complainant_id=complainant,
        respondent_id=respondent,
        subject="沟通中言语不当",
        statement="请平台核查聊天内容。",
        opened_at=life.ago(6),
    )


def _complainant(life: Life) -> None:
    other = COLLEAGUES[0].recruiter_id(YUNFAN)
    _complain(life, "TS202600000001", life.person.seeker_id, other)


def _respondent(life: Life) -> None:
    other = COLLEAGUES[1].recruiter_id(YUANSHAN)
    _complain(life, "TS202600000002", other, life.person.seeker_id)


def _freeze(life: Life, owner: str, reason: str) -> None:
    life.sheet.add(
        account.freeze,
        account_id=life.person.id,
        owner=owner,
        reason=reason,
        since=life.ago(12),
    )


def _dispute_frozen(life: Life) -> None:
    _freeze(life, "dispute", "交易争议核查中")


def _penalty_frozen(life: Life) -> None:
    _freeze(life, "penalty", "发布违规信息，账号冻结")


def _recent_sign_in(life: Life) -> None:
    note_event(life, "异地登录", life.ago(20), suspicious=True)


def _old_sign_in(life: Life) -> None:
    note_event(life, "异地登录", life.ago(100), suspicious=True)


def _many_identities(life: Life) -> None:
    entitle(life, life.person.seeker_id, ("简历模板服务", 3, "次"))
    entitle(life, life.person.recruiter_id(YUNFAN), ("职位刷新服务", 8, "次"), YUNFAN)


def _recruiter(life: Life) -> None:
    mine = life.person.recruiter_id(QINGCHUAN)
    entitle(life, mine, ("智联币", 60, "枚"), QINGCHUAN)
    entitle(life, mine, ("职位置顶服务", 5, "次"), QINGCHUAN)


def _bound_apps(life: Life) -> None:
    for days, service in ((500, "微信"), (400, "支付宝"), (300, "猎头助手")):
        life.sheet.add(
            account.third_party_binding,
            account_id=life.person.id,
            service=service,
            subject=f"openid-{life.person.key}-{days}",
            nickname=life.person.name,
            bound_at=life.ago(days),
        )


PARTICULARS: Mapping[str, Callable[[Life], None]] = {
    "coins": _coins,
    "debt": _debt,
    "unpaid_order": _unpaid_order,
    "abandoned_order": _abandoned_order,
    "complainant": _complainant,
    "respondent": _respondent,
    "dispute_frozen": _dispute_frozen,
    "penalty_frozen": _penalty_frozen,
    "recent_sign_in": _recent_sign_in,
    "old_sign_in": _old_sign_in,
    "many_identities": _many_identities,
    "recruiter": _recruiter,
    "bound_apps": _bound_apps,
}
"""By the key of the person."""

CHANNELS = {"unofficial": "partner_import"}
SHUT = {"dispute_frozen", "penalty_frozen"}
TIMES = {"busy": 5}
