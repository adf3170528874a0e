"""Settings: working calendars."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.calendars import operations, queries, wording
from crmlite.calendars.forms import CalendarForm, calendar_data
from crmlite.calendars.places import country_name, zone_name
from crmlite.calendars.queries import CalendarEntry
from crmlite.calendars.record_types import RIGHT
from crmlite.calendars.shipped import WEEK
from crmlite.calendars.uses import users_of
from crmlite.calendars.views.blueprint import bp
from crmlite.calendars.views.finding import asked_year, found, year_of
from crmlite.calendars.views.refusals import sentence
from crmlite.paging import page, saved
from crmlite.work import Refused, Stale
from crmlite.work.latest import last_change


@bp.get("/settings/calendars")
@requires(RIGHT)
def overview() -> Any:
    """All calendars, those that were deleted at the end."""
    deleted = [one for one in queries.memory().entries.values() if not one.active]
    return page(
        "calendars/overview.html",
        rows=[_at_a_glance(one) for one in queries.calendars()],
        deleted=deleted,
    )


@bp.route("/settings/calendars/new", methods=["GET", "POST"])
@requires(RIGHT)
def new() -> Any:
    """Add a calendar; it begins with an office's week."""
    form = CalendarForm(data=calendar_data(_blank()))
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = operations.create_calendar(form.value(), form_key=form.key, by=by, at=at)
            return saved(_url(done["id"]), message=_("Saved."), undo=done["operation"])
        except Refused as refusal:
            form.blame(None, sentence(refusal))
    return page(
        "calendars/new.html",
        "calendars/_calendar.html",
        status=form.http_status,
        form=form,
        calendar=None,
        latest=None,
    )


@bp.route("/settings/calendars/<int:calendar_id>", methods=["GET", "POST"])
@requires(RIGHT)
def show(calendar_id: int) -> Any:
    """A calendar: its hours and place, and the days of a year."""
    one = found(calendar_id)
    form = CalendarForm(data=calendar_data(one))
    latest = None
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        try:
            done = operations.update_calendar(
                calendar_id, form.value(), version=form.seen, form_key=form.key, by=by, at=at
            )
            return saved(_url(calendar_id), message=_("Saved."), undo=done or None)
        except Refused as refusal:
            form.blame(None, sentence(refusal))
        except Stale:
            form.conflict(calendar_data(_newest(calendar_id)))
            latest = last_change("calendar", calendar_id)
    return page(
        "calendars/show.html",
        "calendars/_calendar.html",
        status=form.http_status,
        form=form,
        latest=latest,
        users=users_of(calendar_id),
        **year_of(one, asked_year(one)),
    )


@bp.post("/settings/calendars/<int:calendar_id>/default")
@requires(RIGHT)
def make_default(calendar_id: int) -> Any:
    """Have everybody use it who has chosen none."""
    found(calendar_id)
    by, at = current_reader().actor, clock.now()
    done = operations.make_default(calendar_id, by=by, at=at)
    message = _("Teams without a calendar of their own use this one now.")
    return saved(_url(calendar_id), message=message, undo=done or None)


@bp.post("/settings/calendars/<int:calendar_id>/deletion")
@requires(RIGHT)
def delete(calendar_id: int) -> Any:
    """Give it up, unless somebody uses it."""
    one = found(calendar_id)
    by, at = current_reader().actor, clock.now()
    try:
        done = operations.delete_calendar(calendar_id, by=by, at=at)
    except Refused as refusal:
        return saved(_url(calendar_id), message=sentence(refusal))
    message = _("Deleted: %(name)s", name=one.name)
    return saved(url_for("calendars.overview"), message=message, undo=done)


@bp.post("/settings/calendars/<int:calendar_id>/restoration")
@requires(RIGHT)
def restore(calendar_id: int) -> Any:
    """Bring a deleted one back."""
    if calendar_id not in queries.memory().entries:
        abort(404)
    by, at = current_reader().actor, clock.now()
    try:
        operations.restore_calendar(calendar_id, by=by, at=at)
    except Refused as refusal:
        return saved(url_for("calendars.overview"), message=sentence(refusal))
    return saved(_url(calendar_id), message=_("It is back."))


def _at_a_glance(one: CalendarEntry) -> dict[str, Any]:
    calendar = queries.calendar_of(one.id)
    return {
        "calendar": one,
        "hours": wording.week(one.week),
        "zone": zone_name(str(calendar.zone)),
        "country": country_name(queries.country_of(one)),
        "users": users_of(one.id),
    }


def _blank() -> CalendarEntry:
    """What a new calendar begins with."""
    return CalendarEntry(
        id=0,
        key="",
        label={},
        zone=None,
        country=None,
        week=tuple(queries.blocks_of(day) for day in WEEK),
        is_default=False,
        state=queries.ACTIVE,
        version=1,
    )


def _newest(calendar_id: int) -> CalendarEntry:
    """A calendar as of now, also when somebody changed it during this request."""
    return queries.as_written().entries[calendar_id]


def _url(calendar_id: int) -> str:
    return url_for("calendars.show", calendar_id=calendar_id)
