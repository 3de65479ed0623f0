"""Whoever leaves names who shall have what they leave to the company (二.3.2)."""

from flask import Blueprint, flash, redirect, render_template, request, session, url_for
from flask_babel import gettext as _

from portal.handover import naming
from portal.handover.naming import Leaving
from portal.services import Services
from portal.web import handover, paused
from portal.web.forms import ItemsForm
from portal.web.guards import Answer, is_fresh, open_reference, this_journey, with_services
from portal.web.visitor import present

pages = Blueprint("successors", __name__, url_prefix="/handover/successors")
NOBODY = "nobody"


@pages.route("", methods=["GET", "POST"])
@with_services
def show(services: Services) -> Answer:
    """Needs a code of the last 15 minutes, like everything that changes what becomes of things."""
    visitor = present()
    account_id = visitor.account_id if visitor else None
    account = services.accounts.account(account_id) if account_id else None
    if account is None or not is_fresh(services, visitor):
        session["naming"] = True
        paused.forget()
        flash(_("指定接手人前，请先用短信验证码验证身份。"))
        return redirect(url_for("handover.phone"), 303)
    journey = this_journey(services)
    leaving = naming.leaving(services, account, journey)
    form = ItemsForm()
    wanted = request.form.get("of")
    mine = [one for one in leaving if handover.token(services, one.identity_id) == wanted]
    if mine:
        form.to.choices = _choices(mine[0])
    if form.is_submitted() and mine and form.validate():
        wanted_items = handover.chosen(form.item.data, mine[0].estate.items)
        items = [i for i in mine[0].estate.items if f"{i.kind}:{i.key}" in wanted_items]
        to = None if form.to.data == NOBODY else form.to.data
        done = naming.name(services, account, journey, mine[0], items, to)
        flash(_said(done=done, named=to is not None))
        return redirect(url_for("successors.show"), 303)
    reference = open_reference(services, account)
    return render_template(
        "handover/successors.html",
        form=form,
        errors=form.summary() if mine else [],
        wanted=wanted,
        leaving=leaving,
        choices=_choices,
        token=lambda one: handover.token(services, one),
        back=url_for("progress.show", reference=reference)
        if reference
        else url_for("journey.consequences"),
    )


def _choices(leaver: Leaving) -> list[tuple[str, str]]:
    people = [(one.identity_id, handover.label(one)) for one in leaver.colleagues]
    return [("", _("请选择")), *people, (NOBODY, _("不指定（取消已指定的）"))]


def _said(*, done: bool, named: bool) -> str:
    if not done:
        return _("没有改动：已开始注销处理、内容已有人接手，或这位同事已不在公司。")
    return _("已指定，等待同事或管理员接受。") if named else _("已取消指定。")
