"""The first steps on Today: for managers through a new book, for others through their first day."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from flask import url_for
from flask_babel import gettext as _

from crmlite.access import Reader
from crmlite.panels import Panel
from crmlite.setup.queries import facts_of_book, facts_of_person, memory

LEADS = "settings:manage"


@dataclass(frozen=True, kw_only=True, slots=True)
class Step:
    """A step: what to do, where, and whether the book shows that it was done. `right` opens the
    place; without it the step is somebody else's. `confirm` is where it is said where no row shows it."""

    text: str
    url: str
    done: bool
    right: str
    confirm: str = ""


def on_today(shown: Any, reader: Reader) -> list[Panel]:
    """The list, until it was put away or all of it is done. People of the demo have none."""
    known = memory()
    spared = reader.user_id in known.away or reader.user_id in known.shown_people
    if spared or reader.user_id in known.finished or not (shown.mine or shown.is_team):
        return []
    steps = [one for one in _steps(reader) if reader.may(one.right)]
    if all(one.done for one in steps):
        known.finished.add(reader.user_id)
        return []
    return [
        Panel(
            name="first-steps",
            title=_("First steps") if reader.may(LEADS) else _("Your first day"),
            template="setup/_steps.html",
            context={"steps": steps, "done": sum(one.done for one in steps)},
            weight=1,
        )
    ]


def _steps(reader: Reader) -> Sequence[Step]:
    if reader.may(LEADS):
        return _of_book()
    return _of_support(reader) if reader.may("cases:assign") else _of_sales(reader)


def _of_book() -> Sequence[Step]:
    known, facts = memory(), facts_of_book()
    return (
        Step(
            text=_("Say what the firm is called"),
            url=url_for("settings.firm"),
            done=known.is_named,
            right=LEADS,
        ),
        Step(
            text=_("Give a colleague a login"),
            url=url_for("accounts.people"),
            done=len(known.own_people) > 1,
            right="people:manage",
        ),
        Step(
            text=_("Bring in your customers"),
            url=url_for("imports.overview"),
            done=facts["customers"],
            right="customers:import",
        ),
        Step(
            text=_("Give each customer an owner"),
            url=url_for("customers.index", w="owner~empty"),
            done=facts["customers"] and not facts["ownerless"],
            right="customers:assign",
        ),
        Step(
            text=_("Have a strategy plan contacts"),
            url=url_for("strategies.index"),
            done=facts["plans"],
            right="strategies:see",
        ),
        Step(
            text=_("Write down a first follow-up"),
            url=url_for("customers.index"),
            done=facts["talk"],
            right="interactions:create",
        ),
        Step(
            text=_("Make a backup"),
            url=url_for("backups.overview"),
            done=facts["backup"],
            right="backups:manage",
        ),
        Step(
            text=_("Keep the recovery code safe"),
            url=url_for("backups.overview"),
            done=known.code_kept,
            right="backups:manage",
            confirm=url_for("setup.code_kept"),
        ),
    )


def _of_sales(reader: Reader) -> Sequence[Step]:
    facts = facts_of_person(reader.user_id)
    return (
        Step(
            text=_("Add a first customer of yours"),
            url=url_for("customers.new"),
            done=facts["customer"],
            right="customers:create",
        ),
        _talk(facts),
        Step(
            text=_("Plan the next step with a customer"),
            url=url_for("customers.index", w="owner~is~me"),
            done=facts["step"],
            right="tasks:edit",
        ),
        _finish(facts),
    )


def _of_support(reader: Reader) -> Sequence[Step]:
    facts = facts_of_person(reader.user_id)
    return (
        Step(
            text=_("Take on a first complaint"),
            url=url_for("cases.queue"),
            done=facts["case"],
            right="cases:edit",
        ),
        _talk(facts),
        Step(
            text=_("See a complaint through to the end"),
            url=url_for("cases.queue"),
            done=facts["solved"],
            right="cases:edit",
        ),
        _finish(facts),
    )


def _talk(facts: dict[str, bool]) -> Step:
    return Step(
        text=_("Write down a first follow-up"),
        url=url_for("customers.index"),
        done=facts["talk"],
        right="interactions:create",
    )


def _finish(facts: dict[str, bool]) -> Step:
    return Step(
        text=_("Finish something on Today"),
        url=url_for("dashboard.today"),
        done=facts["done"],
        right="tasks:edit",
    )
