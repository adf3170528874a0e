"""Whether a value is what its declaration says: for what packs hand over, which nobody has checked."""

import dataclasses
import types
from collections.abc import Callable, Hashable, Mapping, Sequence, Set
from functools import cache
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints


def misshapen(thing: Any) -> str:
    """The field of a dataclass that does not hold what it is declared to, and what it should; empty
    where all do."""
    for name, wanted in _hints(thing.__class__).items():
        value = getattr(thing, name)
        if not fits(value, wanted):
            return f"{name} must be {_said(wanted)}, not {type(value).__name__}"
    return ""


@cache
def _hints(kind: Hashable) -> dict[str, Any]:
    if not dataclasses.is_dataclass(kind):
        return {}
    try:
        hints = get_type_hints(kind)
    except NameError:  # named for the type checker alone
        return {}
    return {field.name: hints[field.name] for field in dataclasses.fields(kind)}


def fits(value: object, wanted: Any) -> bool:
    """Whether a value is of an annotated type; what cannot be told of at a glance fits."""
    origin, parts = get_origin(wanted), get_args(wanted)
    if wanted is Any:
        return True
    if origin in (Union, types.UnionType):
        return any(fits(value, part) for part in parts)
    if origin is Literal:
        return value in parts
    if origin is Callable or wanted is Callable:
        return callable(value)
    if wanted is None or wanted is type(None):
        return value is None
    kind = origin or wanted
    if not isinstance(kind, type):
        return True
    if kind is int:
        return isinstance(value, int) and not isinstance(value, bool)
    if kind is float:
        return isinstance(value, int | float) and not isinstance(value, bool)
    return isinstance(value, kind) and _parts_fit(value, kind, parts)


def _parts_fit(value: Any, kind: type, parts: tuple[Any, ...]) -> bool:
    if not parts:
        return True
    if issubclass(kind, Mapping):
        return all(fits(one, parts[0]) and fits(value[one], parts[1]) for one in value)
    if issubclass(kind, tuple) and parts[-1] is not Ellipsis:
        return len(value) == len(parts) and all(map(fits, value, parts))
    if issubclass(kind, Sequence | Set):
        return all(fits(one, parts[0]) for one in value)
    return True


def _said(wanted: Any) -> str:
    return wanted.__name__ if isinstance(wanted, type) else str(wanted).replace("typing.", "")
