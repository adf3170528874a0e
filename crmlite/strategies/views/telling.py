"""What a preview found and what a version changes, in words."""

from collections.abc import Mapping
from typing import Any

from flask import url_for
from flask_babel import format_date, format_decimal, ngettext
from flask_babel import gettext as _

from crmlite import clock, settings
from crmlite.accounts.queries import person_name
from crmlite.rules.conditions import ALWAYS
from crmlite.rules.strategies import Strategy
from crmlite.settings.queries import local_day
from crmlite.strategies import queries
from crmlite.strategies.planner.levelling import CAP, WORKING_DAYS
from crmlite.strategies.preview import Example, Preview
from crmlite.strategies.views.reading import customers_of
from crmlite.wording import label

PEOPLE = 8


def preview_context(found: Preview, draft: Strategy) -> dict[str, Any]:
    """A preview as its template shows it."""
    names = {row["id"]: label(row["label"]) for row in queries.strategies()}
    cap = int(settings.get(CAP)) * WORKING_DAYS
    loads = [_load(person, *load, cap) for person, load in found.loads.items()]
    widest = max([cap, *(max(one["before"], one["after"]) for one in loads)], default=0) or 1
    return {
        "at": clock.now(),
        "serves": _number(found.serves),
        "customers": customers_of(draft.serves),
        "moves": _moves(found, names),
        "doubts": _doubts(found, draft, names),
        "tasks": _number(round(found.tasks)),
        "against": _against(_total(found, 1) - _total(found, 0)),
        "cap": cap,
        "loads": [_scaled(one, widest) for one in loads[:PEOPLE]],
        "more": max(0, len(loads) - PEOPLE),
        "examples": [_example(one, names) for one in found.examples],
    }


def _number(number: float) -> str:
    return str(format_decimal(number))


def _moves(found: Preview, names: Mapping[int, str]) -> list[str]:
    """Who changes strategy."""
    said = []
    for other, count in found.joining.items():
        if other is None:
            said.append(
                ngettext("%(num)s is served by none now", "%(num)s are served by none now", count)
            )
        else:
            said.append(
                ngettext(
                    "%(num)s comes from “%(name)s”",
                    "%(num)s come from “%(name)s”",
                    count,
                    name=names.get(other, ""),
                )
            )
    for other, count in found.leaving.items():
        if other is None:
            said.append(
                ngettext("%(num)s is served by none then", "%(num)s are served by none then", count)
            )
        else:
            said.append(
                ngettext(
                    "%(num)s goes to “%(name)s”",
                    "%(num)s go to “%(name)s”",
                    count,
                    name=names.get(other, ""),
                )
            )
    return said


def _doubts(found: Preview, draft: Strategy, names: Mapping[int, str]) -> list[str]:
    """What somebody may not have meant."""
    said = []
    if draft.serves == ALWAYS and not draft.on_top:
        said.append(_("It takes everybody: what goes behind it is never followed."))
    others = {other: n for other, n in found.elsewhere.items() if other is not None}
    if not found.meets:
        said.append(_("Nobody meets these conditions now."))
    elif not found.serves and not draft.on_top:
        said.append(_("Everybody who meets these conditions follows another one that goes first."))
    elif len(others) == 1:
        other, count = next(iter(others.items()))
        said.append(
            ngettext(
                "%(num)s more meets its conditions and follows “%(name)s”, which goes first.",
                "%(num)s more meet its conditions and follow “%(name)s”, which goes first.",
                count,
                name=names.get(other, ""),
            )
        )
    elif others:
        said.append(
            ngettext(
                "%(num)s more meets its conditions and follows strategies that go first.",
                "%(num)s more meet its conditions and follow strategies that go first.",
                sum(others.values()),
            )
        )
    return said


def _total(found: Preview, which: int) -> int:
    """The tasks of a week of all people: as it is (0), as it would be (1)."""
    return round(sum(load[which] for load in found.loads.values()))


def _against(more: int) -> str:
    if more > 0:
        return str(ngettext("all in all %(num)s more", "all in all %(num)s more", more))
    if more < 0:
        return str(ngettext("all in all %(num)s fewer", "all in all %(num)s fewer", -more))
    return _("all in all as many as now")


def _load(person: int, before: float, after: float, cap: int) -> dict[str, Any]:
    was, then = round(before), round(after)
    return {
        "name": person_name(person),
        "before": was,
        "after": then,
        "more": then - was,
        "is_full": bool(cap) and then > cap and then > was,
    }


def _scaled(one: Mapping[str, Any], widest: int) -> dict[str, Any]:
    """The same with the lengths of its bar, of a hundred."""
    stays = min(one["before"], one["after"])
    rest = abs(one["more"])
    return {**one, "stays": 100 * stays / widest, "rest": 100 * rest / widest}


def _example(one: Example, names: Mapping[int, str]) -> dict[str, Any]:
    return {
        "name": one.customer["name"],
        "url": url_for("customers.show", number=one.customer["number"]),
        "day": one.due.on if one.due else None,
        "why": _why(one, names),
    }


def _why(one: Example, names: Mapping[int, str]) -> str:
    if one.touch is None or one.due is None:
        return _("Nothing is due yet.")
    what = label(one.touch.label)
    if one.due.anchor:
        return _("%(what)s; %(day)s", what=what, day=format_date(one.due.anchor, "medium"))
    if one.due.since:
        ago = (local_day(clock.now()) - one.due.since).days
        return str(
            ngettext(
                "%(what)s; last %(num)s day ago", "%(what)s; last %(num)s days ago", ago, what=what
            )
        )
    if one.came_from is not None:
        return _("%(what)s; comes from “%(name)s”", what=what, name=names.get(one.came_from, ""))
    return _("%(what)s; for the first time", what=what)
