"""Says a condition in the reader's words: as chips above a list, and as one sentence."""

from collections.abc import Sequence
from typing import NamedTuple, Protocol

from crmlite.rules.conditions.checking import Catalogue
from crmlite.rules.conditions.dates import FromToday, Span, StartOf
from crmlite.rules.conditions.figures import FromSetting
from crmlite.rules.conditions.moving import moving_words
from crmlite.rules.conditions.operators import AND, NAMES, OPERATORS, TO
from crmlite.rules.conditions.tree import All, Any, Me, Node, Not, Scalar, Test
from crmlite.rules.fields import Field
from crmlite.rules.problems import Problem
from crmlite.rules.wording import N_, Label

ME_WORDS = {"person": N_("me"), "team": N_("my teams")}
FLAG_WORDS = {True: N_("yes"), False: N_("no")}
LIST = N_("%(first)s, %(second)s")
LAST_OR = N_("%(first)s or %(second)s")
LAST_AND = N_("%(first)s and %(second)s")
RANGE = N_("%(first)s to %(second)s")
BOTH_HOLD = N_("%(first)s, and %(second)s")
ONE_HOLDS = N_("%(first)s, or %(second)s")
BRACKETS = N_("(%(part)s)")
NOT = N_("not (%(part)s)")
EVERYTHING = N_("everyone in the book")
UNKNOWN = N_("%(field)s (unknown)")
GONE = N_("a setting that is not there")

# Stands in for the value while the sentence is made, to find where a language puts it.
SLOT = "\ue000"


class Voice(Protocol):
    """The reader's language, made outside from gettext, settings and the book.

    `say` and `count` are gettext and ngettext, `label` words a label, `shown` a value: a choice
    of an editable list, a tag, industry or person by its key, an amount, number or date. `now` is
    what a setting gives now: a number or a day, None when it is not there.
    """

    def say(self, msgid: str, /, **params: object) -> str: ...  # noqa: D102 - said above
    def count(self, one: str, many: str, num: int, /) -> str: ...  # noqa: D102
    def label(self, label: Label, /) -> str: ...  # noqa: D102
    def shown(self, field: Field, value: Scalar, /) -> str: ...  # noqa: D102
    def now(self, field: Field, value: FromSetting, /) -> Scalar | None: ...  # noqa: D102


class Phrase(NamedTuple):
    """One chip: the words before the value, the value, and what may follow it."""

    before: str
    value: str
    after: str = ""

    def __str__(self) -> str:
        return f"{self.before}{self.value}{self.after}"


def phrases(tree: Node, catalogue: Catalogue, voice: Voice) -> list[Phrase]:
    """One phrase for each part that must hold, in order; a group among them is one phrase."""
    parts = tree.parts if isinstance(tree, All) else (tree,)
    return [phrase(part, catalogue, voice) for part in parts]


def phrase(node: Node, catalogue: Catalogue, voice: Voice) -> Phrase:
    """One part: a test with its value apart, a group as a whole."""
    if not isinstance(node, Test):
        return Phrase("", sentence(node, catalogue, voice))
    field = catalogue.get(node.field)
    operator = OPERATORS.get(node.operator)
    if field is None or operator is None:
        return Phrase(voice.say(UNKNOWN, field=node.field), "")
    said = operator.says_of.get(field.traits.values, operator.says)
    whole = voice.say(said, field=voice.label(field.label), value=SLOT)
    before, _, after = whole.partition(SLOT)
    return Phrase(before, listed(field, node, voice), after)


def sentence(tree: Node, catalogue: Catalogue, voice: Voice) -> str:
    """The whole condition as one sentence without a full stop."""
    match tree:
        case Test():
            return str(phrase(tree, catalogue, voice))
        case All(()):
            return voice.say(EVERYTHING)
        case All(parts):
            return chained([bracketed(part, catalogue, voice) for part in parts], BOTH_HOLD, voice)
        case Any(parts):
            return chained([bracketed(part, catalogue, voice) for part in parts], ONE_HOLDS, voice)
        case Not(part):
            return voice.say(NOT, part=sentence(part, catalogue, voice))


def bracketed(node: Node, catalogue: Catalogue, voice: Voice) -> str:
    """A part of a larger sentence; groups in brackets."""
    said = sentence(node, catalogue, voice)
    grouped = isinstance(node, All | Any) and len(node.parts) > 1
    return voice.say(BRACKETS, part=said) if grouped else said


def chained(parts: Sequence[str], link: str, voice: Voice) -> str:
    """Parts joined one by one: `a, and b, and c`."""
    joined = parts[0] if parts else ""
    for part in parts[1:]:
        joined = voice.say(link, first=joined, second=part)
    return joined


def listed(field: Field, test: Test, voice: Voice) -> str:
    """The values of a test: `a, b or c`, `1 to 5`; empty when it has none."""
    words = [value_words(field, value, voice) for value in test.values]
    if len(words) < 2:
        return "".join(words)
    joined = OPERATORS[test.operator].joined
    last = {AND: LAST_AND, TO: RANGE}.get(joined, LAST_OR)
    return voice.say(last, first=chained(words[:-1], LIST, voice), second=words[-1])


def value_words(field: Field, value: Scalar, voice: Voice) -> str:
    """One value in words."""
    match value:
        case Me():
            return voice.say(ME_WORDS.get(field.kind, ME_WORDS["person"]))
        case bool():
            return voice.say(FLAG_WORDS[value])
        case FromToday() | StartOf() | Span():
            return moving_words(value, voice.say, voice.count)
        case FromSetting():
            now = voice.now(field, value)
            return voice.say(GONE) if now is None else value_words(field, now, voice)
        case str() if choice := field.choice(value):
            return voice.label(choice.label)
    return voice.shown(field, value)


def explained(problem: Problem, catalogue: Catalogue, voice: Voice) -> Problem:
    """The same problem with labels in place of field and operator names, ready to be worded."""
    params = dict(problem.params)
    field = catalogue.get(str(params.get("field", "")))
    if field:
        params["field"] = voice.label(field.label)
    if (operator := params.get("operator")) in NAMES:
        params["operator"] = voice.say(NAMES[str(operator)])
    if isinstance(names := params.get("operators"), tuple):
        params["operators"] = chained([voice.say(NAMES[name]) for name in names], LIST, voice)
    return Problem(problem.code, params, problem.level, problem.path)
