"""What people fill in about the firm and about the values of a list."""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import Field, ValidationError
from wtforms.validators import StopValidation

from crmlite.forms import Check, Choice, Choices, Integer, Option, RecordForm, Text
from crmlite.forms.choices import Choosing
from crmlite.forms.labels import one_at_least
from crmlite.settings.catalogue import Choice as Value
from crmlite.settings.catalogue import Setting
from crmlite.settings.operations import fingerprint
from crmlite.wording import label

PREFIX = "setting_"
LANGUAGES = (("en", _l("in English")), ("zh", _l("in Chinese")))


class OneOf(Choice):
    """There is always one chosen, so that nobody needs to be told to choose."""

    def offered(self) -> list[Option]:
        """What is declared, and no empty choice."""
        return Choosing.offered(self)

    def pre_validate(self, form: Any) -> None:
        """Refuses what no browser sends."""
        super().pre_validate(form)
        if self.data is None:
            raise StopValidation(self.missing())


class FirmForm(RecordForm):
    """The firm's settings; `firm_form` makes one from what is declared."""

    settings: Sequence[Setting] = ()

    def value(self) -> dict[str, Any]:
        """The settings by name, for `change_settings`."""
        return {setting.name: self._read(setting) for setting in self.settings}

    def groups(self) -> Iterator[tuple[str, list[tuple[Setting, list[Any]]]]]:
        """Headings, each with its settings and their fields."""
        found: dict[str, list[tuple[Setting, list[Any]]]] = {}
        for setting in self.settings:
            fields = [self[name] for name in names_of(setting)]
            found.setdefault(label(setting.group), []).append((setting, fields))
        yield from found.items()

    def compare(self, values: Mapping[str, Any]) -> None:
        """Somebody else saved first; the form was not saved."""
        self.conflict(_data(self.settings, values))

    def _read(self, setting: Setting) -> Any:
        data = [self[name].data for name in names_of(setting)]
        match setting.kind:
            case "words":
                pairs = zip(LANGUAGES, data, strict=True)
                return {language: text for (language, _words), text in pairs if text}
            case "choice":
                return data[0] or ""
        return data[0]


def firm_form(settings: Sequence[Setting], values: Mapping[str, Any]) -> FirmForm:
    """A form for these settings, holding these values."""
    fields = {
        name: field
        for setting in settings
        for name, field in zip(names_of(setting), _fields(setting), strict=True)
    }
    kind = type("FirmFormAsDeclared", (FirmForm,), {"settings": settings, **fields})
    form: FirmForm = kind(data=_data(settings, values))
    return form


def names_of(setting: Setting) -> list[str]:
    """The names of a setting's fields: one, or one per language."""
    if setting.kind == "words":
        return [f"{PREFIX}{setting.name}_{language}" for language, _words in LANGUAGES]
    return [PREFIX + setting.name]


def _data(settings: Sequence[Setting], values: Mapping[str, Any]) -> dict[str, Any]:
    data: dict[str, Any] = {"version": fingerprint(values)}
    for setting in settings:
        value = values[setting.name]
        parts = (
            [value.get(lang, "") for lang, _w in LANGUAGES] if setting.kind == "words" else [value]
        )
        data |= dict(zip(names_of(setting), parts, strict=True))
    return data


def _fields(setting: Setting) -> list[Field]:
    words = label(setting.label)
    match setting.kind:
        case "boolean":
            return [Check(words)]
        case "integer":
            return [Integer(words, **_bounds(setting), required=True)]
        case "choice":
            return [_choice(setting, words)]
        case "choices":
            return [Choices(words, options=list(setting.offered().items()))]
        case "words":
            most = setting.most or 200
            return [Text(f"{words} {language}", most=most) for _key, language in LANGUAGES]
    return [Text(words, most=setting.most or 200, validators=_validators(setting))]


def _choice(setting: Setting, words: str) -> Field:
    options = dict(setting.offered())
    none = options.pop("", None)
    if none is None:
        return OneOf(words, options=list(options.items()))
    return Choice(words, options=list(options.items()), none=label(none))


def _bounds(setting: Setting) -> dict[str, int]:
    bounds = {"least": setting.least, "most": setting.most}
    return {name: value for name, value in bounds.items() if value is not None}


def _validators(setting: Setting) -> list[Callable[[Any, Any], None]]:
    """A text that has a pattern must match it."""
    if not setting.pattern:
        return []

    def fits(_form: Any, field: Any) -> None:
        if not re.fullmatch(setting.pattern, field.data, re.ASCII):
            raise ValidationError(label(setting.hint) or _("This does not fit."))

    return [fits]


class ValueForm(RecordForm):
    """A value of a list: what it is called in both languages; one of them is enough."""

    label_en = Text(_l("In English"), most=60)
    label_zh = Text(_l("In Chinese"), most=60)

    def validate_label_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please give a name in one language at least."))

    validate_label_zh = validate_label_en

    def value(self) -> dict[str, str]:
        """The label; where a language is missing, the other one is shown."""
        found = {"en": self.label_en.data, "zh": self.label_zh.data}
        return {language: text for language, text in found.items() if text}


def value_data(value: Value) -> dict[str, Any]:
    """A value of a list as its form holds it."""
    return {
        "label_en": value.label.get("en", ""),
        "label_zh": value.label.get("zh", ""),
        "version": value.version,
    }
