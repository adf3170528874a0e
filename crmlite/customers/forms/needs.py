"""The forms for a need, a remark and a risk note."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite.customers.fields import NEED
from crmlite.customers.forms.controls import control
from crmlite.customers.forms.customers import kept
from crmlite.customers.forms.learning import learnt_field
from crmlite.forms import Check, Doubting, LongText, RecordForm

LONGEST = 2000
WORDS = ("goal", "core_need", "product", "pain", "expectations")  # that say what is needed


class NeedForm(Doubting, RecordForm):
    """What a customer needs."""

    learnt_at = learnt_field()

    def values(self) -> dict[str, Any]:
        """What was entered, by column."""
        names = {field.name for field in NEED}
        return {field.name: kept(field.data) for field in self if field.name in names}


class NewNeedForm(NeedForm):
    """A need that is added says what is needed; one that a move has opened may still be empty."""

    def validate_goal(self, field: Any) -> None:
        """Something of what is needed is said."""
        if not any(self[name].data for name in WORDS):
            raise ValidationError(_("What is needed? Say the goal, or choose the core need."))


def need_form(data: dict[str, Any] | None = None) -> NeedForm:
    """The form for a new need, or for the one of `data`."""
    controls = {field.name: control(field) for field in NEED}
    kind = NeedForm if data else NewNeedForm
    form: NeedForm = type("Need", (kind,), controls)(data={"status": "open", **(data or {})})
    form["status"].flags.required = True
    return form


class RemarkForm(RecordForm):
    """A remark or a risk note."""

    text = LongText(_l("Text"), most=LONGEST, required=True)
    is_risk = Check(_l("This is a risk: show it at the top"))

    def values(self) -> dict[str, Any]:
        """What was entered, by column."""
        return {"text": self.text.data, "is_risk": self.is_risk.data}
