"""The tables of `pack.toml` with further fields.

[fields.customer.level]
label = ["Member level", "会员等级"]
kind = "choice"
choices = [["silver", "Silver", "银卡"], ["gold", "Gold", "金卡"]]
indexed = true
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from crmlite import hooks
from crmlite.declarations import Declared, Section, full_name, of_kind, only, words
from crmlite.rules.conditions import ALWAYS, Node, Reading, Unreadable, from_json, from_words
from crmlite.rules.fields import BadDeclaration, Choice, Field
from crmlite.rules.kinds import KINDS
from crmlite.rules.wording import Label

HOOKS: Mapping[str, str] = {
    "customer": "register_customer_fields",
    "contact": "register_contact_fields",
    "case": "register_case_fields",
    "order": "register_order_fields",
}
OF_FIELD = ("label", "kind", "choices", "choices_from", "required", "required_when", "only_for",
            "sensitive", "indexed", "multiple", "group", "hint", "aliases")  # fmt: skip


def sections() -> list[Section]:
    """The table."""
    return [Section(name="fields", read=_read)]


def _read(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    given = only(table, HOOKS, "[fields]")
    return {
        HOOKS[kind]: read_fields(full_name(pack, ""), raw, f"fields.{kind}", declared)
        for kind, raw in given.items()
    }


def read_fields(prefix: str, raw: Any, where: str, declared: Declared) -> tuple[Field, ...]:
    """Fields by their keys; their names begin with `prefix`. Raises BadDeclaration."""
    if not isinstance(raw, Mapping) or not raw:
        raise BadDeclaration(f"[{where}] must hold tables such as [{where}.level], not {raw!r}")
    made = {
        key: _field(prefix + key, one, f"[{where}.{key}]", declared) for key, one in raw.items()
    }
    known = {name: one for key, one in made.items() for name in (key, one.name)}
    return tuple(
        replace(one, required_when=_required(raw[key], f"[{where}.{key}]", known, prefix))
        for key, one in made.items()
    )


def _field(name: str, raw: Any, where: str, declared: Declared) -> Field:
    given = only(raw, OF_FIELD, where)
    kind = of_kind(given, "kind", str, "text", where)
    only({kind: None}, KINDS, f"{where} kind")
    flags = {
        flag: of_kind(given, flag, bool, False, where)
        for flag in ("sensitive", "indexed", "multiple")
    }
    return Field(
        name=name,
        label=words(given.get("label"), f"{where} label"),
        kind=kind,
        choices=read_choices(given.get("choices", []), f"{where} choices"),
        choices_from=_list(given, name.partition("__")[0], where, declared),
        aliases=_aliases(given.get("aliases", []), where),
        only_for=_only_for(given, where),
        **_said(given, ("group", "hint"), where),
        **flags,
    )


def _only_for(given: Mapping[str, Any], where: str) -> str:
    """Which kind of customer is asked for it; empty for both."""
    found = of_kind(given, "only_for", str, "", where)
    if found and not where.startswith("[fields.customer."):
        raise BadDeclaration(f"{where}: only_for is of fields of customers")
    return found


def _list(given: Mapping[str, Any], pack: str, where: str, declared: Declared) -> str:
    """The list that offers the choices: one of the pack's own by its short name, or of crmlite's."""
    key = of_kind(given, "choices_from", str, "", where)
    own = {one.name for one in declared.get("register_choice_lists", ())}
    if not key or full_name(pack, key) in own:
        return full_name(pack, key) if key else ""
    there = own.union(one.name for one in hooks.declared("register_choice_lists"))
    only({key: None}, there, f"{where} choices_from")
    return key


def read_choices(raw: Any, where: str) -> tuple[Choice, ...]:
    """Choices: each its key, English and Chinese. Raises BadDeclaration."""
    if not isinstance(raw, list):
        raise BadDeclaration(f"{where}: a list of [key, English, Chinese], not {raw!r}")
    return tuple(_choice(one, where) for one in raw)


def _choice(raw: Any, where: str) -> Choice:
    match raw:
        case [str() as key, str() as english]:
            return Choice(key, words(english, f"{where} {key}"))
        case [str() as key, str() as english, str() as chinese]:
            return Choice(key, words([english, chinese], f"{where} {key}"))
    raise BadDeclaration(f"{where}: a choice is [key, English, Chinese], not {raw!r}")


def _required(
    given: Mapping[str, Any], where: str, fields: Mapping[str, Field], prefix: str
) -> Node | None:
    """When a field is required: a condition on fields beside it, or, as it is kept, on others."""
    always = of_kind(given, "required", bool, False, where)
    if "required_when" not in given:
        return ALWAYS if always else None
    if always:
        raise BadDeclaration(f"{where}: give one of required and required_when")
    told = given["required_when"]
    if not isinstance(told, Mapping):
        return from_words(told, Reading(fields, f"{where} required_when", own=prefix))
    try:
        return from_json(told)
    except Unreadable as unreadable:
        raise BadDeclaration(f"{where}: required_when is no condition ({unreadable})") from None


def _aliases(raw: Any, where: str) -> tuple[str, ...]:
    if not isinstance(raw, list) or not all(isinstance(one, str) for one in raw):
        raise BadDeclaration(f"{where}: aliases is a list of texts, not {raw!r}")
    return tuple(raw)


def _said(given: Mapping[str, Any], names: tuple[str, ...], where: str) -> dict[str, Label]:
    """Those of these words that are given."""
    return {name: words(given[name], f"{where} {name}") for name in names if name in given}
