"""Two readers for whom the rules are put into words: one of each language."""

import gettext
from io import BytesIO
from pathlib import Path

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import crmlite.rules
from crmlite.rules.conditions import Figures

FIGURES = Figures({"many_orders": 4, "high_spend": 1000, "silent_days": 60}, minor=100)
PART = Path(crmlite.rules.__file__).parents[1] / "translations" / "parts" / "rules.po"


class English:
    """Says the msgids themselves."""

    lang = "en"
    words = gettext.NullTranslations()

    def say(self, msgid, /, **params):
        said = self.words.gettext(msgid)
        return said % params if params else said

    def count(self, one, many, num, /):
        return self.words.ngettext(one, many, num) % {"num": num}

    def label(self, label, /):
        return self.say(label) if isinstance(label, str) else label[self.lang]

    def now(self, field, value, /):
        return FIGURES.of(value, field.kind)

    def shown(self, field, value, /):
        return f"{value:,}" if isinstance(value, int | float) else str(value)


class Chinese(English):
    """Says what the part of this room has for them."""

    lang = "zh"

    def __init__(self):
        compiled = BytesIO()
        write_mo(compiled, read_po(BytesIO(PART.read_bytes()), locale="zh"))
        compiled.seek(0)
        self.words = gettext.GNUTranslations(compiled)


ENGLISH, CHINESE = English(), Chinese()
