"""The form of a strategy: for whom, what for, by which touches."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flask import request
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite.access import current_reader
from crmlite.customers.conditions.questions import Questions
from crmlite.forms import Check, Condition, Integer, Labelled, Text
from crmlite.forms.labels import one_at_least
from crmlite.rules.conditions import ALWAYS
from crmlite.rules.strategies import MOST_PRIORITY
from crmlite.rules.strategies import Strategy as Declared
from crmlite.strategies.forms.touches import Touches
from crmlite.strategies.operations import StrategyChange, declared_change

ENTER = (
    "enter"  # what the button is called that the Enter key presses: it sets what is being entered
)
PARTS = ("name", "serves", "goal", "place")


class StrategyForm(Labelled):
    """A strategy. One part of it is open at a time, beneath the sentence that it reads as; the others
    go along unseen."""

    goal_en = Text(_l("Goal in English"), most=120)
    goal_zh = Text(_l("Goal in Chinese"), most=120)
    serves = Condition(_l("Conditions"), questions=lambda: Questions(current_reader()))
    touches = Touches(_l("Touches"), required=True)
    priority = Integer(_l("Priority"), most=MOST_PRIORITY)
    on_top = Check(_l("It comes on top of the main strategy, whichever that is"))

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        if ENTER in request.form:
            self.touches.settle()
            self.serves.settle()

    def validate_goal_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please say in one language at least what it aims at."))

    validate_goal_zh = validate_goal_en

    def validate_priority(self, field: Integer) -> None:
        """A number."""
        if field.data is None and not self.on_top.data:
            raise ValidationError(
                _("Please give a priority from 0 to %(most)s.", most=MOST_PRIORITY)
            )

    @property
    def is_being_built(self) -> bool:
        """Whether a button of a part was pressed, and nothing is to be saved."""
        opens = "part" in request.form or ENTER in request.form
        return self.serves.is_being_built or self.touches.is_being_built or opens

    @property
    def part(self) -> str:
        """The part that is open; empty where none is."""
        asked = request.form.get("part", request.form.get("open", ""))
        return self._wrong_part() or (asked if asked in PARTS else "")

    @property
    def is_opening(self) -> bool:
        """Whether a blank of the sentence was pressed just now."""
        return bool(request.form.get("part"))

    def _wrong_part(self) -> str:
        wrong = {
            "name": (self.label_en, self.label_zh),
            "goal": (self.goal_en, self.goal_zh),
            "serves": (self.serves,),
            "place": (self.priority, self.on_top),
        }
        found = (part for part, fields in wrong.items() if any(one.errors for one in fields))
        return next(found, "")

    def value(self) -> StrategyChange:
        """The strategy as it is to be."""
        return StrategyChange(
            label=self.label_words(),
            goal=_words(self.goal_en.data, self.goal_zh.data),
            serves=self.serves.data,
            touches=self.touches.data,
            priority=self.priority.data or 0,
            on_top=self.on_top.data,
        )

    def draft(self, key: str) -> Declared | None:
        """The strategy as it stands in the form, as far as it can be followed already."""
        unnamed = {"en": "–"}
        said = self.value()
        named = replace(said, label=said.label or unnamed, goal=said.goal or unnamed)
        return declared_change(key, named)


def form_data(row: Mapping[str, Any], declared: Declared | None) -> dict[str, Any]:
    """A stored strategy as its form holds it."""
    return {
        "label_en": row["label"].get("en", ""),
        "label_zh": row["label"].get("zh", ""),
        "goal_en": row["goal"].get("en", ""),
        "goal_zh": row["goal"].get("zh", ""),
        "serves": declared.serves if declared else ALWAYS,
        "touches": declared.touches if declared else (),
        "priority": row["priority"],
        "on_top": row["on_top"],
        "version": row["version"],
    }


def _words(en: str, zh: str) -> dict[str, str]:
    return {lang: text for lang, text in (("en", en), ("zh", zh)) if text}
