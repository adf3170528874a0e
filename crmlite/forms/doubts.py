"""Doubts: what does not fit is said beside its field before the form is saved, and accepted once."""

import hashlib
from collections.abc import Iterable
from typing import Any

from wtforms import HiddenField

Doubt = tuple[str, str]  # the name of a field and a sentence about it


class Doubting:
    """A form that asks to look again. Sending it once more as it is accepts what was doubtful."""

    accepted = HiddenField()
    is_doubtful = False

    def must_look(
        self,
        found: Iterable[Doubt] = (),
        standing: Iterable[Doubt] = (),
        aside: Iterable[str] = (),
    ) -> bool:
        """Whether anything is doubtful that the person has not been shown with these values.

        `found` are doubts about fields beside their own; `standing` those that were there before
        and are no news. Doubts about a value that stands in the record already are none either.
        `aside` are doubts about the whole, which the page shows in a place of its own.
        """
        fields: Any = self
        news, seen = set(), set((self.accepted.data or "").split())
        for field in fields:
            if getattr(field, "doubts", None) and field.data == field.object_data:
                field.doubts = []
        old = set(standing)
        for name, sentence in found:
            if (name, sentence) not in old:
                field = fields[name] if name in fields else self._visible()
                field.doubts = list(dict.fromkeys([*field.doubts, sentence]))
        news |= {_mark("", sentence, "") for sentence in aside}
        for field in fields:
            news |= {
                _mark(field.name, sentence, field.data) for sentence in getattr(field, "doubts", ())
            }
        self.accepted.data = " ".join(sorted(news))
        self.is_doubtful = not news <= seen
        return self.is_doubtful

    def doubtful(self) -> list[Any]:
        """The fields to look at again."""
        fields: Any = self
        return [field for field in fields if getattr(field, "doubts", ())]

    def _visible(self) -> Any:
        fields: Any = self
        return next(
            field for field in fields if hasattr(field, "doubts") and field.name != "version"
        )


def _mark(name: str, sentence: str, value: Any) -> str:
    told = repr((name, sentence, str(value)))
    return hashlib.sha256(told.encode("utf-8", "surrogatepass")).hexdigest()[:12]
