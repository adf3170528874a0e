"""The feed of a person: its address, and what other programs read there."""

import secrets
from datetime import timedelta
from typing import Any

from flask import Response, abort, g, make_response, request, url_for
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.access import Reader, current_reader, requires
from crmlite.access.gate import SIGNED_IN
from crmlite.accounts import throttle
from crmlite.accounts.queries import reader_of, user_row
from crmlite.agenda.ics import Entry, calendar_text
from crmlite.agenda.items import item_of
from crmlite.agenda.operations import make_feed, revoke_feed
from crmlite.agenda.queries.feeds import digest_of, feed_by, feed_of
from crmlite.agenda.queries.items import open_between
from crmlite.agenda.views.blueprint import bp
from crmlite.followups.deadlines import firm_zone
from crmlite.networks import network
from crmlite.paging import page, saved
from crmlite.redirects import own_url
from crmlite.wording import renew_language

SECRET_BYTES = 32
BACK, AHEAD = timedelta(days=60), timedelta(days=400)
MOST = 3000  # tasks that a feed tells of
BY_FEED, BY_NETWORK = 120, 60  # in an hour: readings of one feed, wrong addresses from one network


@bp.get("/calendar/feed")
@requires(SIGNED_IN)
def feed() -> Any:
    """The reader's own feed: since when it is open. Its address is shown when it is made, and not
    again."""
    return page("agenda/feed.html", row=feed_of(current_reader().user_id), url="")


@bp.post("/calendar/feed/secret")
@requires(SIGNED_IN)
def make() -> Any:
    """Make the address of the reader's feed, or another one in its place, and show it this once."""
    reader, secret = current_reader(), secrets.token_urlsafe(SECRET_BYTES)
    make_feed(reader.user_id, secret, by=reader.actor, at=clock.now())
    url = own_url() + url_for("agenda.read", secret=secret)
    return page("agenda/feed.html", row=feed_of(reader.user_id), url=url)


@bp.post("/calendar/feed/revocation")
@requires(SIGNED_IN)
def revoke() -> Any:
    """Close the reader's feed at once."""
    reader = current_reader()
    revoke_feed(reader.user_id, by=reader.actor, at=clock.now())
    return saved(url_for("agenda.feed"), message=_("The address opens nothing any more."))


@bp.get("/calendar/feeds/<secret>.ics")
@requires(None)
def read(secret: str) -> Any:
    """The open tasks of whoever the secret belongs to, as they may see them now. An unknown, a revoked
    and a closed one look the same."""
    at = clock.now()
    if throttle.wait_for(_network(), BY_NETWORK, at) is not None:
        return _too_many(throttle.rest_of_hour(at))
    row = feed_by(secret)
    reader = reader_of(row["user_id"]) if row is not None else None
    if row is None or reader is None:
        throttle.spend(_network(), BY_NETWORK, at)
        abort(404)
    if (pause := throttle.spend(f"feed {digest_of(secret)[:32]}", BY_FEED, at)) is not None:
        return _too_many(pause)
    return _calendar(row["uid"], reader)


def _calendar(uid: str, reader: Reader) -> Response:
    """The calendar, or that it is what the program has already."""
    _speak_for(reader)
    today = clock.today(firm_zone())
    rows = open_between(reader, reader.user_id, today - BACK, today + AHEAD, MOST)
    entries = []
    for task in rows:
        item = item_of(task, reader)
        entries.append(
            Entry(
                uid=f"task-{task['id']}.{uid}@crmlite",
                item=item,
                url=own_url() + item.url if item.url else "",
                changed_at=task["updated_at"],
                version=task["version"],
            )
        )
    title = f"{settings.get('company_name') or 'crmlite'} · {reader.name}"
    response = make_response(calendar_text(title, entries))
    response.headers["Content-Type"] = "text/calendar; charset=utf-8"
    response.headers["Content-Disposition"] = 'inline; filename="calendar.ics"'
    response.add_etag()
    return response.make_conditional(request)  # type: ignore[return-value]


def _speak_for(reader: Reader) -> None:
    """Speak the language of the person: the program that reads says nothing of theirs."""
    row = user_row(reader.user_id)
    g.lang = (row or {}).get("lang") or str(settings.get("language"))
    renew_language()


def _network() -> str:
    return f"feeds {network(request.remote_addr)}"


def _too_many(pause: timedelta) -> Response:
    response = make_response("", 429)
    response.headers["Retry-After"] = str(max(1, int(pause.total_seconds())))
    return response
