"""What the education pack does in code: a pupil who becomes active has been enrolled; the pupil's page
shows the hours; and before a talk with the parents one reads how the child learns."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from crmlite import hookimpl
from crmlite.access import Reader
from crmlite.customers.guards import Guard
from crmlite.customers.logic import LogicRule
from crmlite.fields.queries import fields_of
from crmlite.help.topics import HelpTopic, topics_in
from crmlite.objects.queries import latest_lines
from crmlite.panels import Panel
from crmlite.rules.conditions import All, where
from crmlite.rules.lifecycle import ACTIVE, Missing, MoveFacts
from crmlite.rules.values import from_stored
from crmlite.wording import label

ENROLLED = "education__enrolled_on"
TRIAL = "education__trial_on"
ASKED = {"en": "Enter the day of enrolment first.", "zh": "请先填写报名日期。"}
NO_ADVISOR = {
    "en": "A trial lesson is agreed for %(education__trial_on)s, and there is no advisor.",
    "zh": "已约%(education__trial_on)s试听，但还没有安排课程顾问。",
}
ON_THE_PANEL = (
    "education__hours_left",
    "education__hours_total",
    "education__paid_until",
    "education__attendance",
    "education__attended_on",
)
HOURS = {"en": "Hours", "zh": "课时"}
LEARNING = {"en": "Learning progress", "zh": "学习进度"}
FEEDBACK = {"en": "Course feedback", "zh": "课程反馈"}


@hookimpl
def register_guards() -> list[Guard]:
    """One."""
    return [Guard(name="education-enrolment", check=_is_enrolled)]


def _is_enrolled(facts: MoveFacts, to: str) -> Sequence[Missing]:
    known = facts.customer
    asked = to == ACTIVE and known.get("kind") == "person" and ENROLLED in known
    if not asked or known[ENROLLED]:
        return ()
    return [Missing("education__not_enrolled", text=ASKED)]


@hookimpl
def register_logic_rules() -> list[LogicRule]:
    """A trial lesson that nobody looks after."""
    alone = All((where(TRIAL, "filled"), where("education__advisor", "empty")))
    return [LogicRule(name="education-advisor", condition=alone, text=NO_ADVISOR, at=TRIAL)]


@hookimpl
def register_help() -> list[HelpTopic]:
    """What is done with pupils."""
    return topics_in(Path(__file__).parent / "help", "education__")


@hookimpl
def customer_panels(customer: Any, reader: Reader) -> list[Panel]:
    """How many hours a pupil has left, until when, and how regularly they come."""
    known: Mapping[str, Any] = customer["extra"] or {}
    left, total = known.get("education__hours_left"), known.get("education__hours_total")
    if left is None:
        return []
    return [
        Panel(
            name="education-hours",
            title=label(HOURS),
            template="education/hours.html",
            context={
                "percent": max(0, min(100, round(100 * left / total))) if total else None,
                "facts": list(_facts(known)),
            },
            weight=20,
        )
    ]


def _facts(known: Mapping[str, Any]) -> Iterator[tuple[str, Any]]:
    """What is known of a pupil's hours: what it is called, a day or a text."""
    fields = {field.name: field for field in fields_of("customer")}
    for name in ON_THE_PANEL:
        if name in fields and known.get(name) is not None:
            value = from_stored(fields[name], known[name])
            yield label(fields[name].label), f"{value:g}" if isinstance(value, float) else value


@hookimpl
def customer_brief(customer: Any, reader: Reader) -> list[Panel]:
    """How the pupil learns, and what was said about the courses."""
    return list(_told(customer, reader))


def _told(customer: Any, reader: Reader) -> Iterator[Panel]:
    for kind, title in (("progress", LEARNING), ("feedback", FEEDBACK)):
        lines = latest_lines(f"education__{kind}", customer, reader, 3)
        if lines:
            yield Panel(
                name=f"education-{kind}",
                title=label(title),
                template="objects/_lines.html",
                context={"lines": lines},
                weight=40,
            )
