"""Handing over what somebody has: a look at it, to whom, and the step itself."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, abort, request, url_for
from flask_babel import gettext as _
from flask_babel import ngettext

from crmlite import clock
from crmlite.access import Permission, can, current_reader, requires
from crmlite.accounts.queries import owners, people, person_name
from crmlite.forms import Form
from crmlite.handover import operations, queries
from crmlite.handover.finding import KINDS, counts_of, preview, shares
from crmlite.paging import page, saved, toast
from crmlite.rules.handover import EVENLY, REGION, TIER, WAYS
from crmlite.rules.text import clean_int
from crmlite.wording import N_, label
from crmlite.work import Refused

bp = Blueprint("handover", __name__, template_folder="templates")
MAKE = "handover:make"
WORDS = {
    "customers": N_("Customers"),
    "dedicated": N_("Dedicated person of"),
    "promises": N_("Promises"),
    "touches": N_("Planned touches"),
    "tasks": N_("Open tasks"),
    "cases": N_("Cases under way"),
    "seats": N_("Seats in joint teams"),
    "improvements": N_("Open improvements"),
}
WAY_WORDS = {
    EVENLY: N_("evenly"),
    TIER: N_("by tier: each tier to one person"),
    REGION: N_("by region: each region to one person"),
}
SENTENCES = {
    "handover-to-nobody": N_("Please choose who takes it over."),
    "handover-nothing": N_("There is nothing to hand over."),
}


def permissions() -> list[Permission]:
    """Who hands over what somebody has."""
    return [
        Permission(
            name=MAKE,
            label=N_("Hand over somebody's customers and work"),
            group=N_("People"),
            defaults={"manager": "all"},
        )
    ]


@bp.get("/settings/handovers")
@requires(MAKE)
def index() -> Any:
    """Who left with work undone, and the last hand-overs."""
    behind = [
        {"name": person_name(user_id), "url": _address(user_id), "counts": words_of(counts)}
        for user_id, counts in queries.left_behind().items()
    ]
    here = [one for one in people().values() if one.active]
    return page(
        "handover/handovers.html",
        behind=behind,
        here=[{"name": one.name, "url": _address(one.id)} for one in here],
        made=[_made(row) for row in queries.latest()],
    )


@bp.get("/settings/handovers/<int:handover_id>/progress")
@requires(MAKE)
def progress(handover_id: int) -> Any:
    """How far one is."""
    row = queries.handover(handover_id)
    if row is None:
        abort(404)
    return page("handover/progress.html", "handover/_progress.html", one=_made(row))


@bp.route("/settings/people/<int:user_id>/handover", methods=["GET", "POST"])
@requires(MAKE)
def show(user_id: int) -> Any:
    """What somebody has, and with `?to=` who would get how much of it; sent, it is handed over."""
    person = people().get(user_id)
    if person is None:
        abort(404)
    offered = [one for one in owners() if one.id != user_id]
    given = request.form if request.method == "POST" else request.args
    to, way = _asked(given, [one.id for one in offered])
    if request.method == "POST":
        return _handed_over(user_id, to, way)
    counts = counts_of([user_id]).get(user_id, {})
    shared = preview(shares(user_id, to, way)) if to else {}
    return page(
        "handover/handover.html",
        person=person,
        counts=[(label(WORDS[kind]), counts[kind]) for kind in KINDS if counts.get(kind)],
        offered=offered,
        to=to,
        way=way,
        ways=[(one, label(WAY_WORDS[one])) for one in WAYS],
        shares=[(person_name(one), shared.get(one, 0)) for one in to],
        leads=[label(team.label) for team in queries.leads(user_id)],
        form_key=Form().key,
        here=_address(user_id),
    )


def _handed_over(user_id: int, to: list[int], way: str) -> Any:
    reader = current_reader()
    try:
        handover_id = operations.hand_over(
            user_id, to, way, form_key=Form().key, by=reader.actor, at=clock.now()
        )
    except Refused as refusal:
        toast(_(SENTENCES[refusal.code]), kind="error")
        return saved(_address(user_id))
    row = queries.handover(handover_id)
    if row is None or row["finished_at"] is None:
        return saved(url_for("handover.index"), message=_("The hand-over has begun."))
    message = _("%(name)s's work is handed over.", name=person_name(user_id))
    return saved(url_for("handover.index"), message=message, undo=row["operation_id"])


def _asked(given: Any, offered: list[int]) -> tuple[list[int], str]:
    """To whom and how, as far as it is offered."""
    numbers = [clean_int(one, least=1, most=2**31 - 1).value for one in given.getlist("to")]
    to = [one for one in dict.fromkeys(numbers) if one in offered]
    way = given.get("way", EVENLY)
    return [one for one in to if one is not None], way if way in WAYS else EVENLY


def words_of(counts: Mapping[str, int]) -> str:
    """What somebody has, in one line."""
    return _(", ").join(
        f"{label(WORDS[kind])} {counts[kind]}" for kind in KINDS if counts.get(kind)
    )


def _made(row: Any) -> dict[str, Any]:
    done = row["finished_at"] is not None
    return {
        "id": row["id"],
        "from": person_name(row["user_id"]),
        "to": _(", ").join(person_name(one) for one in row["receivers"]),
        "way": label(WAY_WORDS[row["way"]]),
        "counts": words_of(row["counts"]),
        "at": row["at"],
        "done": done,
        "undo": url_for("history.undo_operation", operation_id=row["operation_id"])
        if done and can("history:undo")
        else "",
        "moved": row["moved"],
        "total": row["total"],
        "text": ngettext(
            "%(moved)s of %(num)d moved", "%(moved)s of %(num)d moved", row["total"],
            moved=row["moved"],
        ),
        "poll": "" if done else url_for("handover.progress", handover_id=row["id"]),
    }  # fmt: skip


def _address(user_id: int) -> str:
    return url_for("handover.show", user_id=user_id)
