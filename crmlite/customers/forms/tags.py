"""The form for the tags of a customer, by dimension."""

from typing import Any

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField

from crmlite.customers.conditions.catalogue import TagChoice, tag_choices
from crmlite.customers.tags.declaring import MIRRORED
from crmlite.forms import Choice, Choices, Form, Option, Text
from crmlite.rules.text import clean_int
from crmlite.wording import label

LONGEST = 40
MOST = 2**31 - 1
PREFIX = "dimension_"


class Ticked(HiddenField):
    """The ids of the tags that were ticked when the form was opened, however often it is sent."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        if valuelist:
            found = (clean_int(one, least=1, most=MOST) for one in str(valuelist[0]).split())
            self.data = [one.value for one in found if one.value is not None]

    def _value(self) -> str:
        return " ".join(map(str, self.data))


class TagsForm(Form):
    """The tags that people set, one field per dimension; an exclusive one offers one of them, once
    a customer that has several was left one."""

    had = Ticked()
    fresh = Text(_l("New free tag"), most=LONGEST)

    def tag_ids(self) -> list[int]:
        """The ids of the chosen tags."""
        chosen: list[int] = []
        for field in self:
            if field.name.startswith(PREFIX):
                data = field.data if isinstance(field.data, list) else [field.data]
                chosen += [int(one) for one in data if one]
        return chosen


def tags_form(had: list[int], *, may_add: bool) -> TagsForm:
    """The form with the tags of now; `had` are those that the customer has."""
    groups: dict[str, list[TagChoice]] = {}
    for tag in tag_choices():
        if (
            tag.dimension not in MIRRORED
            and not (tag.automatic or tag.resting)
            and (not tag.retired or tag.id in had)
        ):
            groups.setdefault(tag.dimension, []).append(tag)
    controls: dict[str, Any] = {}
    data: dict[str, Any] = {
        "had": [tag.id for tags in groups.values() for tag in tags if tag.id in had]
    }
    for dimension, tags in groups.items():
        name = PREFIX + dimension.replace("-", "_")
        options = [Option(str(tag.id), label(tag.label)) for tag in tags]
        words = label(tags[0].dimension_label)
        own = [str(tag.id) for tag in tags if tag.id in had]
        if tags[0].exclusive and len(own) < 2:
            controls[name] = Choice(words, options=options)
            data[name] = own[0] if own else None
        else:
            controls[name] = Choices(words, options=options)
            data[name] = own
    form: TagsForm = type("Tags", (TagsForm,), controls)(data=data)
    if not may_add:
        del form.fresh
    return form
