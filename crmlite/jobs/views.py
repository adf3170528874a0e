"""The page on which a manager sees the background work and sets it going."""

from datetime import timedelta
from typing import Any

from flask import Blueprint, Response, abort, url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import current_reader, requires
from crmlite.jobs import operations, queries, signs
from crmlite.jobs.kinds import UnknownKind, kinds
from crmlite.jobs.words import rhythm
from crmlite.paging import page, saved
from crmlite.wording import label
from crmlite.work import Refused

blueprint = Blueprint("jobs", __name__, template_folder="templates")

SOON = timedelta(minutes=1)
PAGE = "jobs/overview.html"
PART = "jobs/_overview.html"


@blueprint.get("/settings/jobs")
@requires("jobs:see")
def overview() -> Response:
    """Every kind of work: last run, next run, what failed; and who does it."""
    return page(PAGE, PART, **_shown())


@blueprint.post("/settings/jobs/<kind>/runs")
@requires("jobs:run")
def run_now(kind: str) -> Response:
    """Have it done once more, now."""
    try:
        operations.request_run(kind, by=current_reader().actor, at=clock.now())
    except (UnknownKind, Refused):
        abort(404)
    return _answer(_("%(job)s will run in a moment.", job=label(kinds()[kind].label)))


@blueprint.post("/settings/jobs/<int:job_id>/retry")
@requires("jobs:run")
def retry(job_id: int) -> Response:
    """Try a failed job again at once."""
    operations.retry(job_id, by=current_reader().actor, at=clock.now())
    return _answer(_("It is tried again in a moment."))


@blueprint.post("/settings/jobs/<int:job_id>/dismissal")
@requires("jobs:run")
def drop(job_id: int) -> Response:
    """Let a parked job be."""
    operations.drop(job_id, by=current_reader().actor, at=clock.now())
    return _answer(_("It is not tried any more."))


def _answer(message: str) -> Response:
    return saved(url_for("jobs.overview"), PART, message=message, **_shown())


def _shown() -> dict[str, Any]:
    at = clock.now()
    states = queries.states(at)
    return {
        "states": states,
        "rhythms": {state.kind.name: rhythm(state.kind) for state in states},
        "labels": {name: label(kind.label) for name, kind in kinds().items()},
        "troubles": queries.troubles(),
        "workers": signs.workers(at),
        "soon": at + SOON,
        "moving": any(_moves(state, at) for state in states),
    }


def _moves(state: queries.KindState, at: Any) -> bool:
    """Whether the page should look again in a moment by itself."""
    return bool(state.running_since) or bool(state.next_at and state.next_at <= at)
