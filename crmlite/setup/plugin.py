"""What this slice contributes."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import Blueprint

from crmlite import health, hookimpl
from crmlite.access import Reader
from crmlite.jobs.kinds import JobKind
from crmlite.panels import Panel
from crmlite.setup import guard, jobs, settling
from crmlite.setup.models import FirstSteps
from crmlite.setup.steps import on_today
from crmlite.setup.views import bp
from crmlite.wording import N_
from crmlite.work.ledger import EpochRow
from crmlite.work.operations import move_epoch
from crmlite.work.record_types import RecordType

if TYPE_CHECKING:
    import click


@hookimpl
def register_blueprints() -> list[Blueprint]:
    """The addresses for monitoring, the guard that every request passes, and the first start."""
    return [health.blueprint, guard.blueprint, bp]


@hookimpl
def register_job_kinds() -> list[JobKind]:
    """Demo data that somebody asks for in the browser, and what upgrades leave to be done."""
    return [jobs.kind(), settling.kind()]


@hookimpl
def register_record_types() -> list[RecordType]:
    """The book itself, for what is done to it as a whole."""
    return [
        RecordType(
            name="book",
            label=N_("Book"),
            model=EpochRow,
            icon="book-2",
            operations={
                "book_started": N_("Book started"),
                "book_set_up": N_("Book set up"),
                "demo_asked": N_("Demo data asked for"),
                "demo_loaded": N_("Demo data loaded"),
                "demo_cleared": N_("Demo data cleared away"),
                "demo_generated": N_("Demo customers made"),
                "products_generated": N_("Demo products made"),
            },
            # not everything that hangs on the demo's customers is in the ledger
            final=("demo_loaded", "demo_cleared"),
        ),
        RecordType(
            name="first_steps",
            label=N_("First steps"),
            model=FirstSteps,
            icon="checklist",
            labels={
                "user_id": N_("Who"),
                "put_away": N_("Put away"),
                "code_kept": N_("Recovery code kept"),
            },
            fixed=("user_id",),
            refresh=_read_anew,
            operations={
                "first_steps_put_away": N_("First steps put away"),
                "recovery_code_kept": N_("Recovery code said to be kept"),
            },
        ),
    ]


def _read_anew(_ids: Sequence[int]) -> None:
    """Every process reads anew who has put them away."""
    move_epoch()


@hookimpl
def today_panels(shown: Any, reader: Reader) -> list[Panel]:
    """The first steps."""
    return on_today(shown, reader)


@hookimpl
def register_commands() -> "list[click.Command]":
    """`crmlite demo …`."""
    from crmlite.setup.demo.commands import demo

    return [demo]
