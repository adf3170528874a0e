"""Adding and changing one condition of a list, or of the rule of a tag."""

from collections.abc import Sequence
from typing import Any
from zoneinfo import ZoneInfo

from flask import request, url_for
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from crmlite import clock, settings
from crmlite.access import current_reader, requires
from crmlite.accounts.queries import people, teams
from crmlite.customers.catalogue import BookVoice, catalogue, tag_choices
from crmlite.customers.fields import asked_fields, heading
from crmlite.customers.figures import figures
from crmlite.customers.industries import industries
from crmlite.customers.lists import Asked, asked_for
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.figures import setting_address
from crmlite.customers.views.overview import address
from crmlite.customers.views.problems import sentences
from crmlite.paging import page, saved, with_query
from crmlite.rules.conditions import (
    OPERATORS,
    FromSetting,
    Span,
    Test,
    read_test,
    sentence,
    validate,
)
from crmlite.rules.conditions.moving import moving_words
from crmlite.rules.conditions.operators import NAMES
from crmlite.rules.conditions.short import value_to_text
from crmlite.rules.fields import Field
from crmlite.rules.values import Reading
from crmlite.settings.places import calling_code
from crmlite.settings.queries import declared_settings
from crmlite.wording import label, language

FIRST = "tier"
SPANS = ("week", "week-1", "week+1", "month", "month-1", "month+1", "quarter", "quarter-1", "year")
MOVES = (
    "0d", "-7d", "-14d", "-30d", "-60d", "-90d", "-180d", "-1y",
    "7d", "14d", "30d", "60d", "90d", "month", "quarter", "year",
)  # fmt: skip


@bp.get("/customers/conditions")
@requires("customers:see")
def condition() -> Response:
    """The form for one condition; with `set` it goes into the list."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    fields = catalogue(reader)
    place = _place(asked)
    old = asked.tree.parts[place] if place is not None else None
    old = old if isinstance(old, Test) else None
    field = fields.get(request.args.get("field", old.field if old else FIRST)) or fields[FIRST]
    operator = request.args.get("operator", old.operator if old else "")
    if operator not in field.operators:
        operator = field.operators[0]
    texts = request.args.getlist("value")
    if not texts and old and (old.field, old.operator) == (field.name, operator):
        texts = [value_to_text(value) for value in old.values]
    problems: list[str] = []
    given = _given(old, field, operator)
    if given is not None and "set" in request.args:
        return saved(_back(asked))
    if "set" in request.args:
        test, problems = _read(field, operator, texts)
        if test is not None:
            return saved(_back(asked.having(test, place)))
    return page(
        "customers/condition.html",
        "customers/_condition.html",
        422 if problems else 200,
        asked=asked,
        place=place,
        fields=_grouped(fields),
        field=field,
        operators=[(name, _(NAMES[name])) for name in field.operators],
        operator=operator,
        inputs=_inputs(field, operator, texts) if given is None else {"kind": "setting"},
        given=given,
        texts=texts,
        problems=problems,
        hidden=hidden_rest(asked) + list(_along().items()),
        back=_back(asked),
    )


def _given(old: Test | None, field: Field, operator: str) -> dict[str, Any] | None:
    """The setting that an old condition compares with, while it asks the same: what it says now, and
    what it is called. Nobody types it: who changes it, changes the setting."""
    value = old.values[0] if old and old.values else None
    if old is None or not isinstance(value, FromSetting):
        return None
    if (old.field, old.operator) != (field.name, operator):
        return None
    declared = declared_settings().get(value.name)
    return {
        "sentence": sentence(old, catalogue(current_reader()), BookVoice()),
        "label": label(declared.label) if declared else value.name,
        "url": setting_address(value.name),
    }


def _along() -> dict[str, str]:
    """The tag whose rule is changed, and since which version; empty when it is a list."""
    tag = request.args.get("rule", "")
    if not (tag.isascii() and tag.isdigit() and current_reader().may("tags:manage")):
        return {}
    return {"rule": tag[:9], "version": request.args.get("version", "")[:9]}


def _back(asked: Asked) -> str:
    """The list or the rule that the conditions belong to."""
    if not (along := _along()):
        return address(asked)
    here = url_for("customers.rule", tag_id=int(along["rule"]))
    return with_query(here, {**asked.query(), "edited": 1, "version": along["version"]})


def _place(asked: Asked) -> int | None:
    text = request.args.get("place", "")
    if text.isascii() and text.isdigit() and int(text[:4]) < len(asked.tree.parts):
        return int(text[:4])
    return None


def _read(field: Field, operator: str, texts: list[str]) -> tuple[Test | None, list[str]]:
    reader = current_reader()
    zone = ZoneInfo(settings.get("timezone"))
    reading = Reading(
        today=clock.today(zone),
        zone=zone,
        lang=language(),
        currency=settings.get("currency"),
        home=calling_code(),
    )
    read = read_test(field, operator, texts, reading)
    problems = list(read.problems) if read.value is None else []
    if read.value is not None:
        problems += validate(read.value, catalogue(reader), figures())
    return (None if problems else read.value), sentences(problems, reader)


def _grouped(fields: dict[str, Field]) -> list[tuple[str, list[tuple[str, str]]]]:
    """Fields by group, for the menu; those that follow from others stand last."""
    groups: dict[str, list[tuple[str, str]]] = {}
    for name in asked_fields():
        if name in fields:
            group = heading(fields[name]) or _("What is counted")
            groups.setdefault(group, []).append((name, label(fields[name].label)))
    return list(groups.items())


def _inputs(field: Field, operator: str, texts: Sequence[str]) -> dict[str, Any]:
    """What the value is entered with: `kind` and, for lists, `options`."""
    if not OPERATORS[operator].most:
        return {"kind": "none"}
    if operator in ("contains", "lacks", "starts", "ends"):
        return {"kind": "text", "count": 1}
    values = field.traits.values
    if values == "flag":
        return {"kind": "one", "options": [("yes", _("yes")), ("no", _("no"))]}
    if field.kind == "industry":
        options = [(entry.code, f"{entry.code} {entry.name(language())}") for entry in industries()]
        finds = {entry.code: entry.find for entry in industries()}
        return {"kind": "industry", "options": options, "finds": finds}
    if options := _options(field, texts):
        return {"kind": "several", "options": options}
    if values in ("day", "moment"):
        return _days(operator)
    return {"kind": "text", "count": 2 if operator == "between" else 1}


def _options(field: Field, texts: Sequence[str]) -> list[tuple[str, str]]:
    match field.kind:
        case "choice" | "choices":
            return [(choice.key, label(choice.label)) for choice in field.choices]
        case "person":
            return [
                ("me", _("me")),
                *((str(one.id), one.name) for one in people().values()),
            ]
        case "team":
            return [
                ("me", _("my teams")),
                *((str(one.id), label(one.label)) for one in teams()),
            ]
        case "tags":
            known = [tag for tag in tag_choices() if not tag.resting or tag.key in texts]
            return [(tag.key, label(tag.label)) for tag in known]
    return []


def _days(operator: str) -> dict[str, Any]:
    if operator == "during":
        return {"kind": "one", "options": [(text, _words(text, Span)) for text in SPANS]}
    options = [(text, _words(text, None)) for text in MOVES]
    return {"kind": "days", "options": options, "count": 2 if operator == "between" else 1}


def _words(text: str, _kind: type | None) -> str:
    from flask_babel import ngettext

    from crmlite.rules.conditions.dates import day_from_text, span_of

    value = span_of(text) if _kind is Span else day_from_text(text)
    return moving_words(  # type: ignore[arg-type]
        value,
        lambda msgid, **params: str(_(msgid, **params)),
        lambda one, many, num: str(ngettext(one, many, num)),
    )


def hidden_rest(asked: Asked) -> list[tuple[str, str]]:
    """The rest of the list, as it goes along with the form."""
    found: list[tuple[str, str]] = []
    for name, value in asked.query().items():
        if name == "view":
            continue
        found += [(name, each) for each in value] if isinstance(value, list) else [(name, value)]
    return found
