"""The whole ledger, for those who answer for the book."""

from typing import Any

from flask import abort, request, url_for

from crmlite.access import current_reader, requires
from crmlite.access.undoing import may_undo
from crmlite.history.queries import ledger as queries
from crmlite.history.queries.changes import changes
from crmlite.history.views.blueprint import bp
from crmlite.history.views.query_string import asked_day, asked_id, asked_of, kept_query
from crmlite.paging import page, with_query
from crmlite.work.operations import NAMES
from crmlite.work.undoing import can_be_undone


@bp.get("/settings/ledger")
@requires("history:see_all")
def ledger() -> Any:
    """Who did what, newest first."""
    wanted = queries.Filter(
        actor_id=asked_id("who"),
        name=asked_of("what", NAMES),
        since=asked_day("since"),
        until=asked_day("until"),
    )
    shown = queries.ledger(current_reader(), wanted, cursor=request.args.get("from", ""))
    here, kept = url_for("history.ledger"), kept_query("who", "what", "since", "until")
    return page(
        "history/ledger.html",
        "history/_ledger.html",
        ledger=shown,
        wanted=wanted,
        actors=queries.actors(),
        operations=queries.kinds_of_operations(),
        filtered=bool(kept),
        before=with_query(here, {**kept, "from": shown.before}) if shown.before else "",
        after=with_query(here, {**kept, "from": shown.after}) if shown.after else "",
    )


@bp.get("/settings/ledger/<int:operation_id>")
@requires("history:see_all")
def ledger_entry(operation_id: int) -> Any:
    """One operation with all that it changed."""
    reader = current_reader()
    done = queries.done(reader, operation_id)
    if done is None:
        abort(404)
    text = request.args.get("q", "")
    cursor = request.args.get("from", "")
    found = changes(reader, operation_id=operation_id, text=text, cursor=cursor)
    return page(
        "history/entry.html",
        "history/_changes.html",
        done=done,
        changes=found,
        changes_url=url_for("history.ledger_entry", operation_id=operation_id),
        undoable=not done.undone and can_be_undone(done.id) and may_undo(reader, done),
    )
