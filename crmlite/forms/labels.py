"""Names that a firm gives in both languages."""

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite.forms.form import RecordForm
from crmlite.forms.texts import Text


class Labelled(RecordForm):
    """A record with a name in both languages; one of them is enough."""

    label_en = Text(_l("Name in English"), most=60)
    label_zh = Text(_l("Name in Chinese"), most=60)

    def validate_label_en(self, field: Text) -> None:
        """In one language at least."""
        if not (field.data or self.label_zh.data):
            raise ValidationError(_("Please give a name in one language at least."))

    def label_words(self) -> dict[str, str]:
        """The name as it is stored; where a language is missing the other one is shown."""
        found = {"en": self.label_en.data, "zh": self.label_zh.data}
        return {lang: text for lang, text in found.items() if text}
