"""The notification centre: what the bell opens, the page of all, and which kinds one wants."""

from collections.abc import Mapping
from typing import Any

from flask import Blueprint, request, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader, current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.notifications import operations, queries
from crmlite.notifications.badge import unread
from crmlite.notifications.forms import telling_form
from crmlite.notifications.kinds import kinds
from crmlite.notifications.wording import by_day, lines, text_of
from crmlite.paging import page, redirected, saved, wants_part, with_query
from crmlite.rules.text import clean_int

bp = Blueprint("notifications", __name__, template_folder="templates")

PART = "notifications/_notifications.html"
LATEST = "notifications/_latest.html"
READ = "notifications-read"  # what the bell listens to
MOST = 2**31 - 1


@bp.get("/notifications")
@requires(SIGNED_IN)
def index() -> Any:
    """The unread ones by day; `?show=all` also those that were read."""
    show_all = request.args.get("show") == "all"
    shown = _listed(current_reader(), show_all, request.args.get("from", ""))
    return page("notifications/notifications.html", PART, **shown)


@bp.get("/notifications/latest")
@requires(SIGNED_IN)
def latest() -> Any:
    """What the bell opens."""
    if not wants_part():
        return redirected(url_for("notifications.index"))
    return page(LATEST, LATEST, **_latest(current_reader()))


@bp.get("/notifications/unread")
@requires(SIGNED_IN)
def unread_mark() -> Any:
    """The mark on the bell as it is now."""
    if not wants_part():
        return redirected(url_for("notifications.index"))
    return page("frame/_unread.html", "frame/_unread.html")


@bp.post("/notifications/<int:notification_id>/opening")
@requires(SIGNED_IN)
def open_one(notification_id: int) -> Any:
    """Go to what a notification is about, and note that it was read. Not a link: what browsers fetch
    ahead would count as read."""
    reader = current_reader()
    row = queries.one(notification_id, reader)
    operations.mark_read(reader.user_id, only=row["id"], by=reader.actor, at=clock.now())
    if text_of(row, reader) is None:
        return saved(url_for("notifications.index"), message=_("You cannot see this any more."))
    return redirected(kinds()[row["kind"]].url(row["params"]))


@bp.post("/notifications/readings")
@requires(SIGNED_IN)
def read_all() -> Any:
    """Note that all were read that the page showed or could have shown: not what came since."""
    reader = current_reader()
    until = clean_int(request.form.get("until", ""), least=1, most=MOST).value
    operations.mark_read(reader.user_id, until=until, by=reader.actor, at=clock.now())
    is_bell = wants_part() and "bell" in request.form
    show_all = request.form.get("show") == "all"
    shown = _latest(reader) if is_bell else _listed(reader, show_all, "")
    url = url_for("notifications.index", show="all" if show_all else None)
    return saved(url, LATEST if is_bell else PART, events={READ: True}, **shown)


@bp.route("/profile/notifications", methods=["GET", "POST"])
@requires(SIGNED_IN)
def telling() -> Any:
    """Which kinds somebody wants to be told of."""
    reader = current_reader()
    form = telling_form(reader)
    if form.validate_on_submit():
        done = operations.mute(
            reader.user_id, form.muted(), form_key=form.key, by=reader.actor, at=clock.now()
        )
        return saved(
            url_for("accounts.profile"),
            "notifications/_telling.html",
            message=_("Saved."),
            undo=done or None,
            given=telling_context(reader),
        )
    given = {**telling_context(reader), "form": form}
    return page(
        "notifications/telling.html", "notifications/_telling.html", form.http_status, given=given
    )


def telling_context(reader: Reader) -> dict[str, Any]:
    """What the choice of kinds is drawn from."""
    return {
        "form": telling_form(reader),
        "always": [kind.label for kind in kinds().values() if not kind.mutable],
    }


def _latest(reader: Reader) -> Mapping[str, Any]:
    rows = queries.latest(reader)
    return {"lines": lines(rows, reader), "unread": unread()}


def _listed(reader: Reader, show_all: bool, cursor: str) -> Mapping[str, Any]:
    found = queries.listed(reader, unread=not show_all, cursor=cursor)
    here = url_for("notifications.index")
    kept = {"show": "all"} if show_all else {}
    shown = lines(found.rows, reader)
    return {
        "days": by_day(shown),
        "newest": shown[0].id if shown and not cursor else None,
        "unread": unread(),
        "is_empty": not shown and not queries.latest(reader),
        "show_all": show_all,
        "tabs": [
            {"label": _("Unread"), "url": here, "current": not show_all, "count": _count() or ""},
            {"label": _("All"), "url": with_query(here, {"show": "all"}), "current": show_all},
        ],
        "before": with_query(here, {**kept, "from": found.before}) if found.before else "",
        "after": with_query(here, {**kept, "from": found.after}) if found.after else "",
    }


def _count() -> str:
    number = unread()
    return f"{number - 1}+" if number >= queries.MOST else str(number or "")
