"""The story of a closure for its page: what happened, what is going on, what will be."""

from typing import NamedTuple

from flask_babel import gettext as _
from flask_babel import lazy_gettext, lazy_pgettext

from portal.closure.lifecycle import State
from portal.closure.progress import Milestone
from portal.evidence.ledger import Kind
from portal.store.tables import Closure
from portal.web.words import instant


class Entry(NamedTuple):
    """One line; ``status`` is done, current or todo."""

    title: str
    text: str | None
    at: object
    status: str


_DONE = {
    Kind.SUBMITTED: lazy_gettext("已提交"),
    Kind.HELD: lazy_gettext("已暂停"),
    Kind.RESUMED: lazy_gettext("恢复核查"),
    Kind.RESTORED: lazy_gettext("已恢复"),
    Kind.REFUSED: lazy_pgettext("closure", "未通过"),
    Kind.ERASING: lazy_gettext("开始注销处理"),
    Kind.CLOSED: lazy_gettext("已注销"),
}


def timeline(closure: Closure, milestones: tuple[Milestone, ...]) -> list[Entry]:
    """The milestones, then what the state says is going on and still to come."""
    done = [Entry(str(_DONE[one.kind]), None, one.at, "done") for one in milestones]
    match State(closure.state):
        case State.PENDING:
            return [*done, *_pending(closure)]
        case State.HELD:
            held = done.pop()
            return [*done, held._replace(text=_held(), status="current"), *_to_come(closure)]
        case State.ERASING:
            text = _("正在删除或匿名化处理您的信息和数据，不能再恢复。")
            return [*done, Entry(_("处理中"), text, None, "current"), _closing(closure)]
        case State.RESTORED if not closure.access_confirmed:
            decided = done.pop()
            return [*done, decided._replace(title=_("正在恢复"), status="current")]
        case _:
            end = done.pop()
            return [*done, end._replace(status="current")]


def _pending(closure: Closure) -> list[Entry]:
    text = _("我们正在核查账号是否符合注销条件。您不需要做什么。")
    return [Entry(_("核查中"), text, None, "current"), *_to_come(closure)]


def _to_come(closure: Closure) -> list[Entry]:
    held = closure.state == State.HELD
    begin = _("最早 %(at)s", at=instant(closure.erase_at))
    return [
        Entry(_("开始注销处理"), None if held else begin, None, "todo"),
        _closing(closure),
    ]


def _closing(closure: Closure) -> Entry:
    held = closure.state == State.HELD
    text = None if held else _("不晚于 %(at)s", at=instant(closure.promise_at))
    return Entry(_("已注销"), text, None, "todo")


def _held() -> str:
    return _("暂停中，核查恢复后顺延。")
