"""Adding and changing one condition of a list, or of the rule of a tag."""

from typing import Any

from flask import request, url_for
from werkzeug.wrappers import Response

from crmlite.access import current_reader, requires
from crmlite.customers.conditions.questions import Questions
from crmlite.customers.lists import Asked, asked_for
from crmlite.customers.views.blueprint import bp
from crmlite.customers.views.figures import setting_address
from crmlite.customers.views.overview import address
from crmlite.paging import page, saved, with_query
from crmlite.rules.conditions import FromSetting, Test
from crmlite.rules.conditions.short import value_to_text
from crmlite.rules.fields import Field
from crmlite.settings.queries import declared_settings
from crmlite.wording import label


@bp.get("/customers/conditions")
@requires("customers:see")
def condition() -> Response:
    """The form for one condition; with `set` it goes into the list."""
    reader = current_reader()
    asked = asked_for(request.args, reader)
    ask = Questions(reader)
    place = _place(asked)
    old = asked.tree.parts[place] if place is not None else None
    old = old if isinstance(old, Test) else None
    field = ask.field(request.args.get("field", old.field if old else ""))
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
        test, problems = ask.read(field, operator, texts)
        if test is not None:
            return saved(_back(asked.having(test, place)))
    return page(
        "customers/condition.html",
        "customers/_condition.html",
        422 if problems else 200,
        asked=asked,
        place=place,
        fields=ask.grouped(),
        field=field,
        operators=ask.operators(field),
        operator=operator,
        inputs=ask.inputs(field, operator, texts) if given is None else {"kind": "setting"},
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
        "sentence": Questions(current_reader()).sentence(old),
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


def hidden_rest(asked: Asked) -> list[tuple[str, str]]:
    """The rest of the list, as it goes along with the form."""
    found: list[tuple[str, str]] = []
    for name, value in asked.query().items():
        if name == "view":
            continue
        found += [(name, each) for each in value] if isinstance(value, list) else [(name, value)]
    return found
