"""A case as it is told: what was said and what happened, in order."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from flask_babel import gettext as _

from crmlite.accounts.queries import person_name, teams
from crmlite.cases.levels import LEAD
from crmlite.cases.words import clock_label, kind_label, listed, status_label
from crmlite.rules.casework import is_reopening
from crmlite.wording import N_, label

Row = Mapping[str, Any]
IN, OUT, NOTE, EVENT = "in", "out", "note", "event"
UNSAID = ("opened", "responded")  # the clocks show them
ICONS = {
    "moved": "arrows-right-left",
    "assigned": "user",
    "level": "alert-triangle",
    "complaint": "alert-circle",
    "kind": "arrows-right-left",
    "reported": "report",
    "planned": "clipboard-check",
    "revisited": "phone",
    "joined": "users",
    "left": "users",
    "duty": "users",
    "linked": "link",
    "split": "arrows-right-left",
    "escalated": "alert-triangle",
    "improvement": "bulb",
    "tied": "bulb",
    "untied": "bulb",
}
MESSAGE_ICONS = {IN: "message-circle", OUT: "send", NOTE: "lock"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Told:
    """A message (`in`, `out`, `note`) or an `event` between messages."""

    kind: str
    icon: str
    at: datetime
    who: str = ""
    where: str = ""
    text: str = ""
    why: str = ""


def told(messages: Iterable[Row], events: Iterable[Row], contact: Row | None) -> list[Told]:
    """Messages and events in order; within one moment events come after what was said."""
    found = [(row["at"], 0, row["id"], _message(row, contact)) for row in messages]
    shown = in_one_go(row for row in events if row["kind"] not in UNSAID)
    found += [(row["at"], 1, row["id"], _event(row)) for row in shown]
    return [one for *_order, one in sorted(found, key=lambda part: part[:3])]


def in_one_go(events: Iterable[Row]) -> list[Row]:
    """Events with moves that were made in one moment as one: whoever answers a new case has taken it
    up, too, and a revisit confirms or reopens it. What reopens a case has its number as `again`."""
    found: list[Row] = []
    reopened = 0
    for event in events:
        row = event
        if row["kind"] == "moved" and is_reopening(row["data"]["from"], row["data"]["to"]):
            reopened += 1
            row = {**row, "data": {**row["data"], "again": reopened}}
        before = found[-1] if found and found[-1]["at"] == row["at"] else None
        if before and row["kind"] == "moved" and before["kind"] == "revisited":
            found[-1] = {**before, "data": {**row["data"], **before["data"]}}
        elif before and before["kind"] == row["kind"] == "moved":
            way = {"from": before["data"]["from"], "to": row["data"]["to"]}
            found[-1] = {**row, "data": way, "why": row["why"] or before["why"]}
        else:
            found.append(row)
    return found


def _message(row: Row, contact: Row | None) -> Told:
    channel = listed("channel", row["channel"]) if row["channel"] else ""
    if row["direction"] == IN:
        who = contact["name"] if contact is not None else _("The customer")
        where = (
            _("from the customer, %(channel)s", channel=channel)
            if channel
            else _("from the customer")
        )
    elif row["direction"] == OUT:
        who = person_name(row["author_id"])
        where = (
            _("to the customer, %(channel)s", channel=channel) if channel else _("to the customer")
        )
    else:
        who, where = person_name(row["author_id"]), _("Internal, the customer never sees this")
    return Told(
        kind=row["direction"],
        icon=MESSAGE_ICONS[row["direction"]],
        at=row["at"],
        who=who,
        where=where,
        text=row["content"],
    )


def _event(row: Row) -> Told:
    doer = person_name(row["user_id"]) if row["user_id"] else ""
    sentence = SENTENCES[row["kind"]](row["data"], doer) if row["kind"] in SENTENCES else ""
    return Told(
        kind=EVENT,
        icon=ICONS.get(row["kind"], "history"),
        at=row["at"],
        who="" if sentence else doer,
        text=sentence or event_words(row["kind"], row["data"] or {}),
        why=row["why"] or "",
    )


def event_name(kind: str) -> str:
    """What a kind of event is called by itself, in the reader's language."""
    return label(PLAIN.get(kind) or NAMES.get(kind, kind))


def event_words(kind: str, data: Mapping[str, Any]) -> str:
    """What happened, in the reader's language."""
    if kind in PLAIN:
        return label(PLAIN[kind])
    return WORDS[kind](data) if kind in WORDS else kind


def _moved(data: Mapping[str, Any]) -> str:
    if "again" in data:
        return _("Reopened (no. %(number)s)", number=data["again"])
    return f"{status_label(data['from'])} → {status_label(data['to'])}"


def _assigned(data: Mapping[str, Any], doer: str) -> str:
    """Who gave it to whom; by itself it is given where nobody is named as `doer`."""
    who = person_name(data["to"])
    team = team_label(data.get("team"))
    if "team" in data and data.get("from") == data["to"]:
        return _("%(by)s gave it to the team %(team)s", by=doer, team=team) if doer else ""
    if not doer:
        return ""
    if not who:
        found = _("%(by)s put it back into the queue", by=doer)
    elif who == doer:
        found = _("%(by)s took the case", by=doer)
    else:
        found = _("%(by)s gave the case to %(who)s", by=doer, who=who)
    return _("%(what)s, team %(team)s", what=found, team=team) if team else found


def _given(data: Mapping[str, Any]) -> str:
    who = person_name(data["to"]) if data["to"] else _("the team's queue")
    return _("Assigned to %(who)s", who=who)


def team_label(team_id: int | None) -> str:
    """What a team is called; empty for none, and for one that is gone."""
    return next((label(team.label) for team in teams() if team.id == team_id), "")


def _level(data: Mapping[str, Any]) -> str:
    before, after = listed("level", data["from"]), listed("level", data["to"])
    return _("Level: %(before)s → %(after)s", before=before, after=after)


def _complaint(data: Mapping[str, Any]) -> str:
    before, level = kind_label(data["from"]), listed("level", data["to"])
    return _("%(before)s became a complaint, %(level)s", before=before, level=level)


def _kind(data: Mapping[str, Any]) -> str:
    before, after = kind_label(data["from"]), kind_label(data["to"])
    return _("Kind of case: %(before)s → %(after)s", before=before, after=after)


def _revisited(data: Mapping[str, Any]) -> str:
    if "again" in data:
        return _("Revisit: not satisfied, reopened (no. %(number)s)", number=data["again"])
    return _("Revisit: satisfied, confirmed") if data["satisfied"] else _("Revisit: not satisfied")


def _joined(data: Mapping[str, Any], doer: str) -> str:
    """Who asked whom into the joint team, and for what."""
    who, duty = person_name(data["user"]), listed("duty", data["duty"])
    if not doer or doer == who:
        if data["duty"] == LEAD:
            return _("%(who)s leads the joint team now", who=who)
        return _("%(who)s is in the joint team now (%(duty)s)", who=who, duty=duty)
    if data["duty"] == LEAD:
        return _("%(by)s made %(who)s lead of the joint team", by=doer, who=who)
    return _("%(by)s asked %(who)s into the joint team (%(duty)s)", by=doer, who=who, duty=duty)


def _duty(data: Mapping[str, Any], doer: str) -> str:
    """Who gave whom another part in the joint team."""
    who, duty = person_name(data["user"]), listed("duty", data["duty"])
    if data["duty"] == LEAD or not doer or doer == who:
        return _joined(data, doer)
    return _("%(by)s gave %(who)s another part: %(duty)s", by=doer, who=who, duty=duty)


def _left(data: Mapping[str, Any], doer: str) -> str:
    """Who left the joint team, or was taken out of it."""
    who = person_name(data["user"])
    if not doer or doer == who:
        return _("%(who)s left the joint team", who=who)
    return _("%(by)s took %(who)s out of the joint team", by=doer, who=who)


def _linked(data: Mapping[str, Any]) -> str:
    return _("Linked with %(number)s", number=data["to"])


def _split(data: Mapping[str, Any]) -> str:
    return _("Split off: %(number)s", number=data["to"])


def _escalated(data: Mapping[str, Any]) -> str:
    return escalation_words(data["clock"], data["step"])


PLAIN = {
    "opened": N_("Case opened"),
    "responded": N_("First response"),
    "reported": N_("Progress reported"),
    "planned": N_("Plan agreed with the customer"),
    "improvement": N_("An improvement was opened"),
    "tied": N_("Belongs to an improvement"),
    "untied": N_("Belongs to an improvement no longer"),
}
NAMES = {
    "moved": N_("State moved on"),
    "assigned": N_("Case assigned"),
    "level": N_("Level changed"),
    "complaint": N_("Case became a complaint"),
    "kind": N_("Kind of case changed"),
    "revisited": N_("Revisit written down"),
    "joined": N_("Joint team joined"),
    "left": N_("Joint team left"),
    "duty": N_("Duty changed"),
    "linked": N_("Cases linked"),
    "split": N_("Case split"),
    "escalated": N_("Cases escalated"),
}
WORDS = {
    "moved": _moved,
    "assigned": _given,
    "level": _level,
    "complaint": _complaint,
    "kind": _kind,
    "revisited": _revisited,
    "linked": _linked,
    "split": _split,
    "escalated": _escalated,
}
SENTENCES = {"assigned": _assigned, "joined": _joined, "left": _left, "duty": _duty}


def escalation_words(clock: str, step: int) -> str:
    """How far a case was escalated."""
    what = clock_label(clock)
    words: Sequence[str] = (
        _("%(clock)s: time is running out", clock=what),
        _("%(clock)s: overdue", clock=what),
        _("%(clock)s long overdue", clock=what),
    )
    return words[min(step, len(words)) - 1]
