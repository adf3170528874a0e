"""What a version of a strategy changes against the one before, in words."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import format_decimal
from flask_babel import gettext as _

from crmlite.accounts.queries import person_name
from crmlite.customers.conditions.catalogue import BookVoice, whole_catalogue
from crmlite.history.wording import actor_words
from crmlite.rules.conditions import ALWAYS, Node, sentence
from crmlite.rules.strategies import Strategy, Touch
from crmlite.strategies.queries import declared_of
from crmlite.strategies.wording import cadence_words, channel_words, executor_words, touch_words
from crmlite.wording import label

ADDED, GONE, OTHER = "+", "−", "~"
Change = tuple[str, str, str]


def told_versions(versions: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """Versions, the newest first, each with who made it and what it changed."""
    older = [*versions[1:], None]
    return [
        {
            "number": one["number"],
            "since": one["since"],
            "who": person_name(one["user_id"]) or actor_words(one["kind"], one["name"]),
            "changes": _between(before, one) if before else [],
        }
        for one, before in zip(versions, older, strict=True)
    ]


def _between(before: Mapping[str, Any], after: Mapping[str, Any]) -> list[Change]:
    one, other = (declared_of(row["content"]) for row in (before, after))
    found = changes(one, other) if one and other else []
    was, now = (row["content"].get("is_on") for row in (before, after))
    return (
        found if was == now else [*found, (OTHER, _("Is followed"), _("yes") if now else _("no"))]
    )


def changes(before: Strategy, after: Strategy) -> list[Change]:
    """What a new version changes: the mark, what it is about, the words."""
    found: list[Change] = []
    for what, one, other in (
        (_("Name"), label(before.label), label(after.label)),
        (_("Serves"), _serves(before.serves), _serves(after.serves)),
        (_("Goal"), label(before.goal), label(after.goal)),
        (_("Priority"), _place(before), _place(after)),
    ):
        if one != other:
            found.append((OTHER, what, _("%(after)s (was: %(before)s)", after=other, before=one)))
    found += _touch_changes(before.touches, after.touches)
    return found


def _serves(tree: Node) -> str:
    return sentence(tree, whole_catalogue(), BookVoice()) if tree != ALWAYS else _("everybody")


def _place(one: Strategy) -> str:
    return _("on top") if one.on_top else str(format_decimal(one.priority))


def _touch_changes(before: Iterable[Touch], after: Iterable[Touch]) -> list[Change]:
    old, new = ({one.name: one for one in some} for some in (before, after))
    found = []
    for name, touch in new.items():
        if name not in old:
            found.append((ADDED, _("Touch"), _told(touch)))
        elif touch != old[name]:
            found.append((OTHER, _("Touch"), _told_other(old[name], touch)))
    found += [(GONE, _("Touch"), _told(touch)) for name, touch in old.items() if name not in new]
    if not found and list(old) != list(new):
        found.append((OTHER, _("Touches"), _("in another order")))
    return found


def _told(touch: Touch) -> str:
    return _(
        "%(what)s, %(channel)s, %(who)s",
        what=touch_words(touch),
        channel=channel_words(touch.channel),
        who=executor_words(touch.executor),
    )


def _told_other(old: Touch, new: Touch) -> str:
    """What is another in a touch."""
    parts = [
        (label(old.label), label(new.label)),
        (cadence_words(old.cadence), cadence_words(new.cadence)),
        (channel_words(old.channel), channel_words(new.channel)),
        (executor_words(old.executor), executor_words(new.executor)),
    ]
    said = [
        _("%(after)s (was: %(before)s)", after=after, before=before)
        for before, after in parts
        if before != after
    ]
    if not said:
        said = [_("other content or talking points")]
    words = _("; ").join(said)
    return _(": ").join((label(new.label), words)) if old.label == new.label else words
