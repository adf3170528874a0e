"""The improvement ledger: what is changed, who sees to it, which customers are to be told."""

from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import can, current_reader, requires
from crmlite.accounts.queries import person_name
from crmlite.cases import operations
from crmlite.cases.forms.improvements import ImprovementForm, OutcomeForm, ToldForm
from crmlite.cases.queries import cases as cases_read
from crmlite.cases.queries import improvements as reading
from crmlite.cases.queries.improvements import CLOSED, MOST_COUNTED, OPEN
from crmlite.cases.views.blueprint import bp
from crmlite.db.keyset import BadCursor
from crmlite.paging import page, saved, with_query
from crmlite.wording import N_, label
from crmlite.work import Stale
from crmlite.work.latest import last_change

TITLES = {OPEN: N_("Under way"), CLOSED: N_("Done and dropped")}


@bp.get("/improvements")
@requires("improvements:see")
def improvements() -> Any:
    """Improvements that are open, or with `?status=closed` those that are not."""
    status = CLOSED if request.args.get("status") == CLOSED else OPEN
    try:
        shown = reading.improvements(status, request.args.get("after", ""))
    except BadCursor:
        abort(404)
    counts = {one: reading.improvements_counted(one) for one in TITLES}
    return page(
        "cases/improvements.html",
        "cases/_improvements.html",
        rows=[{**row, "owner": person_name(row["owner_id"])} for row in shown.rows],
        tabs=[
            {
                "label": label(words),
                "url": _list(one),
                "current": one == status,
                "count": _many(counts[one]),
            }
            for one, words in TITLES.items()
        ],
        count=counts[status],
        total=_many(counts[status]),
        before=_list(status, shown.before) if shown.before else "",
        after=_list(status, shown.after) if shown.after else "",
        may_edit=can("improvements:edit"),
    )


def _list(status: str, cursor: str = "") -> str:
    query = {"status": "" if status == OPEN else status, "after": cursor}
    return with_query(url_for("cases.improvements"), query)


def _many(number: int) -> str:
    return f"{number}+" if number >= MOST_COUNTED else str(number)


@bp.get("/improvements/<int:improvement_id>")
@requires("improvements:see")
def improvement(improvement_id: int) -> Any:
    """An improvement, and whom it concerns, as far as the reader may see them."""
    row, reader = reading.improvement(improvement_id), current_reader()
    found = reading.sufferers(improvement_id)
    seen = cases_read.seen_numbers(reader, [one["id"] for one in found])
    return page(
        "cases/improvement.html",
        "cases/_improvement.html",
        row=row,
        owner=person_name(row["owner_id"]),
        sufferers=[one for one in found if one["number"] in seen],
        hidden=len(found) - len(seen),
        may_edit=can("improvements:edit"),
    )


@bp.route("/improvements/new", methods=["GET", "POST"])
@requires("improvements:edit")
def new_improvement() -> Any:
    """A new improvement; `?case=K0001` says which case it is from."""
    reader = current_reader()
    case = cases_read.by_number(request.args.get("case", ""), seen_by=reader)
    form = ImprovementForm(data={"owner_id": reader.user_id})
    if form.validate_on_submit():
        made = operations.add_improvement(
            form.changes(),
            case_id=case["id"] if case else None,
            form_key=form.key,
            by=reader.actor,
            at=clock.now(),
        )
        return saved(
            url_for("cases.improvement", improvement_id=made["id"]),
            message=_("The improvement is opened."),
            undo=made["operation"],
        )
    back = url_for("cases.show", number=case["number"]) if case else url_for("cases.improvements")
    return _form(form, _("New improvement"), back)


@bp.route("/improvements/<int:improvement_id>/edit", methods=["GET", "POST"])
@requires("improvements:edit")
def edit_improvement(improvement_id: int) -> Any:
    """Change an improvement."""
    return _changed(improvement_id, ImprovementForm, _("Improvement"))


@bp.route("/improvements/<int:improvement_id>/outcome", methods=["GET", "POST"])
@requires("improvements:edit")
def outcome(improvement_id: int) -> Any:
    """Say how it went."""
    return _changed(improvement_id, OutcomeForm, _("Record outcome"))


def _changed(improvement_id: int, kind: Any, title: str) -> Any:
    form = kind(data=reading.improvement(improvement_id))
    place = url_for("cases.improvement", improvement_id=improvement_id)
    if form.validate_on_submit():
        try:
            undo = operations.update_improvement(
                improvement_id,
                form.changes(),
                version=form.seen,
                by=current_reader().actor,
                at=clock.now(),
            )
            return saved(place, message=_("Saved."), undo=undo or None)
        except Stale:
            form.conflict(reading.improvement(improvement_id))
    return _form(form, title, place)


@bp.route("/improvements/<int:improvement_id>/cases/<number>/news", methods=["GET", "POST"])
@requires("improvements:edit")
def tell(improvement_id: int, number: str) -> Any:
    """Note that the customer of a case was told."""
    row = reading.improvement(improvement_id)
    case = cases_read.case(number, seen_by=current_reader())
    form = ToldForm()
    place = url_for("cases.improvement", improvement_id=row["id"])
    if form.validate_on_submit():
        undo = operations.tell_customer(
            row["id"], case["id"], form.how.data, by=current_reader().actor, at=clock.now()
        )
        return saved(place, message=_("Written down."), undo=undo)
    return _form(form, _("Customer told"), place)


def _form(form: Any, title: str, back: str) -> Any:
    context = {
        "form": form,
        "title": title,
        "back": back,
        "removal": "",
        "fields": (),
        "now": clock.now(),
        "faster": last_change("improvement") if form.is_stale else None,
    }
    return page("cases/policy.html", "cases/_policy.html", form.http_status, **context)
