"""Conditions as people write them into packs, to be read aloud.

    ["last_order_on before -60d", "tier is strategic, core"]        all of them hold
    {any = ["orders empty", "bought at_least 50000"]}               one of them holds
    {not = "tags has_any behaviour/low-frequency"}                  it does not

A test is a field, a question, and values between commas, as in addresses: amounts in minor units,
dates as 2024-05-01, -60d, month-1; yes and no. Inside a value `!` stands before a comma that
belongs to it. `$worth` is what the setting of this name says, `$days ago` and `$days ahead` so many
days from today. Where it is a part of it, a test may also stand as it is kept (see `stored`).
"""

import re
import typing
from collections.abc import Mapping
from dataclasses import dataclass

from crmlite.rules.conditions.checking import MESSAGES, NO_FIGURES, Catalogue, validate
from crmlite.rules.conditions.figures import Figures, FromSetting
from crmlite.rules.conditions.short import NEXT, plain, split, value_from_text
from crmlite.rules.conditions.stored import from_json
from crmlite.rules.conditions.tree import MAX_DEPTH, All, Any, Node, Not, Scalar, Test, Unreadable
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration, Field

LIKE: Mapping[str, str] = {
    "day": "a day such as 2024-05-01, -60d or month-1",
    "moment": "a day such as 2024-05-01, -60d or month-1",
    "flag": "yes or no",
    "whole": "a whole number",
    "number": "a number",
    "id": "me",
}
SETTING = re.compile(r"\$(\w+)(?: (ago|ahead))?")


@dataclass(frozen=True, slots=True)
class Reading:
    """Over what a condition is written: the fields, what settings say, what the names of the writer's
    own settings begin with, and where it stands."""

    catalogue: Catalogue
    where: str
    figures: Figures = NO_FIGURES
    own: str = ""


def from_words(raw: typing.Any, reading: Reading) -> Node:
    """The condition that was written. A name of the catalogue may be short for that of its field, and
    one of a setting for `own` and the name. Raises BadDeclaration, which names the part that cannot
    be."""
    node = _node(raw, reading, 1)
    for problem in validate(node, reading.catalogue, reading.figures):
        raise BadDeclaration(f"{reading.where}: {MESSAGES[problem.code] % dict(problem.params)}")
    return node


def _node(raw: typing.Any, reading: Reading, depth: int) -> Node:
    if depth > MAX_DEPTH:
        raise BadDeclaration(f"{reading.where}: more than {MAX_DEPTH} levels of brackets")
    match raw:
        case str():
            return _test(raw, reading)
        case [_, *_]:
            return All(_parts(raw, reading, depth))
        case {"all": [_, *_] as parts} if len(raw) == 1:
            return All(_parts(parts, reading, depth))
        case {"any": [_, *_] as parts} if len(raw) == 1:
            return Any(_parts(parts, reading, depth))
        case {"not": part} if len(raw) == 1:
            return Not(_node(part, reading, depth + 1))
        case {"field": str(), "operator": str(), "values": list()}:
            return _kept(raw, reading)
    raise BadDeclaration(
        f"{reading.where}: {raw!r} is no condition, which is a text such as 'last_contact before "
        "-60d', a list of them, or {all = […]}, {any = […]}, {not = …}"
    )


def _parts(parts: list[typing.Any], reading: Reading, depth: int) -> tuple[Node, ...]:
    return tuple(_node(part, reading, depth + 1) for part in parts)


def _kept(raw: Mapping[str, typing.Any], reading: Reading) -> Node:
    try:
        return from_json(raw)
    except Unreadable as unreadable:
        raise BadDeclaration(f"{reading.where}: {raw!r} is no condition ({unreadable})") from None


def _test(text: str, reading: Reading) -> Test:
    name, _space, rest = text.strip().partition(" ")
    operator, _space, words = rest.strip().partition(" ")
    field, here = reading.catalogue.get(name), f"{reading.where}: {text!r}"
    if field is None:
        raise BadDeclaration(f"{here}: the field {unknown(name, reading.catalogue)}")
    if operator not in field.operators:
        raise BadDeclaration(f"{here}: the question {unknown(operator, field.operators)}")
    pieces = [plain(piece).strip() for piece in split(words, NEXT)] if words.strip() else []
    values = tuple(_value(field, operator, piece, reading) for piece in pieces)
    return Test(field.name, operator, values)


def _value(field: Field, operator: str, text: str, reading: Reading) -> Scalar:
    if found := SETTING.fullmatch(text):
        return FromSetting(_setting(found[1], reading), found[2] or "")
    value = value_from_text(field, operator, text)
    if value is not None:
        return value
    like = LIKE.get(field.traits.values, "a text")
    if operator == "during":
        like = "a time such as month or quarter-1"
    raise BadDeclaration(f"{reading.where}: {field.name} {operator}: {text!r} is not {like}")


def _setting(name: str, reading: Reading) -> str:
    known = reading.figures.numbers
    for full in (name, f"{reading.own}{name}"):
        if full in known:
            return full
    names = {one.removeprefix(reading.own) for one in known}
    raise BadDeclaration(f"{reading.where}: the setting {unknown(name, names)}")
