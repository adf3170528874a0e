"""Settings of cases: deadlines and canned replies."""

from typing import Any

from flask import abort, url_for
from flask_babel import gettext as _

from crmlite import clock, hooks, settings
from crmlite.access import current_reader, requires
from crmlite.accounts.queries import person_name, teams
from crmlite.calendars.wording import target as target_words
from crmlite.cases.filling import FIELDS
from crmlite.cases.forms.policies import LevelRuleForm, ReplyForm, TargetForm
from crmlite.cases.levels import NAMED, NOBODY, rule_of, rules
from crmlite.cases.operations import policies as operations
from crmlite.cases.queries import policies as reading
from crmlite.cases.queries.replies import replies
from crmlite.cases.targets import targets
from crmlite.cases.telling import team_label
from crmlite.cases.views.blueprint import bp
from crmlite.cases.words import CLOCKS, LEADERS, LEVELS, clock_label, kind_label, listed
from crmlite.customers.choices import choice_label
from crmlite.paging import page, saved
from crmlite.rules.casework import ClockName
from crmlite.rules.working_time import Target, Unit
from crmlite.wording import label
from crmlite.work import Stale
from crmlite.work.latest import last_change

ORDER = tuple(CLOCKS)  # as a case goes its way


@bp.get("/settings/deadlines")
@requires("cases:manage")
def deadlines() -> Any:
    """All deadlines of cases."""
    rows = [
        {
            "id": row["id"],
            "clock": clock_label(row["clock"]),
            "amount": target_words(Target(Unit(row["unit"]), row["amount"])),
            "whom": _whom(row),
            "pack": label(hooks.title(row["owner"])) if row["owner"] else "",
            "rests": row["owner"] not in ("", *hooks.enabled()),
        }
        for row in sorted(targets(), key=lambda one: (ORDER.index(one["clock"]), one["id"]))
    ]
    known = rules()
    levels = [_level(choice, known) for choice in settings.choices(LEVELS)]
    return page("cases/deadlines.html", "cases/_deadlines.html", rows=rows, levels=levels)


def _level(choice: Any, known: Any) -> dict[str, Any]:
    """Who leads complaints of a level, and from which teams their joint teams are."""
    rule = known.get(choice.key)
    leader = rule["leader"] if rule else NOBODY
    named = set(rule["team_ids"]) if rule else set()
    empty = [label(team.label) for team in teams() if team.id in named and not team.member_ids]
    who = person_name(rule["leader_id"]) if leader == NAMED else label(LEADERS[leader])
    return {
        "key": choice.key,
        "name": label(choice.label),
        "leader": who,
        "empty": _("No members yet: %(teams)s", teams=_(", ").join(empty)) if empty else "",
        "teams": _(", ").join(filter(None, map(team_label, rule["team_ids"] if rule else ()))),
    }


@bp.route("/settings/deadlines/levels/<level>", methods=["GET", "POST"])
@requires("cases:manage")
def level_rule(level: str) -> Any:
    """Say who leads complaints of a level, and from which teams their joint teams are."""
    choice = next((one for one in settings.choices(LEVELS) if one.key == level), None)
    if choice is None:
        abort(404)
    form = LevelRuleForm(data=rule_of(level) or {"leader": NOBODY})
    if form.validate_on_submit():
        try:
            undo = operations.save_level_rule(
                level,
                form.changes(),
                version=form.seen,
                by=current_reader().actor,
                at=clock.now(),
            )
            return _back(_("Saved. Complaints that come to this level go by it."), undo or None)
        except Stale:
            form.conflict(rule_of(level) or {})
    title = _("Joint team: %(level)s", level=label(choice.label))
    return _form(form, title, "cases.deadlines", "case_level_rule")


def _whom(row: Any) -> str:
    """For which cases a deadline is."""
    parts = [
        kind_label(row["kind"]) if row["kind"] else "",
        listed("level", row["level"]) if row["level"] else "",
        listed("category", row["category"]) if row["category"] else "",
        choice_label("tier", row["tier"]) if row["tier"] else "",
    ]
    anyone = _("complex cases") if row["clock"] == ClockName.PROGRESS else _("every case")
    return " · ".join(filter(None, parts)) or anyone


@bp.route("/settings/deadlines/new", methods=["GET", "POST"])
@requires("cases:manage")
def new_deadline() -> Any:
    """A further deadline."""
    form = TargetForm(data={"unit": "minutes"})
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        undo = operations.add_target(form.changes(), form_key=form.key, by=by, at=at)
        return _back(_("The deadline is set. Open cases go by it in a moment."), undo)
    return _form(form, _("New deadline"), "cases.deadlines")


@bp.route("/settings/deadlines/<int:target_id>", methods=["GET", "POST"])
@requires("cases:manage")
def deadline(target_id: int) -> Any:
    """Change a deadline."""
    form = TargetForm(data=reading.target(target_id))
    if form.validate_on_submit():
        try:
            undo = operations.update_target(
                target_id,
                form.changes(),
                version=form.seen,
                by=current_reader().actor,
                at=clock.now(),
            )
            return _back(_("The deadline is set. Open cases go by it in a moment."), undo or None)
        except Stale:
            form.conflict(reading.target(target_id))
    removal = url_for("cases.remove_deadline", target_id=target_id)
    return _form(form, _("Deadline"), "cases.deadlines", "case_target", removal=removal)


@bp.post("/settings/deadlines/<int:target_id>/removal")
@requires("cases:manage")
def remove_deadline(target_id: int) -> Any:
    """Take a deadline away."""
    reading.target(target_id)
    undo = operations.remove_target(target_id, by=current_reader().actor, at=clock.now())
    return _back(_("The deadline is gone. Cases go by the others."), undo)


def _back(message: str, undo: int | None) -> Any:
    return saved(url_for("cases.deadlines"), message=message, undo=undo)


@bp.get("/settings/replies")
@requires("cases:manage")
def canned() -> Any:
    """All canned replies."""
    rows = [
        {
            "id": row["id"],
            "title": label(row["title"]),
            "body": label(row["body"]),
            "pack": label(hooks.title(row["owner"])) if row["owner"] else "",
        }
        for row in replies(current_reader())
    ]
    return page("cases/canned.html", "cases/_canned.html", rows=rows)


@bp.route("/settings/replies/new", methods=["GET", "POST"])
@requires("cases:manage")
def new_reply() -> Any:
    """A further canned reply."""
    form = ReplyForm()
    if form.validate_on_submit():
        by, at = current_reader().actor, clock.now()
        undo = operations.save_reply(form.changes(), form_key=form.key, by=by, at=at)
        return saved(url_for("cases.canned"), message=_("Saved."), undo=undo)
    return _form(form, _("New canned reply"), "cases.canned", fields=FIELDS)


@bp.route("/settings/replies/<int:reply_id>", methods=["GET", "POST"])
@requires("cases:manage")
def edit_reply(reply_id: int) -> Any:
    """Change a canned reply."""
    row = reading.reply(reply_id)
    form = ReplyForm(data=_spread(row))
    if form.validate_on_submit():
        try:
            undo = operations.save_reply(
                form.changes(),
                reply_id=reply_id,
                version=form.seen,
                by=current_reader().actor,
                at=clock.now(),
            )
            return saved(url_for("cases.canned"), message=_("Saved."), undo=undo or None)
        except Stale:
            form.conflict(_spread(reading.reply(reply_id)))
    removal = url_for("cases.remove_reply", reply_id=reply_id)
    return _form(
        form, _("Canned reply"), "cases.canned", "canned_reply", removal=removal, fields=FIELDS
    )


def _spread(row: Any) -> dict[str, Any]:
    """A row as the form has it: a field for each language."""
    texts = {
        f"{part}_{lang}": row[part].get(lang, "")
        for part in ("title", "body")
        for lang in ("en", "zh")
    }
    return {**row, **texts}


@bp.post("/settings/replies/<int:reply_id>/removal")
@requires("cases:manage")
def remove_reply(reply_id: int) -> Any:
    """Offer a canned reply no more."""
    reading.reply(reply_id)
    undo = operations.delete_reply(reply_id, by=current_reader().actor, at=clock.now())
    return saved(url_for("cases.canned"), message=_("The canned reply is gone."), undo=undo)


def _form(form: Any, title: str, back: str, kind: str = "", **more: Any) -> Any:
    context = {
        "form": form,
        "title": title,
        "back": url_for(back),
        "removal": "",
        "fields": (),
        "now": clock.now(),
        "faster": last_change(kind) if kind and form.is_stale else None,
        **more,
    }
    return page("cases/policy.html", "cases/_policy.html", form.http_status, **context)
