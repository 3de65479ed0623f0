"""The SMS that somebody got, by what they tell."""

from sqlalchemy import select

from portal.accounts.sample.cast import Person
from portal.services import Services
from portal.store.tables import Message

_TELLING = {
    "验证码": "code",
    "已受理": "submitted",
    "已暂停": "held",
    "已继续办理": "resumed",
    "未通过": "refused",
    "已取消": "restored",
    "后开始处理": "reminder",
    "查看链接": "link",
    "不是您本人操作": "alarm",
    "已注销": "closed",
    "请您接手": "successor",
}


def told(services: Services, person: Person) -> list[str]:
    """What the SMS to this person told, in order; codes are left out."""
    texts = [text for phone, text in services.gateway.sent if phone == person.phone]
    kinds = ["alarm" if "不是您本人操作" in text else _kind(text) for text in texts]
    return [kind for kind in kinds if kind != "code"]


def _kind(text: str) -> str:
    return next(kind for words, kind in _TELLING.items() if words in text)


def last_text(services: Services, person: Person) -> str:
    return str([text for phone, text in services.gateway.sent if phone == person.phone][-1])


def messages(services: Services, kind: str) -> list[Message]:
    with services.store.begin() as session:
        return list(session.scalars(select(Message).where(Message.kind == kind)))
