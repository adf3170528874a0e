"""The forms in which managers set deadlines and canned replies, and say who leads complaints of a level."""

from functools import partial
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms.validators import ValidationError

from crmlite.accounts.queries import owners, teams
from crmlite.accounts.roster import TeamEntry
from crmlite.cases.categories import offered
from crmlite.cases.declaring import LONGEST
from crmlite.cases.filling import FIELD, FIELDS
from crmlite.cases.forms.intake import listed, named
from crmlite.cases.levels import NAMED
from crmlite.cases.words import CLOCKS, COMPLAINT, KINDS, LEADERS
from crmlite.customers.choices import choice_label, choices
from crmlite.forms import (
    Choice,
    Choices,
    Integer,
    LongText,
    Option,
    Person,
    RecordForm,
    Segments,
    Text,
)
from crmlite.rules.working_time import Unit
from crmlite.wording import N_, label

UNITS = (
    ("minutes", N_("working minutes")),
    ("days", N_("working days")),
    ("elapsed", N_("hours, day and night")),
)


class TargetForm(RecordForm):
    """A deadline, and for which cases."""

    clock = Choice(_l("Which clock"), options=tuple(CLOCKS.items()), required=True)
    amount = Integer(_l("How long"), least=1, most=60_000, required=True)
    unit = Segments(_l("Counted in"), options=UNITS, required=True)
    kind = Choice(_l("Only this kind of case"), options=tuple(KINDS.items()), none=_l("any"))
    level = Choice(
        _l("Only this level"), options=listed("level"), named=named("level"), none=_l("any")
    )
    category = Choice(
        _l("Case category"), options=offered, named=named("category"), none=_l("anything")
    )
    tier = Choice(
        _l("Only customers of this tier"),
        options=lambda: choices("tier"),
        named=partial(choice_label, "tier"),
        none=_l("any"),
    )

    def validate(self, **more: Any) -> bool:
        """Whether it fits together: a level is one of complaints, and nobody waits for years."""
        fits = bool(super().validate(**more))
        if self.level.data and self.kind.data not in (None, "", COMPLAINT):
            self.blame("level", _("Only complaints have a level."))
            fits = False
        most = LONGEST[Unit(self.unit.data)] if self.unit.data else None
        if self.amount.data and most and self.amount.data > most:
            self.blame("amount", _("At most %(most)s.", most=most))
            fits = False
        return fits

    def changes(self) -> dict[str, Any]:
        """The columns as they are to be."""
        names = ("clock", "amount", "unit", "kind", "level", "category", "tier")
        return {name: self[name].data or None for name in names}


def _named(team: TeamEntry) -> str:
    """A team's name, and where that is so, that it cannot send anybody."""
    name = label(team.label)
    return name if team.member_ids else _("%(team)s (no members yet)", team=name)


class LevelRuleForm(RecordForm):
    """Who leads complaints of a level, and from which teams their joint teams are."""

    leader = Choice(_l("Who leads"), options=tuple(LEADERS.items()), required=True)
    leader_id = Person(_l("Person who leads"), people=owners, none="–")
    team_ids = Choices(
        _l("People from"),
        options=lambda: [Option(str(team.id), _named(team)) for team in teams()],
        named=lambda _key: _("a team that is gone"),
        numbers=True,
    )

    def validate_leader_id(self, field: Any) -> None:
        """Somebody named has a name."""
        if self.leader.data == NAMED and field.data is None:
            raise ValidationError(_("Who? Choose somebody."))

    def changes(self) -> dict[str, Any]:
        """The columns as they are to be."""
        return {
            "leader": self.leader.data,
            "leader_id": self.leader_id.data if self.leader.data == NAMED else None,
            "team_ids": sorted(self.team_ids.data or []),
        }


class ReplyForm(RecordForm):
    """A canned reply in both languages."""

    title_en = Text(_l("Title in English"), most=120)
    title_zh = Text(_l("Title in Chinese"), most=120)
    body_en = LongText(_l("Text in English"), most=4000)
    body_zh = LongText(_l("Text in Chinese"), most=4000)

    def validate(self, **more: Any) -> bool:
        """Whether there is a title and a text in one language at least."""
        fits = bool(super().validate(**more))
        if not any(
            self[f"title_{lang}"].data and self[f"body_{lang}"].data for lang in ("en", "zh")
        ):
            self.blame(None, _("A canned reply has a title and a text in one language at least."))
            fits = False
        for lang in ("en", "zh"):
            unknown = set(FIELD.findall(self[f"body_{lang}"].data or "")) - set(FIELDS)
            if unknown:
                name = "{" + min(unknown) + "}"
                self.blame(f"body_{lang}", _("Nothing is filled in for %(name)s.", name=name))
                fits = False
        return fits

    def changes(self) -> dict[str, Any]:
        """The columns as they are to be."""
        return {
            part: {lang: text for lang in ("en", "zh") if (text := self[f"{part}_{lang}"].data)}
            for part in ("title", "body")
        }
