"""The form of one touch."""

import secrets
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import wtforms
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite import settings
from crmlite.accounts.queries import people, roles
from crmlite.customers.conditions.catalogue import whole_catalogue
from crmlite.forms import Check, Choice, Integer, LongText, Option, Segments, Text
from crmlite.forms.labels import LANGUAGES, one_at_least
from crmlite.rules.strategies import (
    DEDICATED,
    EVENTS,
    FURTHEST_DAYS,
    LONGEST_EVERY,
    LONGEST_MESSAGE,
    OWNER,
    POINTS,
    QUESTIONS,
    ROLE,
    USER,
    Around,
    Cadence,
    Every,
    Touch,
)
from crmlite.rules.wording import Label
from crmlite.strategies.events import events
from crmlite.strategies.sections import DATES
from crmlite.strategies.wording import FESTIVAL_WORDS, anchor_words, executor_words
from crmlite.wording import N_, label, language

AGAIN, AROUND = "again", "around"
BEFORE, ON, AFTER = "before", "on", "after"
NAME_BYTES = 4
UNIT_WORDS = {
    "day": N_("days"),
    "week": N_("weeks"),
    "month": N_("months"),
    "quarter": N_("quarters"),
    "year": N_("years"),
}
SIDES = {BEFORE: N_("days before"), ON: N_("on the day itself"), AFTER: N_("days after")}
EXPLAINED = {
    OWNER: N_("Owner"),
    DEDICATED: N_("Dedicated person, else the owner"),
}


def anchors() -> list[Option]:
    """The days around which a touch may lie: what happens, and the dates of a customer."""
    dates = [field for field in whole_catalogue().values() if field.kind in DATES]
    happens, festivals = _("What happens"), _("Festivals")
    recorded = _("Dates of the customer")
    return [
        *(Option(one.name, label(one.label), group=happens) for one in events().values()),
        *(Option(key, str(_(words)), group=festivals) for key, words in FESTIVAL_WORDS.items()),
        *(Option(field.name, label(field.label), group=recorded) for field in dates),
    ]


def named_anchor(key: str) -> str:
    """What an event or a date is called."""
    is_event = key in EVENTS or key not in whole_catalogue()
    return anchor_words(Around(0, event=key) if is_event else Around(0, field=key))


def executors() -> list[Option]:
    """Whose task a touch may be."""
    somebody, one = _("Somebody of a role"), _("One person")
    return [
        *(Option(key, str(_(words))) for key, words in EXPLAINED.items()),
        *(Option(f"{ROLE}{role.key}", label(role.label), group=somebody) for role in roles()),
        *(
            Option(f"{USER}{person.id}", person.name, group=one)
            for person in people().values()
            if person.active and _sees_others(person.role_id)
        ),
    ]


def _sees_others(role_id: int) -> bool:
    """Whether a role sees customers of others, and so can do something for them."""
    role = next((role for role in roles() if role.id == role_id), None)
    return role is not None and role.grants.get("customers:see") in ("team", "all")


class TouchForm(wtforms.Form):
    """A touch: how often or when, by which way of contact, by whom, what about."""

    label_en = Text(_l("Name in English"), most=60)
    label_zh = Text(_l("Name in Chinese"), most=60)
    how = Segments(
        _l("When"),
        options=((AGAIN, N_("again and again")), (AROUND, N_("around a day"))),
        required=True,
    )
    count = Integer(_l("Every"), least=1, most=max(LONGEST_EVERY.values()))
    unit = Choice(_l("Unit"), options=UNIT_WORDS.items, required=True)
    days = Integer(_l("Days"), most=FURTHEST_DAYS)
    side = Choice(_l("Before or after"), options=SIDES.items, required=True)
    anchor = Choice(_l("Day"), options=anchors, named=named_anchor)
    channel = Choice(_l("Channel"), options=lambda: settings.choices("channel"), required=True)
    prefers = Check(_l("By the way of contact that the customer prefers, where it is recorded"))
    executor = Choice(
        _l("Who"),
        options=executors,
        named=executor_words,
        required=True,
    )
    content_en = Text(_l("What about, in English"), most=200)
    content_zh = Text(_l("What about, in Chinese"), most=200)
    by_need = Check(_l("Say it otherwise by the core need, as it was set up"))
    questions_en = LongText(_l("Core questions in English"), most=1000)
    questions_zh = LongText(_l("Core questions in Chinese"), most=1000)
    points_en = LongText(_l("Value points in English"), most=1000)
    points_zh = LongText(_l("Value points in Chinese"), most=1000)
    is_for_itself = Check(_l("Only its own task fulfils it, no other contact"))
    sends = Check(_l("It only sends, such as a mail or a greeting"))
    message_en = LongText(_l("Text to send, in English"), most=LONGEST_MESSAGE)
    message_zh = LongText(_l("Text to send, in Chinese"), most=LONGEST_MESSAGE)

    def validate_label_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please give a name in one language at least."))

    validate_label_zh = validate_label_en

    def validate_content_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please say in one language at least what it is about."))

    validate_content_zh = validate_content_en

    def validate_count(self, field: Integer) -> None:
        """As often as anybody plans."""
        if self.how.data != AGAIN:
            return
        if field.data is None:
            raise ValidationError(_("Please say how often: a number from 1 on."))
        most = LONGEST_EVERY.get(str(self.unit.data), 0)
        if field.data > most:
            raise ValidationError(_("At most %(most)s of these.", most=most))

    def validate_days(self, field: Integer) -> None:
        """A number, where the day itself is not meant."""
        if self.how.data == AROUND and self.side.data != ON and not field.data:
            raise ValidationError(_("Please say how many days before or after."))

    def validate_anchor(self, field: Choice) -> None:
        """There is a day."""
        if self.how.data == AROUND and not field.data:
            raise ValidationError(_("Please choose a day."))

    def validate_questions_en(self, field: LongText) -> None:
        """Three at most, and as many as in the other language."""
        self._validate_talk(field, QUESTIONS)
        if self.sends.data and field.data:
            raise ValidationError(
                _("What only sends asks no questions: nobody is there to answer.")
            )

    validate_questions_zh = validate_questions_en

    def validate_points_en(self, field: LongText) -> None:
        """Two at most, and as many as in the other language."""
        self._validate_talk(field, POINTS)

    validate_points_zh = validate_points_en

    def _validate_talk(self, field: LongText, most: int) -> None:
        name, _line, lang = field.short_name.rpartition("_")
        other = self[f"{name}_{'zh' if lang == 'en' else 'en'}"]
        count, there = len(_lines(field.data)), len(_lines(other.data))
        if count > most:
            raise ValidationError(_("At most %(most)s, each on a line of its own.", most=most))
        if lang == language() and count and there and count != there:
            raise ValidationError(
                _(
                    "In one language there are more of them than in the other: the lines go together."
                )
            )

    def touch(self, before: Touch | None) -> Touch:
        """The touch that was entered. What the form does not show stays as it was."""
        purpose = (before.purpose if before else "") or "own"
        entered = Touch(
            name=before.name if before else f"t{secrets.token_hex(NAME_BYTES)}",
            label=_both(self.label_en.data, self.label_zh.data),
            cadence=self._cadence(),
            channel=self.channel.data,
            content=_both(self.content_en.data, self.content_zh.data),
            questions=_talk(self.questions_en.data, self.questions_zh.data),
            points=_talk(self.points_en.data, self.points_zh.data),
            executor=self.executor.data,
            purpose=purpose if self.is_for_itself.data else "",
            sends=self.sends.data,
            prefers=self.prefers.data,
            message=_both(self.message_en.data, self.message_zh.data) or "",
        )
        keeps = before is not None and self.by_need.data
        return replace(entered, contents=before.contents) if before and keeps else entered

    def _cadence(self) -> Cadence:
        if self.how.data == AGAIN:
            return Every(self.count.data, self.unit.data)
        sign = {BEFORE: -1, ON: 0, AFTER: 1}[self.side.data]
        days = sign * (self.days.data or 0)
        field = whole_catalogue().get(self.anchor.data)
        if field is not None and field.kind in DATES:
            return Around(days, field=field.name)
        return Around(days, event=self.anchor.data)


def touch_data(touch: Touch) -> dict[str, Any]:
    """A touch as its form holds it."""
    found: dict[str, Any] = {
        "how": AGAIN,
        "count": 1,
        "unit": "month",
        "side": AFTER,
        "channel": touch.channel,
        "prefers": touch.prefers,
        "executor": touch.executor,
        "is_for_itself": bool(touch.purpose),
        "by_need": bool(touch.contents),
        "sends": touch.sends,
    }
    match touch.cadence:
        case Every(count, unit):
            found |= {"count": count, "unit": unit}
        case Around(days):
            side = BEFORE if days < 0 else AFTER if days else ON
            found |= {
                "how": AROUND,
                "days": abs(days) or None,
                "side": side,
                "anchor": touch.cadence.anchor,
            }
    for lang in LANGUAGES:
        found[f"label_{lang}"] = _in(touch.label, lang)
        found[f"content_{lang}"] = _in(touch.content, lang)
        found[f"message_{lang}"] = _in(touch.message, lang)
        for name, talk in (("questions", touch.questions), ("points", touch.points)):
            lines, other = _lines_in(talk, lang), _lines_in(talk, "zh")
            is_same = lang == "en" and lines == other
            found[f"{name}_{lang}"] = "" if is_same else "\n".join(lines)
    return found


def fresh_data(how: str) -> dict[str, Any]:
    """A new touch as its form holds it."""
    return {
        "how": how,
        "count": 1,
        "unit": "month",
        "days": 1,
        "side": BEFORE if how == AROUND else AFTER,
        "channel": "phone",
        "executor": OWNER,
    }


def _lines(text: str) -> list[str]:
    return [line.strip() for line in text.splitlines() if line.strip()]


def _talk(en: str, zh: str) -> tuple[Label, ...]:
    """Talking points, one on a line, in both languages or in one."""
    first, second = _lines(en), _lines(zh)
    count = max(len(first), len(second))
    first, second = first or [""] * count, second or [""] * count
    return tuple(_both(a, b) for a, b in zip(first, second, strict=True))


def _both(en: str, zh: str) -> dict[str, str]:
    """Words in both languages; where the English ones are missing the others stand for them, as
    declarations have it."""
    if not (en or zh):
        return {}
    return {"en": en or zh, **({"zh": zh} if zh else {})}


def _lines_in(talk: Iterable[Label], lang: str) -> list[str]:
    """Talking points in a language; none where one of them is not there."""
    lines = [one if isinstance(one, str) else one.get(lang, "") for one in talk]
    return lines if all(lines) else []


def _in(words: Label, lang: str) -> str:
    """Words in a language; empty where the other one only stands in for it."""
    if isinstance(words, str):
        return words if lang == "en" else ""
    if lang == "en" and words.get("en") == words.get("zh"):
        return ""
    return words.get(lang, "")
