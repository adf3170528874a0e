"""What stands on top of a customer's timeline: the box to write in, and what is still to be done."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite import clock
from crmlite.access import Reader
from crmlite.accounts.queries import person_name
from crmlite.followups.days import soon
from crmlite.followups.forms import InteractionForm
from crmlite.followups.just_now import fresh_form
from crmlite.followups.kinds import ICONS, icon_of
from crmlite.followups.queries.of_customer import open_steps, open_steps_beside
from crmlite.followups.reasons import reason_words
from crmlite.followups.wording import due_state, due_words, repeat_words
from crmlite.forms.times import zone
from crmlite.panels import Panel

Row = Mapping[str, Any]
NEAR = timedelta(days=14)
UNSEEN = ("occurred_at", "direction", "contact_id", "done_by_id")


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """An open task as a line."""

    id: int
    icon: str
    what: str
    about: str
    due: str
    state: str
    at: date | datetime
    is_promise: bool


def on_top(customer: Row, reader: Reader) -> list[Panel]:
    """The box, for those who may write contacts with this customer down, and the open steps."""
    steps = open_steps_beside()
    if steps is None:
        steps = open_steps(customer["id"])
    found = [steps_panel(customer, reader, steps)]
    if may_log(customer, reader):
        form = fresh_form(customer, reader, steps)
        found.append(
            Panel(
                name="composer",
                title=_("Log follow-up"),
                template="followups/composer.html",
                context=box(customer, form),
            )
        )
    return found


def may_log(customer: Row, reader: Reader) -> bool:
    """Whether the reader may write contacts with this customer down."""
    return customer["state"] == "active" and reader.covers(
        "interactions:create", customer["owner_id"]
    )


def box(
    customer: Row, form: InteractionForm, sent: Mapping[str, Any] | None = None
) -> dict[str, Any]:
    """What the box is drawn from; after an error from what was `sent`."""
    number = customer["number"]
    return {
        "form": form,
        "number": number,
        "icons": ICONS,
        "hidden": {name: sent.get(name, "") for name in UNSEEN} if sent else _hidden(form),
        "starts": url_for("followups.begin", number=number, back="customer"),
        "placeholder": _("What was said? One sentence is enough."),
    }


def steps_panel(customer: Row, reader: Reader, steps: Sequence[Row]) -> Panel:
    """What is still to be done for a customer, the most urgent first."""
    may = customer["state"] == "active" and reader.covers("tasks:edit", customer["owner_id"])
    return Panel(
        name="open-steps",
        title=_("Still to do"),
        template="followups/_open_steps.html",
        context={
            "number": customer["number"],
            "steps": [step_line(row, reader) for row in steps if _is_near(row)],
            "url": url_for("followups.steps_of", number=customer["number"]),
            "days": soon(clock.today(zone())),
            "may_edit": may,
            "may_log": may_log(customer, reader),
        },
        weight=10,
    )


def _is_near(row: Row) -> bool:
    """Whether a task is to be thought of by now: what strategies ask for later stands in the plan."""
    return row["kind"] != "touch" or row["due_on"] <= clock.today(zone()) + NEAR


def step_line(row: Row, reader: Reader) -> Step:
    """An open task as a line."""
    is_promise = row["kind"] == "promise"
    channel = icon_of(row["channel"]) if row["channel"] else "calendar"
    who = person_name(row["assignee_id"]) if row["assignee_id"] != reader.user_id else ""
    about = (who, reason_words(row["reason"], reader), repeat_words(row["repeat"]))
    return Step(
        id=row["id"],
        icon="heart-handshake" if is_promise else channel,
        what=row["what"],
        about=" · ".join(part for part in about if part),
        due=due_words(row["due_on"], row["due_at"]),
        state=due_state(row["due_on"], row["due_at"]),
        at=row["due_at"] or row["due_on"],
        is_promise=is_promise,
    )


def _hidden(form: InteractionForm) -> dict[str, Any]:
    """What goes along unseen: said by whom, with whom; when is the moment of sending."""
    return {name: ("" if name == "occurred_at" else form[name].data or "") for name in UNSEEN}
