"""Further fields in forms: the control of each, made from its declaration, and what was entered."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from dataclasses import field as attribute
from functools import partial
from types import MappingProxyType
from typing import Any, ClassVar

from flask import request
from flask_babel import gettext as _
from sqlalchemy import Table

from crmlite import settings
from crmlite.access import Reader, Shown
from crmlite.accounts.queries import owners, person_name, teams
from crmlite.accounts.roster import roster
from crmlite.fields.queries import fields_of, group_label, guards_of
from crmlite.fields.showing import of_record
from crmlite.fields.values import extra_kept
from crmlite.forms import (
    Amount,
    Answer,
    Check,
    Choice,
    Choices,
    Day,
    Email,
    Integer,
    LongText,
    Messenger,
    Moment,
    Number,
    Option,
    Person,
    Phone,
    Text,
    Website,
)
from crmlite.rules.conditions import ALWAYS
from crmlite.rules.fields import Field
from crmlite.rules.values import BIGGEST
from crmlite.settings.places import calling_code
from crmlite.wording import N_, label

Row = Mapping[str, Any]
Currency = str | Callable[[], str]
FURTHER = N_("Further fields")
NOBODY, NO_TEAM = N_("Nobody"), N_("No team")
OTHERS: dict[str, Callable[[str], Any]] = {}
"""Controls of kinds that other rooms know, by kind: made of the label."""
PLAIN: Mapping[str, Callable[[str], Any]] = MappingProxyType(
    {
        "date": Day,
        "moment": Moment,
        "number": Number,
        "email": Email,
        "im": Messenger,
        "url": Website,
    }
)


class Needed:
    """Marks what a complete record has; it can be left out all the same."""

    field_flags: ClassVar = {"needed": True}

    def __call__(self, _form: Any, _field: Any) -> None:
        """Refuses nothing."""


class Team(Choice):
    """A team. Yields its id, or None."""

    number = True


def control(field: Field, currency: Currency = "") -> Any:
    """The control of a further field; `currency` is that of its amounts, else they are in the firm's."""
    words = label(field.label)
    make = PLAIN.get(field.kind) or OTHERS.get(field.kind)
    made = make(words) if make else _control(field, words, currency)
    made.kwargs["description"] = label(field.hint) if field.hint else ""
    if field.sealed:  # browsers keep drafts unsealed
        made.kwargs["render_kw"] = {"data-nodraft": True}
    return made


def _control(field: Field, words: str, currency: Currency) -> Any:
    match field.kind:
        case "choice":
            return Choice(words, options=_offered(field), named=_named(field))
        case "choices":
            return Choices(words, options=_offered(field), named=_named(field))
        case "boolean":
            # A box that is not ticked is no answer: what must be known is asked with both.
            return Check(words) if field.required_when is None else Answer(words)
        case "person":
            return Person(words, people=owners, none=label(NOBODY), named=_person)
        case "team":
            return Team(words, options=_teams, none=label(NO_TEAM), named=_team)
        case "amount":
            return Amount(words, currency=currency or (lambda: str(settings.get("currency"))))
        case "integer":
            return Integer(words, least=-BIGGEST, most=BIGGEST)
        case "phone":
            return Phone(words, home=calling_code)
        case "longtext":
            return LongText(words, most=field.traits.longest)
    return Text(words, most=field.traits.longest)


def _offered(field: Field) -> Callable[[], list[Any]]:
    return lambda: offered_choices(field)


def offered_choices(field: Field, *, retired: bool = False) -> list[tuple[str, Any]]:
    """What a field with choices offers, and with `retired` also what it offers no more: each value
    with its label."""
    if field.choices_from:
        listed = settings.choices(field.choices_from, retired=retired)
        return [(one.key, one.label) for one in listed]
    return [(one.key, one.label) for one in field.choices if retired or not one.retired]


def _named(field: Field) -> Callable[[str], str]:
    """Words for a value that is offered no more."""
    if field.choices_from:
        return partial(settings.choice_label, field.choices_from)
    return lambda key: label(found.label) if (found := field.choice(key)) else key


def _person(user_id: str) -> str:
    return person_name(int(user_id)) if user_id.isdigit() else user_id


def _teams() -> list[Option]:
    return [Option(str(team.id), label(team.label)) for team in teams()]


def _team(team_id: str) -> str:
    team = roster().teams.get(int(team_id)) if team_id.isdigit() else None
    return label(team.label) if team else team_id


def heading(field: Field) -> str:
    """What stands above a field where its record has no groups of its own."""
    return group_label(str(field.group)) or label(FURTHER)


def kept(field: Any) -> Any:
    """What a control holds, as it is stored: nothing entered is nothing. A box that is not ticked says
    no only where something stood before. Controls of moments know no seconds: where the minute is the
    same, the moment is."""
    was = field.object_data
    if isinstance(field, Moment) and was and field.written(was) == field.written(field.data):
        return was
    is_open = isinstance(field, Check) and was is None and not field.data
    return None if is_open or field.data in ("", []) else field.data


@dataclass(frozen=True, slots=True)
class FurtherPart:
    """The further fields of a form for one reader: their controls, what the record holds, and whether
    the reader sees of what they hold a mask only."""

    controls: Mapping[str, Any]
    values: Mapping[str, Any] = attribute(default_factory=dict)
    masked: frozenset[str] = frozenset()

    @property
    def fields(self) -> dict[str, Any]:
        """What the class of a form that is `Further` is made with besides."""
        return {**self.controls, "masked_further": self.masked}


class NothingLost:
    """A form that is not taken while it holds what was typed into a further field that is gone: a manager
    retired it, or its pack was switched off, while somebody was writing."""

    def validate(self, **more: Any) -> bool:
        """Whether it fits, and everything that was typed has a place."""
        fits = bool(super().validate(**more))  # type: ignore[misc]
        lost = [
            text
            for name, text in request.form.items()
            if "__" in name and text.strip() and name not in self  # type: ignore[operator]
        ]
        for text in lost:
            sentence = _(
                "“%(typed)s” was not saved: its field is not there any more. Save again to go on "
                "without it.",
                typed=text,
            )
            self.blame(None, sentence)  # type: ignore[attr-defined]
        return fits and not lost


class Further(NothingLost):
    """A form that also asks for further fields, made with a FurtherPart. Of what its reader sees masked, a
    field that is left empty leaves what stands."""

    further = ""  # the kind of record
    masked_further: frozenset[str] = frozenset()

    def further_groups(self) -> list[tuple[str, list[str]]]:
        """The names of the further fields under their headings."""
        groups: dict[str, list[str]] = {}
        for field in fields_of(self.further):
            if field.name in self:  # type: ignore[operator]
                groups.setdefault(self.further_heading(field), []).append(field.name)
        return list(groups.items())

    def further_heading(self, field: Field) -> str:
        """Under which heading a field stands."""
        return heading(field)

    def further_values(self) -> dict[str, Any]:
        """What was entered, for `extra`."""
        fields = fields_of(self.further)
        given: dict[str, Any] = {}
        for field in fields:
            if field.name not in self:  # type: ignore[operator]
                continue
            value = kept(self[field.name])  # type: ignore[index]
            if value is not None or field.name not in self.masked_further:
                given[field.name] = value
        return extra_kept(given, fields)


def part_for(
    record_type: str,
    reader: Reader,
    owner_id: int | None,
    *,
    of: tuple[Table, Row] | None = None,
    currency: Currency = "",
) -> FurtherPart:
    """The further fields that a reader may enter of a new record, or `of` one in its table, which is,
    or hangs on, this owner's. Whoever does not see amounts sets none."""
    values: dict[str, Any] = {}
    controls: dict[str, Any] = {}
    masked = set()
    guards = guards_of(record_type)
    for field in fields_of(record_type):
        guard, name = guards.get(field.name), field.name
        if guard and not guard.sealed and not reader.covers(guard.right, owner_id):
            continue
        made = controls[name] = control(field, currency)
        if field.required_when == ALWAYS:
            made.kwargs["validators"] = [Needed()]
        found = of_record(reader, of[0], field, of[1], owner_id) if of else None
        if isinstance(found, Shown):
            if found.masked:
                masked.add(name)
                made.kwargs["description"] = _(
                    "%(value)s; empty leaves it as it is", value=found.text
                )
            found = found.value
        values[name] = found
    return FurtherPart(controls, values, frozenset(masked))
