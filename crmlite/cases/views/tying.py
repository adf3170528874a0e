"""Which improvement a case belongs to: said from the page of either, and taken back."""

from typing import Any

from flask import request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.cases import operations
from crmlite.cases.queries import cases as cases_read
from crmlite.cases.queries import improvements as reading
from crmlite.cases.views.blueprint import bp
from crmlite.cases.views.finding import done, found, nothing_new
from crmlite.paging import page, saved

LONGEST = 200


@bp.get("/improvements/<int:improvement_id>/cases")
@requires("improvements:edit")
def cases_for(improvement_id: int) -> Any:
    """Cases that may belong to an improvement: those that fit what was typed, among those the reader
    sees; before that, those about the same as one that does."""
    row, reader, text = reading.improvement(improvement_id), current_reader(), _typed()
    tied = reading.sufferers(improvement_id)
    rows = cases_read.find_cases(reader, text) if text else _alike(reader, tied)
    known = {one["number"] for one in tied}
    return page(
        "cases/cases_for.html",
        "cases/_cases_for.html",
        row=row,
        text=text,
        rows=[one for one in rows if one["number"] not in known],
    )


def _alike(reader: Any, tied: Any) -> Any:
    seen = cases_read.seen_numbers(reader, [one["id"] for one in tied])
    number = next((one["number"] for one in tied if one["number"] in seen), None)
    case = cases_read.by_number(number, seen_by=reader) if number else None
    return cases_read.similar(reader, case) if case else []


@bp.get("/cases/<number>/improvements")
@requires("improvements:edit")
def improvements_for(number: str) -> Any:
    """Open improvements that a case may belong to, those that fit what was typed."""
    record, text = found(number), _typed()
    return page(
        "cases/improvements_for.html",
        "cases/_improvements_for.html",
        record=record,
        text=text,
        rows=reading.improvements_for(record.row["id"], text),
    )


def _typed() -> str:
    return request.args.get("q", "").strip()[:LONGEST]


@bp.post("/improvements/<int:improvement_id>/cases/<number>/addition")
@requires("improvements:edit")
def tie(improvement_id: int, number: str) -> Any:
    """Say that an improvement is about a case, too; `?back=case` leads back to that."""
    row = reading.improvement(improvement_id)
    case = cases_read.case(number, seen_by=current_reader())
    undo = operations.tie(row["id"], case["id"], by=current_reader().actor, at=clock.now())
    message = _("%(number)s added.", number=case["number"]) if undo else nothing_new()
    return _back(row["id"], number, message, undo)


@bp.post("/improvements/<int:improvement_id>/cases/<number>/removal")
@requires("improvements:edit")
def untie(improvement_id: int, number: str) -> Any:
    """Take that back."""
    row = reading.improvement(improvement_id)
    case = cases_read.case(number, seen_by=current_reader())
    undo = operations.untie(row["id"], case["id"], by=current_reader().actor, at=clock.now())
    message = (
        _("%(number)s belongs to it no longer.", number=case["number"]) if undo else nothing_new()
    )
    return _back(row["id"], number, message, undo)


def _back(improvement_id: int, number: str, message: str, undo: int) -> Any:
    if request.args.get("back") == "case":
        return done(number, message, undo or None)
    place = url_for("cases.improvement", improvement_id=improvement_id)
    return saved(place, message=message, undo=undo or None)
