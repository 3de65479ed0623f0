"""The desk of a company: what recruiters leave there, and who takes it over (二.3.2)."""

from collections.abc import Callable, Sequence
from functools import wraps

from flask import Blueprint, abort, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _
from flask_babel import lazy_gettext, ngettext
from werkzeug.datastructures import MultiDict
from werkzeug.wrappers import Response

from portal.accounts.system import (
    Estate,
    Item,
    Left,
    Member,
    NotAllowedError,
    Refused,
    Share,
    Why,
)
from portal.closure.verify import Verified
from portal.handover import desk
from portal.handover.desk import Desk
from portal.messages.texts import Purpose
from portal.services import Services
from portal.web import paused
from portal.web.forms import ItemsForm, OffersForm, TakeBackForm
from portal.web.guards import Answer, is_fresh, with_services
from portal.web.verify import Pages, ask_code, ask_phone
from portal.web.verify import resend as send_again
from portal.web.visitor import present

pages = Blueprint("handover", __name__, url_prefix="/handover")
CODE_PAGES = Pages(Purpose.HANDOVER, "handover.phone", "handover.code", "handover.resend")
POOL = "pool"
Typed = MultiDict[str, str]
_WHY = {
    Why.TAKEN: lazy_gettext("有内容已由同事接手，没有重复交接。接手人和时间见下方。"),
    Why.LESS: lazy_gettext("有权益的数量已经变少，没有交接。请按现在的数量重新选择。"),
    Why.GONE: lazy_gettext("有内容已不能交接：申请已结束、已开始处理，或内容已用完、已到期。"),
    Why.NO_HEIR: lazy_gettext("没有交接：所选的同事已不在公司，或也在注销账号。请另选一位。"),
}


@pages.route("/phone", methods=["GET", "POST"])
@with_services
def phone(services: Services) -> Answer:
    return ask_phone(services, CODE_PAGES)


@pages.post("/resend")
@with_services
def resend(services: Services) -> Answer:
    return send_again(services, CODE_PAGES)


@pages.route("/code", methods=["GET", "POST"])
@with_services
def code(services: Services) -> Answer:
    answer = ask_code(services, CODE_PAGES)
    if answer is not None and not isinstance(answer, Verified):
        return answer
    naming = answer is not None and session.pop("naming", None)
    if answer is not None and (act := paused.page(services)):
        page, chosen = act
        flash(
            _("身份已验证。刚才的操作还没有生效，请核对后继续。")
            if chosen
            else _("身份已验证。刚才的操作还没有生效，请重新选择。")
        )
        return redirect(page, 303)
    return redirect(url_for("successors.show" if naming else "handover.show"), 303)


def _code_first(services: Services, page: str, *, keep: bool = True) -> Response:
    """What moves assets needs a code of the last 15 minutes (ASVS 7.5.3), not only a sign-in."""
    flash(_("距上次验证身份已超过 15 分钟。交接前，请再用短信验证码验证一次，之后回到刚才的操作。"))
    return paused.for_a_code(services, CODE_PAGES.phone, page, keep=keep)


def _fresh(services: Services) -> bool:
    return is_fresh(services, present())


def _resumed(services: Services, page: str) -> Typed:
    """What was chosen here before the code was given; it waits for that."""
    return paused.resume(services, page) if _fresh(services) else MultiDict()


def signed_in(view: Callable[..., Answer]) -> Callable[..., Answer]:
    """Only for an account that gave its code; the view gets its desks."""

    @wraps(view)
    @with_services
    def guarded(services: Services, /, **parts: str) -> Answer:
        visitor = present()
        if visitor is None or visitor.account_id is None or not visitor.row.by_code:
            return redirect(url_for("handover.phone"), 303)
        try:
            return view(services, desk.desks(services, visitor.account_id), **parts)
        except NotAllowedError:
            return _not_any_more()

    return guarded


def at_desk(view: Callable[[Services, Desk, Estate], Answer]) -> Callable[..., Answer]:
    """Only for who is in charge of the company; other companies' desks are no pages (404)."""

    @wraps(view)
    @signed_in
    def guarded(services: Services, desks: list[Desk], /, *, of: str, left: str) -> Answer:
        mine = [one for one in desks if token(services, one.member.identity_id) == of]
        if not mine:
            abort(404)
        if not mine[0].member.hands_over:
            return _not_any_more()
        estates = [one for one in mine[0].estates if estate_token(services, one) == left]
        if not estates:
            flash(_("这份交接已经不在了：申请已结束，或已开始注销处理。"))
            return redirect(url_for("handover.show"), 303)
        return view(services, mine[0], estates[0])

    return guarded


def _not_any_more() -> Response:
    flash(_("您现在不是这家公司的超级管理员或企业管理员，不能交接。刚才的操作没有生效。"))
    return redirect(url_for("handover.show"), 303)


def token(services: Services, identity_id: str) -> str:
    """What an address says instead of an identity's id."""
    return services.vault.digest("desk", identity_id)[:16]


def estate_token(services: Services, estate: Estate) -> str:
    return token(services, estate.identity_id) if estate.identity_id else POOL


@pages.get("")
@signed_in
def show(services: Services, desks: list[Desk]) -> Answer:
    return render_template(
        "handover/desks.html",
        desks=desks,
        ticked=OffersForm(_resumed(services, url_for("handover.show"))).offer.data,
        token=lambda one: token(services, one),
        estate_token=lambda one: estate_token(services, one),
    )


@pages.post("/named/<of>")
@signed_in
def answer(services: Services, desks: list[Desk], /, *, of: str) -> Answer:
    """Accept or decline what leaving colleagues have named this member for."""
    mine = [one.member for one in desks if token(services, one.member.identity_id) == of]
    if not mine:
        abort(404)
    form = OffersForm()
    if not form.validate():
        flash(_("请至少选择一项"))
    elif form.answer.data == "accept" and not _fresh(services):
        return _code_first(services, url_for("handover.show"))
    elif form.answer.data == "accept":
        _say(
            desk.accept(services, mine[0], form.offer.data),
            _("您接受的内容已为您预留，注销完成时归您。"),
        )
    elif desk.decline(services, mine[0], form.offer.data):
        flash(_("已婉拒。管理员仍可以交接给其他同事。"))
    return redirect(url_for("handover.show"), 303)


@pages.route("/<of>/<left>", methods=["GET", "POST"])
@at_desk
def estate(services: Services, mine: Desk, left: Estate) -> Answer:
    """Choose, check, hand over: nothing happens before the second click.

    What waited for a code comes back here to be checked.
    """
    here = _here()
    typed = request.form or _resumed(services, here)
    form = ItemsForm(typed)
    members = _heirs(services, mine.member)
    form.to.choices = [("", _("请选择")), *((one.identity_id, label(one)) for one in members)]
    shares = _shares(form, left, typed) if typed and form.validate() else None
    if not shares:
        return _estate_page(services, mine, left, form, typed)
    if not _fresh(services):
        return _code_first(services, here)
    if form.confirmed.data != "y":
        return _confirm_page(left, form, shares)
    refused = desk.hand_over(services, mine.member, left, shares, form.to.data)
    _say(refused, _given(len(shares) - len(refused)) if len(shares) > len(refused) else None)
    return redirect(here, 303)


@pages.post("/<of>/<left>/back")
@at_desk
def take_back(services: Services, mine: Desk, left: Estate) -> Answer:
    if not _fresh(services):
        return _code_first(services, _here(), keep=False)
    shares = [share for one in TakeBackForm().item.data if (share := _share(one))]
    if desk.take_back(services, mine.member, left, shares):
        flash(_("已撤销，可以重新交接。"))
    else:
        flash(_("没有撤销：已超过可撤销的时间、已开始使用，或同事已经撤销。"))
    return redirect(_here(), 303)


def _here() -> str:
    return url_for("handover.estate", **(request.view_args or {}))


def _heirs(services: Services, member: Member) -> tuple[Member, ...]:
    """Oneself first: taking over is what one mostly comes for."""
    return (member, *services.accounts.colleagues(member.identity_id))


def label(member: Member) -> str:
    return f"{member.name} {member.title}".strip()


def _share(value: str) -> Share | None:
    kind, _colon, key = value.partition(":")
    return Share(Left(kind), key) if kind in set(Left) and key.isdecimal() else None


def chosen(values: Sequence[str], items: Sequence[Item]) -> list[str]:
    """What was ticked, one by one; ``kind:all`` stands for all there are of a kind."""
    kinds = {value.partition(":")[0] for value in values if value.endswith(":all")}
    every = [f"{one.kind}:{one.key}" for one in items if one.heir is None and one.kind in kinds]
    return list(dict.fromkeys([*(v for v in values if not v.endswith(":all")), *every]))


def _shares(form: ItemsForm, left: Estate, typed: Typed) -> list[Share]:
    """What was chosen, of entitlements as many as were asked for; none where a number is wrong."""
    there = {f"{one.kind}:{one.key}": one for one in left.items if one.heir is None}
    found = []
    for value in chosen(form.item.data, left.items):
        share = _share(value)
        if share and share.kind is Left.ENTITLEMENT:
            share = _counted(form, share, there.get(value), typed)
        if share:
            found.append(share)
    if form.errors:
        return []
    if not found:
        form.refuse(form.item, _("请至少选择一项"))
    return found


def _counted(form: ItemsForm, share: Share, item: Item | None, typed: Typed) -> Share | None:
    """As many as were typed; all there are where nothing was."""
    number = typed.get(f"quantity-{share.key}", "").strip()
    whole = item.quantity if item else 1
    if number and not (number.isdecimal() and len(number) < 10 and int(number) > 0):
        form.refuse(form.item, _("数量请填大于 0 的整数"))
        return None
    quantity = int(number) if number else whole
    if item and quantity > whole:
        form.refuse(form.item, _("填写的数量超过了现有的数量，请核对"))
        return None
    return Share(share.kind, share.key, quantity)


def _estate_page(
    services: Services, mine: Desk, left: Estate, form: ItemsForm, typed: Typed
) -> str:
    names = {one.identity_id: one.name for one in _heirs(services, mine.member)}
    wishes = {
        key: names[one.to_id]
        for key, one in desk.wishes(services, left).items()
        if one.to_id in names
    }
    return render_template(
        "handover/estate.html",
        form=form,
        errors=form.summary(),
        typed=typed,
        estate=left,
        company=mine.member.company,
        free=[item for item in left.items if item.heir is None],
        handed=[item for item in left.items if item.heir],
        wishes=wishes,
        action=_here(),
        back_action=url_for("handover.take_back", **(request.view_args or {})),
    )


def _confirm_page(left: Estate, form: ItemsForm, shares: Sequence[Share]) -> str:
    there = {(one.kind, one.key): one for one in left.items}
    chosen = [(one, there.get((one.kind, one.key))) for one in shares]
    return render_template(
        "handover/confirm.html",
        form=form,
        chosen=[(share, item) for share, item in chosen if item],
        estate=left,
        to=dict(form.to.choices)[form.to.data],
        action=_here(),
    )


def _say(refused: Sequence[Refused], done: str | None) -> None:
    """What became of it; names stand on the page, not in the cookie."""
    if done and not refused:
        flash(done)
    elif done:
        flash(_("其余内容已交接。"))
    for why in dict.fromkeys(one.why for one in refused):
        flash(str(_WHY[why]))


def _given(number: int) -> str:
    return ngettext("已交接 %(num)s 项。", "已交接 %(num)s 项。", number)
