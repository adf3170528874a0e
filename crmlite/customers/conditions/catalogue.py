"""What a reader may ask of the book: the fields they may see, with the choices of now."""

from dataclasses import dataclass

from flask import current_app, g
from flask_babel import format_date, ngettext
from flask_babel import gettext as _
from sqlalchemy import select

from crmlite import settings
from crmlite.access import Reader
from crmlite.accounts.roster import roster
from crmlite.customers import choices as lists
from crmlite.customers.conditions.asked_fields import AskedField, asked
from crmlite.customers.conditions.figures import figures
from crmlite.customers.fields import KINDS, OF_PARTS, asked_fields
from crmlite.customers.industries import label as industry_label
from crmlite.customers.models import Dimension, Tag
from crmlite.customers.tags.at_rest import is_at_rest, is_automatic
from crmlite.customers.words import money, number, person_name
from crmlite.extensions import database
from crmlite.fields import Known, memory
from crmlite.rules.conditions import FromSetting, Scalar
from crmlite.rules.fields import Choice, Field
from crmlite.wording import label, language

KEY = "crmlite.customer_fields"
Arrangement = tuple[settings.Memory, Known]
MANIFOLD = frozenset(field.name for field in OF_PARTS)


def catalogue(reader: Reader) -> dict[str, Field]:
    """The fields that a reader may filter and see, by name; choices are those of now."""
    if "customer_catalogue" not in g:
        answered = asked()
        g.customer_catalogue = {
            name: field
            for name, field in whole_catalogue().items()
            if _may_ask(reader, field, answered.get(name))
        }
    return g.customer_catalogue  # type: ignore[no-any-return]


def whole_catalogue() -> dict[str, Field]:
    """All fields with the choices of now, made once for each of the firm's arrangements."""
    now: Arrangement = (settings.memory(), memory())
    known: tuple[Arrangement, dict[str, Field]] | None = current_app.extensions.get(KEY)
    if known is None or any(one is not other for one, other in zip(known[0], now, strict=True)):
        fields = {name: offering(field) for name, field in asked_fields().items()}
        known = current_app.extensions[KEY] = (now, fields)
    return known[1]


def may_ask(reader: Reader, field: Field) -> bool:
    """Whether a reader may filter by a field: amounts only with the right to see some, and what tells
    of other records only where all those of customers in sight are in sight, too."""
    return _may_ask(reader, field, asked().get(field.name))


def _may_ask(reader: Reader, field: Field, answered: AskedField | None) -> bool:
    if answered is not None and answered.right:
        scope = reader.scope(answered.right)
        return scope == "all" or scope == reader.scope("customers:see") != ""
    return field.kind != "amount" or reader.may("customers:amounts")


def has_one_value(name: str) -> bool:
    """Whether a customer has a value of a field that can be shown: not of what hangs on it in numbers,
    and not of what is only asked."""
    answered = asked().get(name)
    return name not in MANIFOLD and not (answered and answered.is_only_asked)


def may_sort(reader: Reader, field: Field) -> bool:
    """Whether a reader may sort by a field: an order tells values, so all of them must be seen."""
    if not field.sortable or field.kind in ("tags", "team") or not has_one_value(field.name):
        return False
    if field.kind != "amount":
        return True
    amounts = reader.scope("customers:amounts")
    return amounts == "all" or amounts == reader.scope("customers:see") != ""


def places(field: Field) -> tuple[str, ...]:
    """The values of a choice in the order of its list; empty where values tell theirs themselves."""
    return tuple(choice.key for choice in field.choices) if field.kind == "choice" else ()


def offering(field: Field) -> Field:
    """The field with the choices of its editable list as they stand now."""
    if field.kind not in ("choice", "choices") or not field.choices_from:
        return field
    if field.choices_from == "customer_kind":
        return field.offering(tuple(Choice(key, text) for key, text in KINDS.items()))
    found = lists.choices(field.choices_from, retired=True)
    return field.offering(tuple(Choice(c.key, c.label, not c.is_offered) for c in found))


@dataclass(frozen=True, slots=True)
class TagChoice:
    """A tag as people choose it; `key` is `dimension/tag`. One that is `automatic` is put on and
    taken off by its rule; one that is `resting` belongs to a pack that is off. A `quiet` one is not
    shown in lists."""

    id: int
    key: str
    label: dict[str, str]
    dimension: str
    dimension_label: dict[str, str]
    exclusive: bool
    retired: bool
    automatic: bool = False
    resting: bool = False
    quiet: bool = False

    @property
    def settable(self) -> bool:
        """Whether people put it on customers."""
        return not (self.retired or self.automatic or self.resting)


TAG, DIMENSION = Tag.__table__, Dimension.__table__
TAGS = (
    select(
        TAG.c.id,
        TAG.c.key,
        TAG.c.label,
        TAG.c.retired,
        TAG.c.rule,
        TAG.c.rule_on,
        TAG.c.quiet,
        TAG.c.owner,
        DIMENSION.c.owner.label("dimension_owner"),
        DIMENSION.c.key.label("dimension"),
        DIMENSION.c.label.label("dimension_label"),
        DIMENSION.c.exclusive,
    )
    .join(DIMENSION, DIMENSION.c.id == TAG.c.dimension_id)
    .order_by(DIMENSION.c.position, DIMENSION.c.id, TAG.c.position, TAG.c.id)
)


def tag_choices() -> list[TagChoice]:
    """All tags, in the order of their dimensions; read once per request."""
    if "tag_choices" not in g:
        found = database.session.execute(TAGS).mappings()
        g.tag_choices = [
            TagChoice(
                row["id"],
                f"{row['dimension']}/{row['key']}",
                row["label"],
                row["dimension"],
                row["dimension_label"],
                row["exclusive"],
                row["retired"],
                is_automatic(row),
                is_at_rest(row["owner"], row["dimension_owner"]),
                row["quiet"],
            )
            for row in found
        ]
    return g.tag_choices  # type: ignore[no-any-return]


class BookVoice:
    """Says conditions in the reader's language; see `crmlite.rules.conditions.Voice`."""

    def say(self, msgid: str, /, **params: object) -> str:
        """A marked text in the reader's language."""
        return str(_(msgid, **params))

    def count(self, one: str, many: str, num: int, /) -> str:
        """A counted text."""
        return str(ngettext(one, many, num))

    def label(self, words: object, /) -> str:
        """A label of a field or choice."""
        return label(words)  # type: ignore[arg-type]

    def now(self, field: Field, value: FromSetting, /) -> Scalar | None:
        """What a setting gives now."""
        return figures().of(value, field.kind)

    def shown(self, field: Field, value: Scalar, /) -> str:
        """A value in words; one that is none of the field's kind as it is."""
        try:
            return self._shown(field, value)
        except (TypeError, ValueError, AttributeError):
            return str(value)

    def _shown(self, field: Field, value: Scalar, /) -> str:
        if field.name == "status" and field.kind == "text":
            return lists.choice_label("status", str(value))
        match field.kind:
            case "person":
                return person_name(int(value))  # type: ignore[arg-type]
            case "team":
                team = roster().teams.get(int(value))  # type: ignore[arg-type]
                return label(team.label) if team else str(value)
            case "industry":
                return industry_label(str(value), language())
            case "tags":
                found = next((tag for tag in tag_choices() if tag.key == value), None)
                return label(found.label) if found else str(value)
            case "amount":
                return money(int(value))  # type: ignore[arg-type]
            case "date" | "moment":
                return str(format_date(value, "medium"))  # type: ignore[arg-type]
            case "integer" | "number":
                return number(value)  # type: ignore[arg-type]
        return str(value)
