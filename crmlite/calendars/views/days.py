"""Settings: the days of a calendar that are otherwise."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from flask import abort, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.calendars import operations, queries
from crmlite.calendars.forms import OFF, WORKED, DaysForm
from crmlite.calendars.operations import days_mark
from crmlite.calendars.queries import OwnDay
from crmlite.calendars.record_types import RIGHT
from crmlite.calendars.views.blueprint import bp
from crmlite.calendars.views.finding import asked_year, found, year_of
from crmlite.calendars.views.refusals import sentence
from crmlite.paging import asked_from, page, saved
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change

CHANGED = "calendar-days-changed"  # what the part with the days of a year listens to


@bp.get("/settings/calendars/<int:calendar_id>/days")
@requires(RIGHT)
def days(calendar_id: int) -> Any:
    """The days of a year alone; browsers without scripts are shown the whole page."""
    one = found(calendar_id)
    return page("calendars/days.html", "calendars/_days.html", **year_of(one, asked_year(one)))


@bp.route("/settings/calendars/<int:calendar_id>/days/new", methods=["GET", "POST"])
@requires(RIGHT)
def set_days(calendar_id: int) -> Any:
    """Set days, or change what they are: `first` and `last` in the address name some."""
    one = found(calendar_id)
    first, last = _day(request.args.get("first")), _day(request.args.get("last"))
    form = DaysForm(data=_data(calendar_id, first, last))
    latest = None
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = operations.set_days(
                calendar_id,
                form.value(),
                instead_of=(first, last or first) if first else None,
                seen=form.seen,
                form_key=form.key,
                by=by,
                at=at,
            )
            return _answer(calendar_id, form.first.data.year, _("Saved."), done)
        except Refused as refusal:
            form.blame(None, sentence(refusal))
        except Stale:
            now = queries.as_written().days.get(calendar_id, [])
            form.conflict(_theirs(now, form.first.data, form.last.data))
            latest = last_change("calendar", calendar_id)
    return page(
        "calendars/new_days.html",
        "calendars/_new_days.html",
        status=form.http_status,
        form=form,
        calendar=one,
        first=first,
        last=last,
        latest=latest,
    )


@bp.post("/settings/calendars/<int:calendar_id>/days/removal")
@requires(RIGHT)
def clear_days(calendar_id: int) -> Any:
    """Let days be again as they officially are."""
    one = found(calendar_id)
    first, last = _day(request.form.get("first")), _day(request.form.get("last"))
    if first is None or last is None:
        abort(400)
    by, at = current_reader().actor, clock.now()
    message, done = _("Removed."), 0
    try:
        done = operations.clear_days(calendar_id, first, last, by=by, at=at)
    except Refused as refusal:
        message = sentence(refusal)
    return saved(
        _url(calendar_id, first.year),
        "calendars/_days.html",
        message=message,
        undo=done or None,
        **year_of(found(one.id), asked_year(one)),
    )


def _answer(calendar_id: int, year: int, message: str, done: int) -> Any:
    """Back to the calendar; where its page is open behind the drawer, only its days are renewed."""
    endpoint, values = asked_from()
    stays = endpoint in ("calendars.show", "calendars.days")
    events = {CHANGED: True, "drawer-close": True}
    return saved(
        _url(calendar_id, year),
        message=message,
        undo=done or None,
        events=events if stays and values.get("calendar_id") == calendar_id else None,
    )


def _data(calendar_id: int, first: date | None, last: date | None) -> dict[str, Any]:
    """What the form begins with: days as they stand, else a blank day off."""
    mark = days_mark(queries.own_days(calendar_id))
    if first is None:
        return {"kind": OFF, "version": mark}
    stands = queries.calendar_of(calendar_id).days.get(first)
    label = {} if stands is None else stands.name
    return {
        "first": first,
        "last": last if last and last > first else None,
        "kind": WORKED if stands is not None and stands.works else OFF,
        "hours": () if stands is None else stands.blocks,
        "label_en": label.get("en", "") if isinstance(label, dict) else "",
        "label_zh": label.get("zh", "") if isinstance(label, dict) else "",
        "version": mark,
    }


def _theirs(now: Sequence[OwnDay], first: date, last: date | None) -> dict[str, Any]:
    """What somebody else has set on these days meanwhile; nothing else of it is in the way."""
    mark = {"version": days_mark(now)}
    there = next((one for one in now if first <= one.day <= (last or first)), None)
    if there is None:
        return mark
    return mark | {
        "kind": WORKED if there.works else OFF,
        "hours": there.blocks or (),
        "label_en": there.label.get("en", ""),
        "label_zh": there.label.get("zh", ""),
    }


def _day(text: str | None) -> date | None:
    """A day that a request names; None when there is none that can be read."""
    try:
        day = date.fromisoformat(text or "")
    except ValueError:
        return None
    return day if 1900 <= day.year <= 2200 else None


def _url(calendar_id: int, year: int) -> str:
    return url_for("calendars.show", calendar_id=calendar_id, year=year, _anchor="days")
