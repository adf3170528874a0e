"""What a pack writes down in its `pack.toml`, and how a slice reads its part of it.

Each slice that packs add to reads a table of the file: `[tags]`, `[fields]`, `[settings]`. What it
makes of it is the same declarations that a hook of the pack's module would answer.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from crmlite.rules.did_you_mean import unknown
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.wording import Label

Declared = Mapping[str, Sequence[Any]]
"""Declarations by the hook that they answer."""
Told = tuple[str, Sequence[tuple[str, str]]]
"""A heading, and under it what each is called and what it does."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Section:
    """A table of `pack.toml` that a slice reads.

    `read(pack, table, declared)` answers `{hook: declarations}`; `declared` are those of sections
    read before and of the pack's code, so that a condition may speak of the pack's own fields.
    Sections of lower `weight` are read first. Raises BadDeclaration for what cannot be.
    """

    name: str
    read: Callable[[str, Mapping[str, Any], Declared], Declared]
    weight: int = 0


@dataclass(frozen=True, kw_only=True, slots=True)
class PackPart:
    """What a slice does with packs. All but its name may be missing.

    `refuse(pack, declared)` is asked when a pack is read, without a book: it raises BadDeclaration for
    what a pack declares and cannot. `faults(pack)` are sentences in the reader's language: why the
    pack cannot be on, with the book at hand and what it ships put in. `switched(pack)` is called
    inside the operation that switches a pack on or off, or brings it to another version: it has done
    in the background what follows.
    `told(pack, declared)` says in the reader's language what follows from what a pack declares, for
    those who look at it before they switch it on.
    `held(pack)` counts what the book holds of a pack, be it on, off or gone: `{label: number}`.
    `shed(pack)` gives, one after the other, pieces of work that each remove some of its records inside
    an operation of their own and answer how much that was: others write in between, and what is cut
    short is gone on with later.
    `kept(pack)` gives all of that as plain values, for the file that is written before a pack is purged;
    `purge(pack)` removes the rest, inside an operation, and answers how much it was. Parts of lower
    `weight` come first, and are purged last.
    """

    name: str
    refuse: Callable[[str, Declared], None] | None = None
    faults: Callable[[str], Iterable[str]] | None = None
    switched: Callable[[str], None] | None = None
    told: Callable[[str, Declared], Told] | None = None
    held: Callable[[str], Mapping[str, int]] | None = None
    shed: Callable[[str], Iterator[Callable[[], int]]] | None = None
    kept: Callable[[str], Iterator[Mapping[str, Any]]] | None = None
    purge: Callable[[str], int] | None = None
    weight: int = 0


def words(raw: Any, where: str) -> Label:
    """A label: one text, or a list of the English and the Chinese one."""
    match raw:
        case str() if raw.strip():
            return {"en": raw}
        case [str() as english, str() as chinese] if english.strip() and chinese.strip():
            return {"en": english, "zh": chinese}
    raise BadDeclaration(f"{where}: a label is a text, or [English, Chinese], not {raw!r}")


def only(raw: Any, known: Iterable[str], where: str) -> Mapping[str, Any]:
    """A table with no other keys than the known ones. Raises BadDeclaration, which names a key that
    looks like the one that was meant."""
    if not isinstance(raw, Mapping):
        raise BadDeclaration(f"{where} must be a table, not {raw!r}")
    names = sorted(known)
    for key in raw:
        if key not in names:
            raise BadDeclaration(f"{where}: {unknown(key, names)}")
    return raw


def of_kind(raw: Mapping[str, Any], key: str, kind: type, default: Any, where: str) -> Any:
    """A value of a table, if it is of the right kind; the default where it is missing."""
    value = raw.get(key, default)
    right = isinstance(value, kind) and not (kind is int and isinstance(value, bool))
    if not right and value is not default:
        raise BadDeclaration(f"{where}: {key} must be of kind {kind.__name__}, not {value!r}")
    return value


def full_name(pack: str, key: str) -> str:
    """What a thing of a pack is called: `retail__points`."""
    return f"{pack}__{key}"
