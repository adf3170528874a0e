"""A field in which people build a condition: groups of tests, and groups within them.

The condition goes along with the form, and so does the one test that is being entered. Each button of
the field sends the form: its view draws the form anew instead of saving it, `is_being_built` says
when, and nothing that was typed elsewhere is lost. Saving takes what is being entered with it.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from flask_babel import gettext as _
from wtforms.validators import StopValidation

from crmlite.forms.entry import Drawn
from crmlite.forms.wording import said
from crmlite.rules.conditions import (
    ALWAYS,
    MAX_TESTS,
    FromSetting,
    Node,
    Phrase,
    Test,
    Unreadable,
)
from crmlite.rules.conditions.editing import (
    ALL,
    ANY,
    DEEPEST,
    JOINS,
    NONE,
    Group,
    NoSuchPlace,
    Path,
    added,
    at,
    condition_of,
    group_from_json,
    group_of,
    group_to_json,
    joined,
    places,
    put,
    without,
)
from crmlite.rules.conditions.short import value_to_text
from crmlite.rules.conditions.stored import MESSAGES
from crmlite.rules.fields import Field
from crmlite.rules.problems import Problem
from crmlite.wording import N_

LONGEST = 60_000
WORDS = {
    ALL: N_("All of these hold"),
    ANY: N_("One of these holds, or several"),
    NONE: N_("None of these holds"),
}


class Questions(Protocol):
    """What a condition may ask, and how; see `crmlite.customers.conditions.questions`."""

    fields: Mapping[str, Field]

    def field(self, name: str) -> Field: ...  # noqa: D102 - said where it is done
    def grouped(self) -> list[tuple[str, list[tuple[str, str]]]]: ...  # noqa: D102
    def operators(self, field: Field) -> list[tuple[str, str]]: ...  # noqa: D102
    def inputs(self, field: Field, operator: str, texts: Sequence[str]) -> dict[str, Any]: ...  # noqa: D102
    def read(  # noqa: D102
        self, field: Field, operator: str, texts: Sequence[str]
    ) -> tuple[Test | None, list[str]]: ...
    def problems(self, tree: Node) -> list[str]: ...  # noqa: D102
    def phrase(self, test: Test) -> Phrase: ...  # noqa: D102
    def sentence(self, tree: Node) -> str: ...  # noqa: D102


@dataclass(frozen=True, kw_only=True, slots=True)
class Editor:
    """The test that is being entered, at a path: what is chosen and typed so far."""

    path: Path
    field: Field
    operator: str
    texts: tuple[str, ...] = ()


class Condition(Drawn):
    """A condition. `data` is the Node; `questions` answers what may be asked."""

    drawn_as = "Condition"

    def __init__(self, label: Any = None, *, questions: Any, **more: Any) -> None:
        super().__init__(label, **more)
        self._questions = questions
        self.group = Group()
        self.editor: Editor | None = None
        self.is_being_built = False

    @property
    def asks(self) -> Questions:
        """What may be asked."""
        found: Questions = self._questions()
        return found

    def process(self, formdata: Any, data: Any = None, extra_filters: Any = None) -> None:
        """Take the condition of the record, then what the form sent, and do what its button asks."""
        super().process(formdata, data, extra_filters)
        if formdata is None or self.name not in formdata or self.process_errors:
            return
        for path, _group in self._groups():
            join = formdata.get(f"{self.name}-join-{dotted(path)}", "")
            if join in JOINS:
                self.group = joined(self.group, path, join)
        self._read_editor(formdata)
        asked, _colon, where = str(formdata.get(f"{self.name}-do", "")).partition(":")
        self.is_being_built = bool(asked)
        if asked:
            self._do(asked, path_of(where))
        self.data = condition_of(self.group)

    def process_data(self, value: Any) -> None:
        """Take the condition of the record."""
        self.data = value if value is not None else ALWAYS
        self.group = group_of(self.data)

    def process_formdata(self, valuelist: list[Any]) -> None:
        """Take the condition that goes along with the form."""
        if not valuelist:
            return
        try:
            if len(str(valuelist[0])) > LONGEST:
                raise ValueError
            self.group = group_from_json(json.loads(str(valuelist[0])))
        except Unreadable as unreadable:
            raise ValueError(" ".join(said(one, MESSAGES) for one in unreadable.problems)) from None
        except (ValueError, RecursionError):
            raise ValueError(said(Problem("condition_unreadable"), MESSAGES)) from None
        self.data = condition_of(self.group)

    def pre_validate(self, form: Any) -> None:
        """Take with it what is being entered; stops with what is wrong."""
        super().pre_validate(form)
        if self.editor is not None and (wrong := self._set()):
            raise StopValidation(" ".join(wrong))
        if wrong := self.asks.problems(self.data):
            raise StopValidation(" ".join(wrong))

    def is_empty(self) -> bool:
        """Whether nothing is asked yet: neither kept nor being entered."""
        return self.data == ALWAYS and self.editor is None

    def missing(self) -> str:
        """What to say when nothing is asked."""
        return str(_("Please add a condition."))

    def shown(self, value: Any) -> str:
        """A condition in words."""
        return self.asks.sentence(value if value is not None else ALWAYS)

    def sent(self) -> str:
        """The condition as it goes along with the form."""
        return json.dumps(group_to_json(self.group), ensure_ascii=False, separators=(",", ":"))

    def sentence(self) -> str:
        """The condition in words; empty where nothing is asked."""
        return self.asks.sentence(self.data) if self.data != ALWAYS else ""

    def joins(self) -> list[tuple[str, str]]:
        """The ways of joining, in words."""
        return [(join, _(words)) for join, words in WORDS.items()]

    def may_nest(self, path: Path) -> bool:
        """Whether the group at a path may hold a further group."""
        return len(path) + 1 < DEEPEST

    def inputs(self) -> dict[str, Any]:
        """What the value of the test that is being entered is entered with."""
        if self.editor is None:
            return {"kind": "none"}
        return self.asks.inputs(self.editor.field, self.editor.operator, self.editor.texts)

    def settle(self) -> None:
        """Set what is being entered, where it can be; an empty one just goes."""
        self._settled()
        self.data = condition_of(self.group)

    def _groups(self) -> list[tuple[Path, Group]]:
        return [(path, part) for path, part in places(self.group) if isinstance(part, Group)]

    def _read_editor(self, formdata: Any) -> None:
        where = formdata.get(f"{self.name}-at")
        path = None if where is None else path_of(where)
        if path is None or not self._is_place(path):
            return
        field = self.asks.field(str(formdata.get(f"{self.name}-field", "")))
        operator = str(formdata.get(f"{self.name}-operator", ""))
        if operator not in field.operators:
            operator = field.operators[0]
        drawn_for = formdata.get(f"{self.name}-of", field.name)
        typed = formdata.getlist(f"{self.name}-value") if drawn_for == field.name else ()
        texts = tuple(map(str, typed))
        self.editor = Editor(path=path, field=field, operator=operator, texts=texts)

    def _is_place(self, path: Path) -> bool:
        """Whether a test may stand at a path: one does, or it is behind the last part of a group."""
        try:
            above = at(self.group, path[:-1])
            if not path or not isinstance(above, Group):
                return False
            return path[-1] == len(above.parts) or isinstance(at(self.group, path), Test)
        except NoSuchPlace:
            return False

    def _do(self, asked: str, path: Path | None) -> None:
        """What a button asks for. One that does not fit, such as one of an old page, asks nothing."""
        if path is None:
            return
        try:
            match asked:
                case "add" if len(list(places(self.group))) <= MAX_TESTS:
                    self._open(path)
                case "group" if self.may_nest(path) and self._settled():
                    self.group = added(self.group, path, Group(ANY))
                    self._open((*path, len(self._group_at(path).parts) - 1))
                case "edit" if isinstance(at(self.group, path), Test) and self._settled():
                    self.editor = self._editor_of(path)
                case "out" if self._is_within(path) or self._settled():
                    self.group = without(self.group, path)
                    self.editor = None
                case "set" if self.editor is not None:
                    self.errors = [*self.errors, *self._set()]
                case "close":
                    self.editor = None
        except NoSuchPlace:
            return

    def _is_within(self, path: Path) -> bool:
        """Whether what is being entered stands at a path or below."""
        return self.editor is not None and self.editor.path[: len(path)] == path

    def _open(self, path: Path) -> None:
        """Begin a test in the group at a path; what was being entered elsewhere is set first."""
        if not self._settled():
            return
        above = self._group_at(path)
        field = self.asks.field("")
        self.editor = Editor(
            path=(*path, len(above.parts)), field=field, operator=field.operators[0]
        )

    def _group_at(self, path: Path) -> Group:
        found = at(self.group, path)
        if not isinstance(found, Group):
            raise NoSuchPlace(path)
        return found

    def _editor_of(self, path: Path) -> Editor | None:
        test = at(self.group, path)
        if not isinstance(test, Test):
            return None
        field = self.asks.field(test.field)
        if test.field != field.name or test.operator not in field.operators:
            return Editor(path=path, field=field, operator=field.operators[0])
        own = [value for value in test.values if not isinstance(value, FromSetting)]
        texts = tuple(map(value_to_text, own))  # what a setting says nobody types
        return Editor(path=path, field=field, operator=test.operator, texts=texts)

    def _settled(self) -> bool:
        """Set what is being entered; whether nothing is in the way. An empty one just goes."""
        if self.editor is None:
            return True
        if not any(self.editor.texts) and self.inputs()["kind"] != "none":
            self.editor = None
            return True
        wrong = self._set()
        self.errors = [*self.errors, *wrong]
        return not wrong

    def _set(self) -> list[str]:
        """Put what is being entered in its place; what is wrong with it."""
        if self.editor is None:
            return []
        test, wrong = self.asks.read(self.editor.field, self.editor.operator, self.editor.texts)
        if test is not None:
            self.group = put(self.group, self.editor.path, test)
            self.editor = None
            self.data = condition_of(self.group)
        return wrong


def dotted(path: Path) -> str:
    """A path as names and values of a form have it: `1.0`."""
    return ".".join(map(str, path))


def path_of(text: str) -> Path | None:
    """The path of such a text; None for none."""
    if not text:
        return ()
    parts = text.split(".")
    if len(parts) > DEEPEST + 1 or not all(one.isascii() and one.isdigit() for one in parts):
        return None
    return tuple(int(one[:4]) for one in parts)
