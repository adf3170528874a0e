"""The tables of `pack.toml` that this room reads: settings, values of lists, lists, tiers."""

from collections.abc import Mapping, Sequence
from typing import Any

from crmlite.declarations import Declared, Section, full_name, of_kind, only, words
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.wording import Label
from crmlite.settings.catalogue import KINDS, AddedChoice, Choice, ChoiceList, Setting
from crmlite.settings.shipped import TIERS

SETTING = ("label", "default", "kind", "hint", "group", "options", "least", "most", "pattern")
LIST = ("label", "values", "hint", "open")
EARLY = -40  # before fields and conditions, which speak of settings and lists


def sections() -> list[Section]:
    """The tables, in the order in which they are read."""
    return [
        Section(name="settings", read=_settings, weight=EARLY),
        Section(name="lists", read=_lists, weight=EARLY),
        Section(name="tiers", read=_tiers, weight=EARLY),
        Section(name="choices", read=_choices, weight=EARLY),
    ]


def _settings(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    """`[settings.days]` with `label` and `default`: `retail__days`."""
    return {"register_settings": [_setting(pack, key, raw) for key, raw in table.items()]}


def _setting(pack: str, key: str, raw: Any) -> Setting:
    where = f"[settings.{key}]"
    given = only(raw, SETTING, where)
    default = given.get("default")
    options = {one: words(text, f"{where} options") for one, text in _pairs(given, where)}
    kind = of_kind(given, "kind", str, _kind(default, options, where), where)
    if kind not in KINDS:
        raise BadDeclaration(f"{where}: there are the kinds {', '.join(KINDS)}, not {kind!r}")
    declared = {
        "label": words(given.get("label"), f"{where} label"),
        "least": of_kind(given, "least", int, None, where),
        "most": of_kind(given, "most", int, None, where),
        "pattern": of_kind(given, "pattern", str, "", where),
        **_said(given, ("hint", "group"), where),
    }
    try:
        return Setting(
            name=full_name(pack, key), default=default, kind=kind, options=options, **declared
        )
    except BadDeclaration as error:
        raise BadDeclaration(f"{where}: {error}") from None


def _pairs(given: Mapping[str, Any], where: str) -> Sequence[tuple[str, Any]]:
    return tuple(of_kind(given, "options", dict, {}, where).items())


def _kind(default: Any, options: Mapping[str, Label], where: str) -> str:
    """The kind of a setting, as its default shows it."""
    match default:
        case bool():
            return "boolean"
        case int():
            return "integer"
        case str():
            return "choice" if options else "text"
        case [*_several] if options:
            return "choices"
    raise BadDeclaration(f"{where}: give a default: a text, a whole number, true or false")


def _lists(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    """`[lists.store]` with `label` and `values`: the list `retail__store`."""
    made = []
    for key, raw in table.items():
        where = f"[lists.{key}]"
        made.append(_list(full_name(pack, key), only(raw, LIST, where), where))
    return {"register_choice_lists": made}


def _tiers(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    """`[tiers]` with `label` and `values`: a scheme that the firm can choose."""
    return {"register_choice_lists": [_list(TIERS + pack, only(table, LIST, "[tiers]"), "[tiers]")]}


def _list(name: str, given: Mapping[str, Any], where: str) -> ChoiceList:
    return ChoiceList(
        name=name,
        label=words(given.get("label"), f"{where} label"),
        shipped=[
            Choice(key, {"en": label} if isinstance(label, str) else label, more=more)
            for key, label, more in values(given.get("values"), f"{where} values")
        ],
        open=of_kind(given, "open", bool, True, where),
        **_said(given, ("hint",), where),
    )


def _choices(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    """`[choices]` with `source = [["live", "Live stream", "直播"]]`: `retail__live` in that list."""
    return {
        "register_choices": [
            AddedChoice(list=name, key=full_name(pack, key), label=label, more=more)
            for name, raw in table.items()
            for key, label, more in values(raw, f"[choices] {name}")
        ]
    }


def values(raw: Any, where: str) -> list[tuple[str, Label, Mapping[str, Any]]]:
    """Values of a list: each its key, English, Chinese, and a hint in both languages if there is one."""
    if not isinstance(raw, list) or not raw:
        raise BadDeclaration(f"{where}: a list of [key, English, Chinese], not {raw!r}")
    found = []
    for one in raw:
        match one:
            case [str() as key, str() as english]:
                found.append((key, words(english, f"{where} {key}"), {}))
            case [str() as key, str() as english, str() as chinese, *hint] if len(hint) in (0, 2):
                more = {"hint": words(hint, f"{where} {key}")} if hint else {}
                found.append((key, words([english, chinese], f"{where} {key}"), more))
            case _:
                raise BadDeclaration(f"{where}: a value is [key, English, Chinese], not {one!r}")
    return found


def _said(given: Mapping[str, Any], names: Sequence[str], where: str) -> dict[str, Label]:
    """Those of these words that are given."""
    return {name: words(given[name], f"{where} {name}") for name in names if name in given}
