"""The field in which the hours of a day are typed."""

from collections.abc import Sequence

from crmlite.forms.entry import Entry
from crmlite.rules.problems import Checked
from crmlite.rules.text import SURROGATES
from crmlite.rules.working_time import Block, read_hours, written


class Hours(Entry):
    """Hours of a day, as `09:00-12:00, 13:30-18:00`. Yields Blocks, none for a day off."""

    nothing = ()

    def read(self, text: str) -> Checked[tuple[Block, ...]]:
        """The value that a text stands for."""
        return read_hours(text)

    def written(self, value: Sequence[Sequence[int]]) -> str:
        """A value as the control holds it."""
        return written(value)

    def is_empty(self) -> bool:
        """Whether nobody works."""
        return not self.data

    def _value(self) -> str:
        """What the control shows: “closed” stays as it was typed."""
        if self.raw_data and not self.data:
            return SURROGATES.sub("\ufffd", str(self.raw_data[0]))
        return super()._value()
