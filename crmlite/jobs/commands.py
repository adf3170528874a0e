"""`crmlite worker` and `crmlite jobs`."""

import sys

import click
from flask import current_app
from flask.cli import with_appcontext
from flask.globals import app_ctx

from crmlite import clock
from crmlite.db.instance_lock import serving
from crmlite.jobs import operations, queries, running
from crmlite.jobs.kinds import UnknownKind, kinds
from crmlite.jobs.worker import Worker
from crmlite.work import Refused, actors


@click.command()
@with_appcontext
def worker() -> None:
    """Do the background work until stopped; `serve` does it by itself. 启动后台进程。"""
    with serving(current_app.extensions["crmlite.config"]):
        Worker(app_ctx.app).run()


@click.group()
def jobs() -> None:
    """Look at the background work, or do some of it by hand. 后台任务。"""


@jobs.command("list")
@with_appcontext
def list_jobs() -> None:
    """Show every kind of work: last run, next run, what failed. 列出后台任务。"""
    for state in queries.states(clock.now()):
        last = _moment(state.last_at)
        following = "now" if state.running_since else _moment(state.next_at)
        trouble = f"  {state.failing} failing, {state.parked} parked"
        print(
            f"{state.kind.name:24} last {last:17} next {following:17}"
            f"{trouble if state.failing or state.parked else ''}"
        )


@jobs.command("run")
@click.argument("kind")
@with_appcontext
def run_job(kind: str) -> None:
    """Do one KIND of work here and now, and say how it went. 立即运行。"""
    by, at = actors.command_line(), clock.now()
    try:
        job_id = operations.request_run(kind, by=by, at=at)
    except (UnknownKind, Refused):
        known = ", ".join(name for name, found in kinds().items() if found.on_demand)
        raise click.ClickException(
            f"there is no work {kind} to ask for; there is {known}"
        ) from None
    done = running.do_now(job_id, at)
    if done is None:
        raise click.ClickException("a worker is doing it already")
    if not done:
        raise click.ClickException(f"{kind} failed: {queries.outcome(job_id)[1]}")
    print(f"{kind} is done.", file=sys.stdout)


def _moment(at: object) -> str:
    return f"{at:%Y-%m-%d %H:%M}Z" if at else "-"
