"""Words that a firm gives in both languages, or in one of them."""

from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite.forms.form import RecordForm
from crmlite.forms.texts import Text
from crmlite.wording import language

LANGUAGES = ("en", "zh")


def one_at_least(form: Any, field: Any, sentence: str) -> None:
    """Refuse words that are given in no language, where the reader looks first: at the field of their
    own one. Raises ValidationError."""
    name, _line, lang = field.short_name.rpartition("_")
    if lang == language() and not any(form[f"{name}_{one}"].data for one in LANGUAGES):
        raise ValidationError(sentence)


class Labelled(RecordForm):
    """A record with a name in both languages; one of them is enough."""

    label_en = Text(_l("Name in English"), most=60)
    label_zh = Text(_l("Name in Chinese"), most=60)

    def validate_label_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please give a name in one language at least."))

    validate_label_zh = validate_label_en

    def label_words(self) -> dict[str, str]:
        """The name as it is stored; where a language is missing the other one is shown."""
        found = {"en": self.label_en.data, "zh": self.label_zh.data}
        return {lang: text for lang, text in found.items() if text}
