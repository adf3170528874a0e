"""What a field must be like to be kept, and how many of them may be quick."""

from collections.abc import Iterable, Sequence

from crmlite.fields.object_kinds import kept_in
from crmlite.fields.queries import memory
from crmlite.rules.fields import BadDeclaration, Field

MOST_INDEXED = 8  # of a kind of record, all owners that are on together
UNKEPT = ("tags",)  # kinds that only crmlite's own columns hold


def refuse_unfit(record_type: str, fields: Iterable[Field]) -> None:
    """Raise BadDeclaration for a field that cannot be kept as it is declared, or declared twice, and
    for more quick ones than there may be in all."""
    seen: set[str] = set()
    quick: list[str] = []
    for field in fields:
        if reason := _unfit(field) or ("it is declared twice" if field.name in seen else ""):
            raise BadDeclaration(f"Field {field.name!r} of {record_type}: {reason}.")
        seen.add(field.name)
        if field.indexed:
            quick.append(field.name)
    _refuse_more(record_type, quick)


def _refuse_more(record_type: str, quick: Sequence[str]) -> None:
    if len(quick) > MOST_INDEXED:
        raise BadDeclaration(
            f"A {record_type} has at most {MOST_INDEXED} indexed fields, and there would be "
            f"{len(quick)}: {', '.join(quick)}."
        )


def _unfit(field: Field) -> str:
    if not field.pack:
        return f"{field.name} has no column, so its name is like `pack__{field.name}`"
    if field.kind in UNKEPT:
        return f"a {field.kind} cannot be a field of a pack"
    if field.multiple and field.kind != "choices":
        return f"several of a {field.kind} is not supported yet"
    return ""


def indexed_in_all(record_type: str, besides: str = "") -> list[str]:
    """The names of the quick fields of a kind of record, or of all that share its table, but for those
    of one pack (`custom` for managers' own)."""
    table = kept_in(record_type)
    sharing = [some for kind, some in memory().active.items() if kept_in(kind) == table]
    return [one.name for some in sharing for one in some if one.indexed and one.pack != besides]


def refuse_too_many(record_type: str, fields: Sequence[Field], owner: str) -> None:
    """Raise BadDeclaration where the quick fields of an owner are too many beside those there are."""
    others = indexed_in_all(record_type, besides=owner)
    mine = [one.name for one in fields if one.indexed]
    if mine:
        _refuse_more(record_type, [*others, *mine])
