"""What can be set, declared by the slices and packs that ask for it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

Words = str | Mapping[str, str]
Options = Mapping[str, Words]

KINDS = ("text", "integer", "boolean", "choice", "choices", "words")


@dataclass(frozen=True, kw_only=True, slots=True)
class Setting:
    """A setting of the firm.

    `kind` is text, integer, boolean, choice (a key of `options`), choices (several of them) or
    words (`{"en", "zh"}`). `options` may be a function that is asked when the form is shown, with
    labels that are in the reader's language already. Of a text, `most` is its length and `pattern`
    a regular expression that it must match whole; `hint` says so in words. `group` is the heading
    under which it stands. `changed` is called inside the operation that changes it or takes a
    change back: it has done in the background what follows for the rest of the book.
    """

    name: str
    label: Words
    default: Any
    kind: str = "text"
    hint: Words = ""
    group: Words = ""
    options: Options | Callable[[], Options] = field(default_factory=dict)
    least: int | None = None
    most: int | None = None
    pattern: str = ""
    changed: Callable[[], None] | None = None

    def __post_init__(self) -> None:
        if self.kind not in KINDS:
            raise ValueError(f"setting {self.name!r}: kind {self.kind!r} is none of {KINDS}")

    def offered(self) -> Options:
        """The values to choose from, by key."""
        return self.options() if callable(self.options) else self.options


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingFollower:
    """What follows, under a `name`, when a setting is changed that somebody else has declared: the
    one of that name, or those of whose names `setting` says so. `changed` is called as that of a
    Setting is."""

    name: str
    setting: str | Callable[[str], bool]
    changed: Callable[[], None]

    def follows(self, name: str) -> bool:
        """Whether something follows from the setting of this name."""
        return self.setting(name) if callable(self.setting) else self.setting == name


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a list: its key is stored, its label shown.

    A `retired` one is offered no more and still names what has it. `version` is for forms that
    change it; `id` is 0 as long as the list is as it was shipped.
    """

    key: str
    label: Mapping[str, str]
    retired: bool = False
    shipped: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0
    version: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class ChoiceList:
    """A list of values. Of one that is `open`, managers add and retire values; of any, they change
    labels and order. One that `keeps_shipped` offers always what was shipped, because rules speak
    of it."""

    name: str
    label: Words
    shipped: Sequence[Choice]
    open: bool = True
    keeps_shipped: bool = False
    hint: Words = ""
