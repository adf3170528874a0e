"""The tables of `pack.toml` that this room reads: categories of cases, canned replies."""

import re
from collections.abc import Mapping
from typing import Any

from crmlite.cases.declaring import CannedText, CaseCategory, CategoryTarget
from crmlite.declarations import Declared, Section, full_name, of_kind, only, words
from crmlite.rules.casework import ClockName
from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.working_time import Unit

CATEGORY = ("label", "targets", "level", "manager")
REPLY = ("title", "body")
TARGET = re.compile(
    r"(?P<clock>\w+) (?P<amount>\d{1,5}) (?:(?P<kind>working|elapsed) )?"
    r"(?P<unit>minute|hour|day)s?(?: if (?P<level>[A-Za-z0-9_.-]+))?"
)
COUNTED: Mapping[tuple[str, str], tuple[int, Unit]] = {
    ("", "minute"): (1, Unit.MINUTES),
    ("working", "minute"): (1, Unit.MINUTES),
    ("working", "hour"): (60, Unit.MINUTES),
    ("", "day"): (1, Unit.DAYS),
    ("working", "day"): (1, Unit.DAYS),
    ("elapsed", "hour"): (1, Unit.ELAPSED),
    ("elapsed", "day"): (24, Unit.ELAPSED),
}


def sections() -> list[Section]:
    """The tables."""
    return [
        Section(name="categories", read=_categories, weight=-20),
        Section(name="replies", read=_replies, weight=-20),
    ]


def _categories(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    """`[categories.returns]` with `label`, `targets` and the like: `retail__returns`."""
    return {"register_case_categories": [_category(pack, key, raw) for key, raw in table.items()]}


def _category(pack: str, key: str, raw: Any) -> CaseCategory:
    where = f"[categories.{key}]"
    given = only(raw, CATEGORY, where)
    targets = of_kind(given, "targets", list, [], where)
    return CaseCategory(
        key=full_name(pack, key),
        label=words(given.get("label"), f"{where} label"),
        targets=tuple(target_of(text, f"{where} targets") for text in targets),
        level=of_kind(given, "level", str, "", where),
        manager=of_kind(given, "manager", str, "", where),
    )


def target_of(text: Any, where: str) -> CategoryTarget:
    """A deadline out of a short text: `response 20 minutes`, `resolution 1 day`, `plan 24 elapsed hours
    if critical`. Minutes and days are working time, unless days are `elapsed`; hours say which they
    are. Raises BadDeclaration."""
    found = TARGET.fullmatch(" ".join(text.split())) if isinstance(text, str) else None
    if found is None:
        raise BadDeclaration(
            f"{where}: {text!r} is not like 'response 20 minutes', 'resolution 1 day' or "
            "'plan 24 elapsed hours if critical'."
        )
    if found["clock"] not in tuple(ClockName):
        raise BadDeclaration(f"{where}: the clock {unknown(found['clock'], ClockName)}.")
    counted = COUNTED.get((found["kind"] or "", found["unit"]))
    if counted is None:
        raise BadDeclaration(f"{where}: {text!r}: {_meant(found['amount'], found['unit'])}")
    times, unit = counted
    return CategoryTarget(found["clock"], int(found["amount"]) * times, str(unit), found["level"])


def _meant(amount: str, unit: str) -> str:
    if unit == "hour":
        return f"say which hours: '{amount} working hours' or '{amount} elapsed hours'."
    return "minutes are working minutes; count elapsed time in hours."


def _replies(pack: str, table: Mapping[str, Any], declared: Declared) -> Declared:
    """`[replies.sorry]` with `title` and `body`: `retail__sorry`."""
    made = []
    for key, raw in table.items():
        where = f"[replies.{key}]"
        given = only(raw, REPLY, where)
        title, body = (words(given.get(name), f"{where} {name}") for name in REPLY)
        made.append(CannedText(key=full_name(pack, key), title=title, body=body))
    return {"register_canned_replies": made}
