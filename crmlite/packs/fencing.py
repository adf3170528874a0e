"""What packs declare may contain functions, which crmlite calls where a page or a change needs them.
Each is fenced in: it fails alone, and what it answers in place of nonsense is decided here. The hooks
themselves, such as panels and what is told of a change, are guarded in `crmlite/hooks.py`."""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import wraps
from typing import Any

from crmlite import hooks
from crmlite.extensions import database
from crmlite.health import Finding
from crmlite.packs.manifest import BadPack
from crmlite.shapes import fits
from crmlite.work.operations import is_running

# Hooks of crmlite's own rooms: they run inside changes of data or belong to tables, which packs do
# not have.
FOR_ROOMS = frozenset(
    {
        "register_asked_fields",
        "register_attachables",
        "register_calendar_uses",
        "register_checks",
        "register_commands",
        "register_facts",
        "register_owned_parts",
        "register_pack_parts",
        "register_pack_sections",
        "register_record_types",
        "register_searchables",
        "register_setting_followers",
        "register_shipped_data",
        "register_task_sights",
    }
)


FAILED = object()
ENDINGS = ("commit", "rollback", "close")  # the ways in which a session ends its transaction
BELOW_THE_ROOMS = 8  # the group of the menu in which packs stand


@dataclass(frozen=True, slots=True)
class Fence:
    """What a function of a pack must answer, and what stands in for it where it does not."""

    wanted: Any
    otherwise: Any


@dataclass(frozen=True, slots=True)
class Refusing:
    """A function that no pack may bring: it would run inside the changes of others."""

    reason: str


class PackFailed(RuntimeError):
    """Work of a pack failed."""


FENCES: Mapping[str, Mapping[str, Fence | Refusing]] = {
    "register_guards": {"check": Fence(list[Any] | tuple[Any, ...], ())},
    "register_health_checks": {"look": Fence(Finding, Finding(ok=False))},
    "register_job_kinds": {"run": Fence(Any, PackFailed), "pending": Fence(bool, False)},
    "register_navigation": {
        "count": Fence(int, 0),
        "shown": Fence(bool, False),
        "each": Refusing("a pack declares each of its entries"),
    },
    "register_notification_kinds": {
        "words": Fence(str | None, None),
        "url": Fence(str, ""),
        "ahead": Fence(Any, None),
    },
    "register_settings": {
        "options": Fence(Mapping[str, Any], {}),
        "changed": Refusing("a setting of a pack has nothing that is called when it changes"),
    },
    "register_task_reasons": {
        "words": Fence(str, ""),
        "url": Fence(str, ""),
        "title": Fence(str, ""),
    },
    "register_touch_events": {"days": Fence(Mapping[Any, Any], {})},
    "register_timeline": {
        "entries": Fence(list[Any] | tuple[Any, ...], ()),
        "shown": Fence(bool, False),
    },
}


class NotItsOwn(RuntimeError):
    """A pack wanted to end the transaction of a change that it was asked in."""


@contextmanager
def beside_the_change() -> Iterator[None]:
    """Inside an operation what fails is taken back alone, and nothing ends the transaction: what the
    operation has written stays."""
    if not is_running():
        yield
        return
    session = database.session()
    with session.begin_nested():
        vars(session).update(dict.fromkeys(ENDINGS, _refuse_to_end))
        try:
            yield
        finally:
            for ending in ENDINGS:
                vars(session).pop(ending, None)


def _refuse_to_end(*_given: Any, **_named: Any) -> None:
    raise NotItsOwn("A change is under way, whose transaction is not the pack's to end.")


def fenced(pack: str, answers: Mapping[str, tuple[Any, ...]]) -> dict[str, tuple[Any, ...]]:
    """The declarations of a pack with each function in them fenced. Raises BadPack for a hook that
    is not for packs, and for a function that no pack may bring."""
    if wrong := sorted(FOR_ROOMS & answers.keys()):
        raise BadPack(f"{wrong[0]} is a hook of crmlite's own rooms, not of packs.")
    return {
        hook: tuple(_thing(pack, hook, thing) for thing in things)
        for hook, things in answers.items()
    }


def _thing(pack: str, hook: str, thing: Any) -> Any:
    changes: dict[str, Any] = {}
    if hook == "register_health_checks":
        changes["fatal"] = False  # what fails in a pack makes nothing unready
    if hook == "register_navigation":
        changes["group"] = BELOW_THE_ROOMS
    for name, fence in FENCES.get(hook, {}).items():
        function = getattr(thing, name)
        if not callable(function):
            continue
        if isinstance(fence, Refusing):
            raise BadPack(f"{hook}: {hooks.name_of(thing)}: {fence.reason}.")
        changes[name] = _within(pack, f"{hook} {hooks.name_of(thing)}", function, fence)
    return replace(thing, **changes) if changes else thing


def _within(pack: str, where: str, function: Callable[..., Any], fence: Fence) -> Any:
    """The function behind its fence."""

    @wraps(function)
    def run(*args: Any, **kwargs: Any) -> Any:
        def ask() -> Any:
            with beside_the_change():
                return _checked(function(*args, **kwargs))

        answer = hooks.guarded(pack, where, ask, FAILED)
        if answer is not FAILED:
            return answer
        if isinstance(fence.otherwise, type):
            raise fence.otherwise(f"{where} of the pack {pack} failed")
        return fence.otherwise

    def _checked(answer: Any) -> Any:
        if not fits(answer, fence.wanted):
            raise hooks.WrongAnswer(f"{where} answered a {type(answer).__name__}")
        return hooks.owned_by(pack, answer) if isinstance(answer, list | tuple) else answer

    return run
