"""What an operator or a supervisor has to look at."""

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask_babel import gettext as _
from flask_babel import pgettext

from portal.services import Services
from portal.staffroom import acts
from portal.staffroom.members import Member
from portal.staffroom.roles import Permission, may
from portal.store import alerts
from portal.store.tables import Alert
from portal.web.guards import Answer
from portal.web.staff.confirming import Step, confirm
from portal.web.staff.guards import needs, unknown
from portal.web.staff.words import ALERTS, called, subject
from portal.web.words import instant

pages = Blueprint("alerts", __name__)


@pages.get("/alerts")
@needs(Permission.LOOK)
def listed(services: Services, me: Member) -> Answer:
    with services.store.begin() as transaction:
        found = alerts.open_alerts(transaction)
    may_act = may(me.role, Permission.ACT)
    return render_template("staff/alerts.html", me=me, alerts=found, may_act=may_act)


@pages.route("/alerts/<int:alert>", methods=["GET", "POST"])
@needs(Permission.ACT)
def acknowledge(services: Services, me: Member, alert: int) -> Answer:
    with services.store.begin() as transaction:
        found = next((one for one in alerts.open_alerts(transaction) if one.id == alert), None)
    if request.method == "POST":
        done = found is not None and acts.acknowledge(services, me, alert)
        flash(_("已确认。") if done else _("这条提醒已经有人确认。"))
        return redirect(url_for("staff.alerts.listed"), 303)
    return confirm(me, _step(found)) if found else unknown(me)


def _step(alert: Alert) -> Step:
    return Step(
        heading=_("确认已知悉"),
        effects=[_("这条提醒从列表移除；同样的情况再次发生时会重新出现。")],
        action=url_for("staff.alerts.acknowledge", alert=alert.id),
        button=_("已知悉"),
        away=url_for("staff.alerts.listed"),
        rows=[
            (pgettext("label", "提醒"), called(ALERTS, alert.kind)),
            (_("对象"), subject(alert)),
            (_("首次"), instant(alert.first_at)),
            (_("次数"), str(alert.times)),
        ],
    )
