"""What a usual person leaves behind by oneself; ``meetings`` adds what two people share.

A person's own texts carry the person's name and nobody else's do: a trace of the name in the
database after closing is a trace of the person.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta

from portal.accounts.sample.cast import Person
from portal.accounts.sample.schema import account, desk, money, seeking
from portal.accounts.sample.sheet import Sheet, opaque
from portal.accounts.system import Role

_PIXEL = bytes.fromhex(
    "89504e470d0a1a0a0000000d49484452000000010000000108060000001f15c489"
    "0000000d49444154789c63000100000500010d0a2db40000000049454e44ae426082"
)
_DEVICES = ("iPhone · 智联招聘 App", "Windows · Chrome", "Android · 智联招聘 App")
_CITIES = ("北京", "上海", "深圳", "杭州", "成都")


@dataclass(frozen=True)
class Life:
    """Whose rows, on which sheet, seen from when."""

    sheet: Sheet
    person: Person
    now: datetime
    times: int = 1
    """How many times as many rows of what repeats."""

    def often(self, number: int) -> Iterator[tuple[int, datetime]]:
        """Each time, and when it was: within the last months, the newest first."""
        for n in range(number * self.times):
            yield n, self.ago(2 + n * 150 // (number * self.times), hours=n % 12)

    def ago(self, days: int, hours: int = 0) -> datetime:
        return self.now - timedelta(days=days, hours=hours)


def register(life: Life, channel: str, *, can_sign_in: bool) -> None:
    who = life.person
    life.sheet.add(
        account.account,
        id=who.id,
        login_name=f"user_{who.key}",
        phone=who.phone,
        mail=who.mail,
        name=who.name,
        password_hash=f"scrypt:{opaque('password', who.key)}",
        can_sign_in=can_sign_in,
        channel=channel,
        registered_at=life.ago(900),
    )
    life.sheet.add_file("avatar", ".png", _PIXEL, life.ago(800), account_id=who.id)
    for n, at in life.often(10):
        amount = n % 5 + 1
        life.sheet.add(
            money.points, account_id=who.id, amount=amount, reason="每日签到", earned_at=at
        )
        note_event(life, "登录成功", at)


def note_event(life: Life, what: str, at: datetime, *, suspicious: bool = False) -> None:
    life.sheet.add(
        account.security_event,
        account_id=life.person.id,
        what=what,
        suspicious=suspicious,
        ip=f"203.0.113.{at.day}",
        device=_DEVICES[at.day % 3],
        at=at,
    )


def use(life: Life, identity_id: str) -> None:
    """What every identity leaves, a seeker's or a recruiter's."""
    for n, at in life.often(3):
        life.sheet.add(
            account.session,
            identity_id=identity_id,
            token_hash=opaque("token", identity_id, n),
            device=_DEVICES[n % 3],
            ip=f"203.0.113.{n + 1}",
            began_at=at,
        )
    for n, at in life.often(40):
        words, city = f"{life.person.name} 第{n + 1}次搜索", _CITIES[n % 5]
        life.sheet.add(
            seeking.search_record, identity_id=identity_id, words=words, city=city, searched_at=at
        )
    for n, at in life.often(21):
        body = f"{life.person.name}，您好：本周有 {n + 3} 条新动态。"
        life.sheet.add(
            desk.inbox_message, identity_id=identity_id, title="每周动态", body=body, sent_at=at
        )
    order(life, identity_id, "VIP会员服务 30 天", 3000, money.PAID)


def order(life: Life, identity_id: str, what: str, fen: int, status: str) -> None:
    at = life.ago(60)
    life.sheet.add(
        money.service_order,
        number=f"ZL{opaque(identity_id, what)[:16]}",
        account_id=life.person.id,
        identity_id=identity_id,
        what=what,
        fen=fen,
        status=status,
        buyer_name=life.person.name,
        buyer_phone=life.person.phone,
        ordered_at=at,
        provided_at=None if status == money.ABANDONED else at,
        paid_at=at if status == money.PAID else None,
    )


def become_seeker(life: Life, status: str) -> None:
    """The seeker identity, what it keeps and its two résumés."""
    who = life.person
    life.sheet.add(
        account.identity,
        id=who.seeker_id,
        account_id=who.id,
        role=Role.SEEKER,
        display_name=who.name,
        status=status,
        findable=True,
        created_at=life.ago(900),
    )
    use(life, who.seeker_id)
    for n, at in life.often(3):
        life.sheet.add(
            seeking.follow, identity_id=who.seeker_id, company_id=1001 + n % 3, followed_at=at
        )
    for title in ("中文简历", "English résumé"):
        life.sheet.add(
            seeking.resume,
            identity_id=who.seeker_id,
            title=title,
            full_name=who.name,
            phone=who.phone,
            mail=who.mail,
            birth_month="1995-06",
            content=resume_text(who),
            updated_at=life.ago(40),
        )
    life.sheet.add_file(
        "attachment", ".txt", resume_text(who).encode(), life.ago(40), identity_id=who.seeker_id
    )


def resume_text(who: Person) -> str:
    return f"{who.name}，{who.phone}，{who.mail}。五年工作经验，熟悉本行业，期待面谈。"


def entitle(
    life: Life, identity_id: str, what: tuple[str, int, str], company_id: int | None = None
) -> None:
    """Something unspent: its name, how many, in which unit."""
    name, quantity, unit = what
    life.sheet.add(
        money.entitlement,
        identity_id=identity_id,
        company_id=company_id,
        name=name,
        quantity=quantity,
        unit=unit,
        status=account.ACTIVE,
        expires_at=life.now + timedelta(days=quantity) if unit == "天" else None,
    )
