"""Makes the plans of customers: tasks that begin, move and end as the rule says."""

import logging
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, update

from crmlite import settings
from crmlite.calendars.queries import calendar_of
from crmlite.customers.tags.rules import PLANNED
from crmlite.extensions import database
from crmlite.followups.models import Task
from crmlite.followups.operations.planning import (
    TOUCH,
    TaskDraft,
    close_many,
    planned,
    row_of,
    together,
)
from crmlite.rules.cadence import Due
from crmlite.rules.planning import DONE, WITHDRAWN, Begin, End, Key, Move, plan
from crmlite.rules.strategies import Touch
from crmlite.settings.queries import local_day
from crmlite.strategies.executors import Executors
from crmlite.strategies.models import PlannedTouch
from crmlite.strategies.planner.following import note_followed
from crmlite.strategies.planner.knowing import Known, known
from crmlite.strategies.planner.serving import sound_strategies
from crmlite.work import Actor, operation, records

log = logging.getLogger(__name__)
Row = Mapping[str, Any]
REASON = "touch"
TOUCHES, TASKS = PlannedTouch.__table__, Task.__table__


@dataclass(frozen=True, kw_only=True, slots=True)
class Renewal:
    """What is another in a task that stays on its day: columns of the task, and whose it is by the
    plan."""

    row: Row
    values: Mapping[str, Any]
    executor_id: int
    version_id: int


@dataclass(slots=True)
class Work:
    """What is to be written for a batch of customers."""

    begun: list[tuple[Known, Begin, int]] = field(default_factory=list)
    moved: list[tuple[Known, Move, int]] = field(default_factory=list)
    renewed: list[Renewal] = field(default_factory=list)
    ended: list[tuple[Known, End]] = field(default_factory=list)
    taken_back: int = 0
    touched: set[int] = field(default_factory=set)
    people: set[int | None] = field(default_factory=set)
    executors: Executors = field(default_factory=Executors)

    @property
    def counts(self) -> dict[str, int]:
        """How many tasks are begun, moved, renewed and ended, and how many touches are otherwise since
        people took something back."""
        found = {name: len(getattr(self, name)) for name in ("begun", "moved", "renewed", "ended")}
        return {**found, "taken_back": self.taken_back}


@operation(PLANNED)
def make_plans(customer_ids: Sequence[int], *, by: Actor, at: datetime) -> dict[str, int]:
    """Make the plans of some customers anew; answers how many tasks were begun, moved, renewed and
    ended, and of how many something was taken back: none where all is as it should be."""
    return plan_for(customer_ids, by=by, at=at).counts


def plan_for(customer_ids: Sequence[int], *, by: Actor, at: datetime) -> Work:
    """The same inside an operation; answers what was written."""
    today = local_day(at)
    some = sound_strategies()
    everybody = known(some, customer_ids, today)
    works_on = calendar_of(None).works_on
    work = Work()
    for one in everybody:
        try:
            steps = plan(one.facts, today=today, works_on=works_on)
        except Exception:
            log.exception("customer %d is passed over: its plan could not be made", one.id)
            continue
        versions = {sound.id: sound.version_id for sound in one.serving}
        for step in steps:
            _sort(work, one, step, versions)
        _renewals(work, one, {step.key for step in steps})
    _take_back(work, everybody, by, at)
    _end(work, by, at)
    _move(work)
    _renew(work)
    _begin(work, by)
    note_followed(everybody, today)
    planned(work.touched)
    work.people.discard(None)
    return work


def _sort(work: Work, one: Known, step: Any, versions: Mapping[int, int]) -> None:
    match step:
        case Begin():
            if _executor(work, step.touch, one) is None:  # nobody's: problems.py tells of it
                return
            work.begun.append((one, step, versions[step.key[0]]))
        case Move():
            work.moved.append((one, step, versions[step.key[0]]))
        case End():
            work.ended.append((one, step))
    work.touched.add(one.id)


def _executor(work: Work, touch: Touch, one: Known) -> int | None:
    return work.executors.of(touch.executor, one.owner_id, one.dedicated_id)


def _renewals(work: Work, one: Known, stepped: Collection[Key]) -> None:
    """Note what is another in the tasks that stay: since the strategy says it otherwise by now, or
    since whoever was to do it is not there any more. What people chose themselves stays."""
    for serving, sound in zip(one.facts.serving, one.serving, strict=True):
        for touch in serving.touches:
            key = (serving.strategy_id, touch.name)
            row = one.rows.get(key)
            if row is None or key in stepped or key not in one.facts.open:
                continue
            who = _executor(work, touch, one)
            values = _other(row, touch, who, work.executors)
            if who is not None and (values or row["executor_id"] != who):
                renewal = Renewal(
                    row=row, values=values, executor_id=who, version_id=sound.version_id
                )
                work.renewed.append(renewal)
                work.touched.add(one.id)


def _other(row: Row, touch: Touch, who: int | None, executors: Executors) -> dict[str, Any]:
    """The columns of a task that are to be others."""
    reason = row["reason"] or {}
    told = reason.get("params", {})
    found: dict[str, Any] = {}
    if told.get("touch") != dict(_labelled(touch.label)):
        found["what"] = _words(touch)
    if told.get("channel") != touch.channel:
        found["channel"] = touch.channel
    if found:
        params = {**told, "touch": dict(_labelled(touch.label)), "channel": touch.channel}
        found["reason"] = {**reason, "params": params}
    assignee = row["assignee_id"]
    is_planned = assignee == row["executor_id"] or not executors.is_here(assignee)
    if who is not None and assignee != who and is_planned:
        found["assignee_id"] = who
    return found


def _renew(work: Work) -> None:
    """Write what is another in tasks that stay on their days."""
    if not work.renewed:
        return
    records.update_many(
        Task, {one.row["task_id"]: one.values for one in work.renewed if one.values}
    )
    database.session.connection().execute(
        update(TOUCHES)
        .where(TOUCHES.c.id == bindparam("row"))
        .values(version_id=bindparam("version"), executor_id=bindparam("who")),
        [
            {"row": one.row["id"], "version": one.version_id, "who": one.executor_id}
            for one in work.renewed
        ],
    )
    work.people.update(one.executor_id for one in work.renewed)


def _begin(work: Work, by: Actor) -> None:
    rows = [
        row_of(
            one.id,
            TaskDraft(
                what=_words(step.touch),
                kind=TOUCH,
                due_on=step.due.on,
                channel=step.touch.channel,
                assignee_id=_executor(work, step.touch, one),
                reason=_reason(step.key, step.touch, step.due, one),
            ),
            by,
        )
        for one, step, _version in work.begun
    ]
    ids = records.insert_many(Task, rows)
    made = [
        {
            "customer_id": one.id,
            "strategy_id": step.key[0],
            "touch": step.key[1],
            "version_id": version,
            "task_id": task_id,
            "executor_id": _executor(work, step.touch, one),
            "state": "open",
            **_days(step.due),
        }
        for task_id, (one, step, version) in zip(ids, work.begun, strict=True)
    ]
    if made:
        database.session.execute(insert(TOUCHES), made)
    work.people.update(row["assignee_id"] for row in rows)


def _days(due: Due) -> dict[str, Any]:
    return {
        "since_on": due.since,
        "anchor_on": due.anchor,
        "planned_on": due.on,
        "before_on": due.before,
        "levelled_on": None,
    }


def _move(work: Work) -> None:
    """Put open tasks on the days on which they are due by now, as the strategy says it by now."""
    tasks, put = {}, []
    for one, step, version in work.moved:
        row = one.rows[step.key]
        who = _executor(work, step.touch, one)
        reason, days = _reason(step.key, step.touch, step.due, one), _days(step.due)
        values = {**_other(row, step.touch, who, work.executors), "reason": reason}
        if step.due.on != row["planned_on"]:
            values |= together(row, {"due_on": step.due.on})
        elif row["levelled_on"]:
            days["levelled_on"] = row["levelled_on"]
            reason["params"]["levelled"] = row["planned_on"].isoformat()
        tasks[row["task_id"]] = values
        executor_id = row["executor_id"] if who is None else who
        put.append({"row": row["id"], "version": version, "who": executor_id, **days})
        work.people.update((row["assignee_id"], values.get("assignee_id")))
    records.update_many(Task, tasks)
    if put:
        names = ("since_on", "anchor_on", "planned_on", "before_on", "levelled_on")
        database.session.connection().execute(
            update(TOUCHES)
            .where(TOUCHES.c.id == bindparam("row"))
            .values(
                version_id=bindparam("version"),
                executor_id=bindparam("who"),
                **{name: bindparam(name) for name in names},
            ),
            put,
        )


def _take_back(work: Work, everybody: Sequence[Known], by: Actor, at: datetime) -> None:
    """Follow what people took back: a touch whose task is open again is planned again, in place of the
    one that came after it; one that was done by a contact which is gone was not done. Neither counts
    as a plan that was not kept."""
    withdrawn = [row for one in everybody for row in (*one.replaced, *one.unfounded)]
    reopened = [row for one in everybody for row in one.reopened]
    if not withdrawn and not reopened:
        return
    close_many(
        [row["task_id"] for one in everybody for row in one.replaced], "dropped", by=by, at=at
    )
    gone = [row["task_id"] for one in everybody for row in one.unfounded]
    records.update_many(Task, {task_id: {"status": "dropped"} for task_id in gone})
    states = [(row, WITHDRAWN, row["planned_on"]) for row in withdrawn]
    states += [(row, "open", None) for row in reopened]
    database.session.connection().execute(
        update(TOUCHES)
        .where(TOUCHES.c.id == bindparam("row"))
        .values(state=bindparam("now"), ended_on=bindparam("ended"), met_on=None),
        [{"row": row["id"], "now": now, "ended": ended} for row, now, ended in states],
    )
    work.taken_back = len(states)
    work.touched.update(row["customer_id"] for row, _now, _ended in states)
    work.people.update(row["assignee_id"] for one in everybody for row in one.replaced)
    work.people.update(row["assignee_id"] for row in reopened)


def _end(work: Work, by: Actor, at: datetime) -> None:
    """Close what is done by a contact, over, or asked for no more, and note what people closed."""
    closing: dict[str, list[int]] = {"done": [], "dropped": []}
    noted = []
    for one, step in work.ended:
        row = one.rows[step.key]
        work.people.add(row["assignee_id"])
        if row["status"] == "open":
            closing["done" if step.state == DONE else "dropped"].append(row["task_id"])
        is_met = row["status"] == "open" and step.state == DONE
        met_on = step.on if is_met else None
        noted.append({"row": row["id"], "ended": step.on, "now": step.state, "met": met_on})
    for status, ids in closing.items():
        if ids:
            close_many(ids, status, by=by, at=at)
    if noted:
        database.session.connection().execute(
            update(TOUCHES)
            .where(TOUCHES.c.id == bindparam("row"))
            .values(state=bindparam("now"), ended_on=bindparam("ended"), met_on=bindparam("met")),
            noted,
        )


def _words(touch: Touch) -> str:
    """What is to be done, in the language of the firm: everybody reads the same line."""
    language = str(settings.get("language")) or "zh"
    words = touch.label
    if isinstance(words, str):
        return words[:200]
    return str(words.get(language) or next(iter(words.values())))[:200]


def _reason(key: Key, touch: Touch, due: Due, one: Known) -> dict[str, Any]:
    """Why the task is there, to be said in the language of whoever reads it."""
    sound = next(sound for sound in one.serving if sound.id == key[0])
    return {
        "code": REASON,
        "params": {
            "strategy": key[0],
            "name": dict(_labelled(sound.declared.label)),
            "touch": dict(_labelled(touch.label)),
            "channel": touch.channel,
            "since": due.since.isoformat() if due.since else None,
            "anchor": due.anchor.isoformat() if due.anchor else None,
        },
    }


def _labelled(words: Any) -> Mapping[str, str]:
    return {"en": words} if isinstance(words, str) else words
