"""The form that all others are made from: form key, version, what was typed, what differs."""

import hashlib
import re
import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, fields
from typing import Any, TypeVar

from flask import request
from flask_wtf import FlaskForm
from wtforms import HiddenField
from wtforms.fields.core import UnboundField
from wtforms.widgets import HiddenInput

from crmlite.forms.entry import Entry
from crmlite.rules.problems import Checked
from crmlite.rules.text import clean_int

V = TypeVar("V")
KEY = re.compile(r"[A-Za-z0-9_-]{16,40}")
KEY_BYTES = 16
MOST = 2**31 - 1
OWN = ("csrf_token", "form_key")
UNBOUND = UnboundField(HiddenField)


@dataclass(frozen=True, slots=True)
class Difference:
    """A field in which two people disagree, in words."""

    label: str
    mine: str
    theirs: str


def fresh_key() -> str:
    """A key for a form that is drawn without a Form; `Form().key` reads it when it is sent."""
    return secrets.token_urlsafe(KEY_BYTES)


class FormKey(HiddenField):
    """A key that is used once, so that sending a form twice does it once."""

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        if valuelist and KEY.fullmatch(str(valuelist[0])):
            self.data = str(valuelist[0])


class Version(Entry):
    """Which version of the record the form was made from."""

    widget = HiddenInput()
    drawn_as = "HiddenField"

    def read(self, text: str) -> Checked[int]:
        """The value that a text stands for."""
        return clean_int(text, least=0, most=MOST)


class Form(FlaskForm):
    """A form. `value()` answers what was entered as a frozen dataclass."""

    form_errors: list[str]
    form_key = FormKey(default=fresh_key)

    class Meta(FlaskForm.Meta):
        def render_field(self, field: Any, render_kw: dict[str, Any]) -> Any:
            """Browsers do not refuse on their own: their words follow their language, not ours."""
            if field.flags.required:
                render_kw = {"required": False, "aria-required": "true", **render_kw}
            return super().render_field(field, render_kw)

    def __init_subclass__(cls, **more: Any) -> None:
        super().__init_subclass__(**more)
        fields = {name for name, one in vars(cls).items() if isinstance(one, UnboundField)}
        hidden = sorted(name for name in fields if _is_no_field(cls.__mro__[1:], name))
        if hidden:
            raise TypeError(f"{cls.__name__}: fields hide what forms have: {', '.join(hidden)}")

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        self.differences: list[Difference] = []
        self.is_stale = False

    @property
    def key(self) -> str:
        """The form key for an operation: the same only for the same form with the same content.

        Who goes back and sends something else means something else.
        """
        sent = sorted((n, v) for n, v in request.form.items(multi=True) if n not in OWN)
        told = repr((request.path, sent)).encode("utf-8", "surrogatepass")
        return f"{self.form_key.data}.{hashlib.sha256(told).hexdigest()[:20]}"

    @property
    def http_status(self) -> int:
        """What a page with this form answers: 200 at first, 422 with errors, 409 in conflict."""
        if self.is_stale:
            return 409
        return 422 if self.errors else 200

    def value(self) -> Any:
        """What was entered, as a frozen dataclass: each form says which."""
        raise NotImplementedError(f"{type(self).__name__} has no value")

    def taken(self, kind: type[V], /, **more: Any) -> V:
        """A dataclass from the fields that bear the names of its own; `more` gives others."""
        names = [one.name for one in fields(kind)]  # type: ignore[arg-type]
        data = {name: self[name].data for name in names if name in self and name not in more}
        return kind(**data, **more)

    def blame(self, name: str | None, sentence: str) -> None:
        """Say what is wrong with a field, or with the whole form when `name` is None."""
        if name is None:
            self.form_errors = [*self.form_errors, sentence]
        else:
            self[name].errors = [*self[name].errors, sentence]


def _is_no_field(bases: Iterable[type], name: str) -> bool:
    """Whether one of these classes has something by this name that is no field."""
    return any(not isinstance(vars(base).get(name, UNBOUND), UnboundField) for base in bases)


class RecordForm(Form):
    """A form that changes a record which others may change meanwhile."""

    version = Version()

    @property
    def seen(self) -> int | None:
        """The version that the person has seen, for `version=` of the operation."""
        found: int | None = self.version.data
        return found

    def conflict(self, theirs: Mapping[str, Any]) -> None:
        """Somebody else saved first: note what differs from the record as it is now.

        The form takes the new version, so that sending it again, having seen both, is accepted.
        """
        self.is_stale = True
        self.version.data = theirs["version"]
        self.version.raw_data = None
        self.differences = [
            Difference(str(field.label.text), mine, saved)
            for field in self
            if field.name in theirs and field.name != "version" and hasattr(field, "shown")
            if (mine := field.shown(field.data)) != (saved := field.shown(theirs[field.name]))
        ]
