"""Forms about somebody whom the book may have already."""

from collections.abc import Iterable, Sequence
from typing import Any

from crmlite.forms import Doubt, Doubting


class Likened(Doubting):
    """A form that is held back once when the book has others `alike`: each with its `sentence`."""

    alike: Sequence[Any] = ()

    def must_look(
        self,
        found: Iterable[Doubt] = (),
        standing: Iterable[Doubt] = (),
        aside: Iterable[str] = (),
    ) -> bool:
        """Whether anything is doubtful, or somebody alike, that the person has not been shown."""
        return super().must_look(found, standing, [*aside, *(one.sentence for one in self.alike)])
