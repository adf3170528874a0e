"""What can be set, declared by the slices and packs that ask for it."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from crmlite.rules.fields import CHOICE_KEY, BadDeclaration, has_words

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
        """Refuse what its page could not show, or not save."""
        if self.kind not in KINDS:
            raise ValueError(f"setting {self.name!r}: kind {self.kind!r} is none of {KINDS}")
        if wrong := wrong_default(self) or wrong_limits(self):
            raise BadDeclaration(f"setting {self.name!r}: {wrong}")

    def offered(self) -> Options:
        """The values to choose from, by key."""
        return self.options() if callable(self.options) else self.options


def wrong_default(setting: Setting) -> str:
    """Why the default is no value of a setting; empty where it is one."""
    default, chosen = setting.default, list[str]()
    match setting.kind, default:
        case ("boolean", bool()) | ("text", str()):
            pass
        case ("integer", int()) if not isinstance(default, bool):
            pass
        case ("words", Mapping()) if all(isinstance(one, str) for one in default.values()):
            pass
        case ("choice", str()):
            chosen = [default]
        case ("choices", list() | tuple()) if all(isinstance(one, str) for one in default):
            chosen = list(default)
        case _:
            return f"the default {default!r} is no value of the kind {setting.kind}"
    if not callable(setting.options) and (strange := set(chosen).difference(setting.options)):
        return f"the default {min(strange)!r} is none of the options"
    return ""


def wrong_limits(setting: Setting) -> str:
    """Why the limits of a setting cannot be kept, by its default or at all; empty where they can."""
    kind, default, least, most = setting.kind, setting.default, setting.least, setting.most
    if least is not None and most is not None and least > most:
        return f"least, {least}, is above most, {most}"
    below = kind == "integer" and least is not None and default < least
    size = len(default) if kind == "text" else default if kind == "integer" else 0
    if below or (most is not None and size > most):
        return f"the default {default!r} is not within least and most"
    try:
        fits = re.compile(setting.pattern, re.ASCII).fullmatch
    except (re.error, OverflowError, RecursionError) as error:
        return f"the pattern {setting.pattern!r} cannot be read: {error}"
    if kind == "text" and default and setting.pattern and not fits(default):
        return f"the default {default!r} does not match the pattern"
    return ""


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


LONGEST_KEY = 40  # of a list and of a value: columns of records hold them


@dataclass(frozen=True, slots=True)
class Choice:
    """A value of a list: its key is stored, its label shown.

    A `retired` one is offered no more and still names what has it; so is one that is `resting`,
    because the pack that it is of is off or gone. `owner` is that pack, empty for crmlite and the
    firm. `shipped` tells whether it came with one of them. `version` is for forms that change it; `id`
    is 0 where it stands in no row yet.
    """

    key: str
    label: Mapping[str, str]
    retired: bool = False
    shipped: bool = True
    more: Mapping[str, Any] = field(default_factory=dict)
    id: int = 0
    version: int = 1
    owner: str = ""
    resting: bool = False

    @property
    def is_offered(self) -> bool:
        """Whether it can be chosen now."""
        return not (self.retired or self.resting)


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


@dataclass(frozen=True, kw_only=True, slots=True)
class AddedChoice:
    """A value that a pack adds to a list of crmlite's, or to one of its own. Its key begins with the
    pack's name, `retail__live_stream`, and stays for ever. `more` is what the list's users keep beside
    the label, such as a `hint`."""

    list: str
    key: str
    label: Words
    more: Mapping[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Refuse what cannot be kept."""
        refuse_value(self.list, self.key, self.label)

    @property
    def name(self) -> str:
        """What tells it from all others."""
        return f"{self.list}/{self.key}"


def refuse_value(list_name: str, key: str, label: Words) -> None:
    """Raise BadDeclaration for a value that no list can keep."""
    where = f"Value {key!r} of the list {list_name!r}"
    if not CHOICE_KEY.fullmatch(key):
        raise BadDeclaration(
            f"{where}: keys are like 'gold' or 'retail__gold', with at most {LONGEST_KEY} characters."
        )
    if not has_words(label):
        raise BadDeclaration(f"{where}: the label needs English text.")
