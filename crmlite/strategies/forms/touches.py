"""The field in which people make the touches of a strategy.

The touches go along with the form, and so does the one that is being entered. Each button of the field
sends the form: its view draws the form anew instead of saving it, `is_being_built` says when. Saving
takes what is being entered with it.
"""

import json
from typing import Any

from flask_babel import gettext as _
from wtforms.validators import StopValidation

from crmlite import settings
from crmlite.forms.entry import Drawn
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.strategies import MOST_TOUCHES, Touch, touch_from_json, touch_to_json
from crmlite.strategies.forms.touch import AGAIN, AROUND, TouchForm, fresh_data, touch_data
from crmlite.strategies.wording import touch_words
from crmlite.wording import label

LONGEST = 120_000


class Touches(Drawn):
    """The touches of a strategy; `data` is a tuple of Touch. `at` is the place of the one that is being
    entered in `editor`, the number of touches where it is a new one."""

    drawn_as = "Touches"

    def __init__(self, label: Any = None, **more: Any) -> None:
        super().__init__(label, **more)
        self.editor: TouchForm | None = None
        self.at: int | None = None
        self.is_being_built = False
        self.is_fresh = self.is_set = False  # what a button has opened, or put in its place

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the touches of the record, then what the form sent, and do what its button asks."""
        super().process(formdata, data, extra_filters)
        if formdata is None or self.name not in formdata or self.process_errors:
            return
        self._read_editor(formdata)
        asked, _colon, where = str(formdata.get(f"{self.name}-do", "")).partition(":")
        self.is_being_built = bool(asked)
        if asked:
            self._do(asked, where)

    def process_data(self, value: Any) -> None:
        """Take the touches of the record."""
        self.data = tuple(value or ())

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the touches that go along with the form."""
        if not valuelist:
            return
        text = str(valuelist[0])
        try:
            if len(text) > LONGEST:
                raise ValueError
            self.data = tuple(touch_from_json(one) for one in json.loads(text))
        except (BadDeclaration, KeyError, TypeError, AttributeError, ValueError, RecursionError):
            raise ValueError(_("These touches cannot be read.")) from None

    def pre_validate(self, form: Any) -> None:
        """Take with it what is being entered; stops with what is wrong."""
        super().pre_validate(form)
        if self.editor is not None and not self._set():
            raise StopValidation(_("Please look at the touch that is being entered."))
        if not self.data:
            raise StopValidation(_("A strategy needs at least one touch."))

    def is_empty(self) -> bool:
        """Whether there is none yet, nor one being entered."""
        return not self.data and self.editor is None

    def missing(self) -> str:
        """What to say when there is none."""
        return str(_("A strategy needs at least one touch."))

    def shown(self, value: Any) -> str:
        """Touches in few words."""
        return _("; ").join(touch_words(touch) for touch in value or ())

    def sent(self) -> str:
        """The touches as they go along with the form."""
        told = [touch_to_json(touch) for touch in self.data]
        return json.dumps(told, ensure_ascii=False, separators=(",", ":"))

    def needs(self, touch: Touch) -> str:
        """What a touch is about by the core need, in words."""
        said = [
            _(": ").join((settings.choice_label("core_need", need), label(about)))
            for need, about in touch.contents.items()
        ]
        return _("; ").join(said)

    def may_add(self) -> bool:
        """Whether there is room for a further one."""
        return len(self.data) < MOST_TOUCHES

    def settle(self) -> None:
        """Set what is being entered, where it can be."""
        self._settled()

    def _read_editor(self, formdata: Any) -> None:
        where = _place(formdata.get(f"{self.name}-at", ""))
        if where is None or where > len(self.data):
            return
        self.at, self.editor = where, TouchForm(formdata, prefix=f"{self.name}-touch-")

    def _do(self, asked: str, where: str) -> None:
        """What a button asks for. One that does not fit, such as one of an old page, asks nothing."""
        place = _place(where)
        if asked in (AGAIN, AROUND) and self.may_add() and self._settled():
            self._open(len(self.data), fresh_data(asked))
        elif asked == "set":
            self.is_set = self._set()
        elif asked == "close":
            self.at = self.editor = None
            self.is_set = True
        elif place is None or place >= len(self.data):
            return
        elif asked == "edit" and self._settled():
            self._open(place, touch_data(self.data[place]))
        elif asked == "out":
            self._out(place)
        elif asked == "up" and place and self._settled():
            rows = [*self.data]
            rows[place - 1], rows[place] = rows[place], rows[place - 1]
            self.data = tuple(rows)

    def _open(self, place: int, data: dict[str, Any]) -> None:
        self.at, self.is_fresh = place, True
        self.editor = TouchForm(data=data, prefix=f"{self.name}-touch-")

    def _out(self, place: int) -> None:
        """Take a touch away; what is being entered at another one is set first."""
        if self.at == place:
            self.at = self.editor = None
        elif not self._settled():
            return
        self.data = (*self.data[:place], *self.data[place + 1 :])

    def _settled(self) -> bool:
        """Set what is being entered; whether nothing is in the way."""
        return self.editor is None or self._set()

    def _set(self) -> bool:
        """Put what is being entered in its place; whether it could be."""
        if self.editor is None or self.at is None:
            return True
        if not self.editor.validate():
            return False
        before = self.data[self.at] if self.at < len(self.data) else None
        self.data = (*self.data[: self.at], self.editor.touch(before), *self.data[self.at + 1 :])
        self.at = self.editor = None
        return True


def _place(text: str) -> int | None:
    return int(text[:4]) if text.isascii() and text.isdigit() else None
