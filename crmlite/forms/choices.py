"""Fields for one or several values out of a list."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _
from wtforms.fields.choices import Choice as Drawing
from wtforms.fields.choices import RadioField, SelectChoice, SelectField, SelectMultipleField

from crmlite.forms.entry import Drawn
from crmlite.wording import label as worded

Words = str | Mapping[str, str]


class Keyed(Protocol):
    """A value of a list, as `settings.choices` answers them."""

    @property
    def key(self) -> str:
        """What is stored."""

    @property
    def label(self) -> Any:
        """What is shown."""


class Named(Protocol):
    """A record that is chosen by its name, such as a person."""

    @property
    def id(self) -> int:
        """What is stored."""

    @property
    def name(self) -> str:
        """What is shown."""


@dataclass(frozen=True, slots=True)
class Option:
    """One thing to choose. `group` heads it, `find` holds further words that find it."""

    value: str
    text: str
    group: str = ""
    find: str = ""


Offered = Iterable[Option | Keyed | tuple[str, Words]]


class Choosing(Drawn):
    """What fields with a list have in common.

    `options` are, or answer, what is offered: Options, values of a choice list, or pairs of value
    and label. `named` words a value that is not offered any more but still stands in the record,
    so that saving the record does not lose it.
    """

    number = False

    def __init__(
        self,
        label: Any = None,
        *,
        options: Offered | Callable[[], Offered],
        named: Callable[[str], str] = str,
        **more: Any,
    ) -> None:
        super().__init__(label, choices=None, **more)
        self._options, self._named = options, named
        self._stood: list[str] = []
        self._asked: list[Option] | None = None

    def offered(self) -> list[Option]:
        """What may be chosen, with what stands in the record already."""
        if self._asked is None:
            found = self._options() if callable(self._options) else self._options
            self._asked = [self._option(one) for one in found]
        known = {option.value for option in self._asked}
        more = [Option(one, self._named(one)) for one in self._stood if one not in known]
        return self._asked + more

    @staticmethod
    def _option(given: Any) -> Option:
        if isinstance(given, Option):
            return given
        if isinstance(given, tuple):
            return Option(str(given[0]), worded(given[1]))
        return Option(str(given.key), worded(given.label))

    def values(self) -> dict[str, str]:
        """Text by value."""
        return {option.value: option.text for option in self.offered()}

    @property
    def choices(self) -> list[SelectChoice]:
        """What is offered, as WTForms wants it."""
        return [
            SelectChoice(
                value=option.value,
                label=option.text,
                render_kw={"data-find": option.find} if option.find else {},
                optgroup=option.group or None,
            )
            for option in self.offered()
        ]

    @choices.setter
    def choices(self, value: Any) -> None:
        """WTForms sets it on its way; what is offered comes from `options` alone."""

    def has_groups(self) -> bool:
        """Whether any of it stands under a heading."""
        return any(option.group for option in self.offered())

    def out(self, value: str) -> Any:
        """A value as it is kept."""
        return int(value) if self.number else value

    def missing(self) -> str:
        """What to say when nothing was chosen."""
        return str(_("Please choose one."))


class One(Choosing):
    """One value, or None. Without `required` there is an empty choice, called `none`."""

    def __init__(self, label: Any = None, *, none: Any = "–", **more: Any) -> None:
        super().__init__(label, **more)
        self.none = none

    def offered(self) -> list[Option]:
        """What may be chosen."""
        options = super().offered()
        if self.flags.required and self.data is not None:
            return options
        return [Option("", str(self.none)), *options]

    def process_data(self, value: Any) -> None:
        """Take the value of the record."""
        self.data = None if value in (None, "") else value
        self._stood = [] if self.data is None else [str(value)]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        if not valuelist:
            return
        typed = str(valuelist[0])
        self.data = None
        if not typed:
            return
        if typed not in self.values():
            raise ValueError(_("This is not offered any more. Please choose again."))
        self.data = self.out(typed)

    def iter_choices(self) -> list[Drawing]:
        """What is offered, for drawing."""
        return [drawing for _group, found in self.iter_groups() for drawing in found]

    def iter_groups(self) -> Iterator[tuple[str | None, list[Drawing]]]:
        """The same under its headings."""
        chosen = "" if self.data is None else str(self.data)
        groups: dict[str, list[Drawing]] = {}
        for option in self.offered():
            more = {"data-find": option.find} if option.find else {}
            drawing = Drawing(option.value, option.text, option.value == chosen, more)
            groups.setdefault(option.group, []).append(drawing)
        yield from ((name or None, found) for name, found in groups.items())

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        if value in (None, ""):
            return ""
        return self.values().get(str(value)) or self._named(str(value))


class Choice(One, SelectField):
    """One value out of a list. Yields its key, or None."""

    drawn_as = "SelectField"


class Segments(One, RadioField):
    """One value out of two to five, side by side. Yields its key, or None."""

    drawn_as = "RadioField"

    def offered(self) -> list[Option]:
        """What may be chosen."""
        return Choosing.offered(self)


class Person(Choice):
    """A person. `people` answers whom to choose from, as `accounts.queries.owners` does.

    Yields their id, or None.
    """

    number = True

    def __init__(
        self, label: Any = None, *, people: Callable[[], Iterable[Named]], **more: Any
    ) -> None:
        super().__init__(
            label,
            options=lambda: [Option(str(one.id), one.name) for one in people()],
            **more,
        )


class Choices(Choosing, SelectMultipleField):
    """Several values of a list, as boxes to tick. Yields a list; `numbers` makes them ids."""

    drawn_as = "SelectMultipleField"

    def __init__(self, label: Any = None, *, numbers: bool = False, **more: Any) -> None:
        super().__init__(label, **more)
        self.number = numbers

    def process_data(self, value: Any) -> None:
        """Take the value of the record."""
        self.data = list(value or ())
        self._stood = [str(one) for one in self.data]

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take what the browser sent."""
        known = self.values()
        typed = dict.fromkeys(str(one) for one in valuelist if one)
        self.data = [self.out(one) for one in typed if one in known]
        if len(self.data) < len(typed):
            raise ValueError(_("This is not offered any more. Please choose again."))

    def iter_choices(self) -> list[Drawing]:
        """What is offered, for drawing."""
        chosen = {str(one) for one in self.data or ()}
        return [
            Drawing(option.value, option.text, option.value in chosen, {})
            for option in self.offered()
        ]

    def shown(self, value: Any) -> str:
        """A value as people read it."""
        texts = self.values()
        return _(", ").join(texts.get(str(one)) or self._named(str(one)) for one in value or ())
