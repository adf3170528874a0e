"""Asking and telling: crmlite's own slices and the packs answer through the same hooks.

What packs declare is read once, when they are loaded, and kept; whether it holds is decided anew in
each request by the packs that are on. Each call into a pack stands under a guard: whatever goes
wrong in it is noted against the pack, and everybody else's answers stand.
"""

import importlib
import inspect
import logging
import re
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from typing import Any, Protocol

import pluggy
from flask import Flask, current_app, g, has_request_context

from crmlite import hookspecs
from crmlite.extensions import database
from crmlite.shapes import misshapen

log = logging.getLogger(__name__)
KEY = "crmlite.hooks"
REGISTRY = f"{KEY}.registry"
OWN = ""  # who owns what crmlite itself declares

BUILTIN = (
    "crmlite.settings.plugin",
    "crmlite.accounts.plugin",
    "crmlite.history.plugin",
    "crmlite.jobs.plugin",
    "crmlite.fields.plugin",
    "crmlite.search.plugin",
    "crmlite.calendars.plugin",
    "crmlite.notifications.plugin",
    "crmlite.files.plugin",
    "crmlite.saved_views.plugin",
    "crmlite.packs.plugin",
    "crmlite.customers.plugin",
    "crmlite.segments.plugin",
    "crmlite.followups.plugin",
    "crmlite.sales.plugin",
    "crmlite.cases.plugin",
    "crmlite.objects.plugin",
    "crmlite.strategies.plugin",
    "crmlite.dormancy.plugin",
    "crmlite.tiers.plugin",
    "crmlite.handover.plugin",
    "crmlite.metrics.plugin",
    "crmlite.exports.plugin",
    "crmlite.imports.plugin",
    "crmlite.dashboard.plugin",
    "crmlite.agenda.plugin",
    "crmlite.calls.plugin",
    "crmlite.backups.plugin",
    "crmlite.help.plugin",
    "crmlite.setup.plugin",
)
SLOW_SECONDS = 2.0
FAILED = object()
HOMES = ("crmlite", "flask", "click")  # the packages whose classes hooks ask for
ANSWER = re.compile(r"list\[(?:\w+\.)?(\w+)\]")


class NameTaken(RuntimeError):
    """Two registered things have one name; the message gives the name and both owners."""


class WrongAnswer(TypeError):
    """A hook was answered with something else than it asks for."""


class Slow(RuntimeError):
    """A pack took longer to answer than anybody waits for a page."""


class Host(Protocol):
    """Who knows which packs are on, and takes note of what goes wrong in one."""

    def enabled(self) -> tuple[str, ...]:
        """The packs that are on, in their order."""

    def title(self, pack: str) -> str | Mapping[str, str]:
        """What people call a pack, be it on, off or gone."""

    def failed(self, pack: str, where: str, error: BaseException) -> None:
        """Something went wrong in a pack, while it was asked `where`."""


class NoPacks:
    """The host of an application without packs."""

    def enabled(self) -> tuple[str, ...]:
        """None."""
        return ()

    def title(self, pack: str) -> str | Mapping[str, str]:
        """Its name."""
        return pack

    def failed(self, pack: str, where: str, error: BaseException) -> None:
        """Nothing is noted: there is no pack."""


class Registry:
    """What an application knows of its packs, and what slices and packs have declared."""

    def __init__(self) -> None:
        self.host: Host = NoPacks()
        self.declared: dict[str, dict[str, tuple[Any, ...]]] = {}  # of packs, by hook
        self.known: dict[Any, Any] = {}

    def forget(self) -> None:
        """Ask anew what is declared."""
        self.known.clear()


def load(app: Flask, builtin: Sequence[str] = BUILTIN) -> pluggy.PluginManager:
    """Give an application its own manager with the built-in slices.

    Raises what pluggy raises for an implementation of a hook that does not exist.
    """
    manager = pluggy.PluginManager("crmlite")
    manager.add_hookspecs(hookspecs)
    for name in reversed(builtin):  # pluggy asks the last registered first
        manager.register(importlib.import_module(name), name)
    manager.check_pending()
    app.extensions[KEY] = manager
    app.extensions[REGISTRY] = Registry()
    return manager


def registry() -> Registry:
    """What the running application knows of its packs, and what was declared."""
    found: Registry = current_app.extensions[REGISTRY]
    return found


def manager() -> pluggy.PluginManager:
    """The manager of the running application."""
    found: pluggy.PluginManager = current_app.extensions[KEY]
    return found


def enabled() -> tuple[str, ...]:
    """The packs that are on in this request, in their order."""
    return registry().host.enabled()


def title(pack: str) -> str | Mapping[str, str]:
    """What people call a pack, be it on, off or gone."""
    return registry().host.title(pack)


def gathered(hook: str) -> tuple[Any, ...]:
    """All answers to a `register_*` hook: crmlite's, then those of the packs that are on.

    Raises NameTaken when two of them carry the same name.
    """
    known = registry().known
    key = (hook, enabled())
    if key not in known:
        owned = [(OWN, thing) for thing in declared(hook)]
        owned += [(pack, thing) for pack in enabled() for thing in declared(hook, pack)]
        refuse_twins(hook, owned)
        known[key] = tuple(thing for _owner, thing in owned)
    answers: tuple[Any, ...] = known[key]
    return answers


def by_name(hook: str, attribute: str = "name") -> Mapping[str, Any]:
    """The same by their names."""
    known = registry().known
    key = (hook, enabled(), attribute)
    if key not in known:
        known[key] = {getattr(thing, attribute): thing for thing in gathered(hook)}
    things: Mapping[str, Any] = known[key]
    return things


def declared(hook: str, owner: str = OWN) -> tuple[Any, ...]:
    """What one pack, be it on or off, or crmlite itself answers to a `register_*` hook."""
    if owner != OWN:
        return registry().declared.get(owner, {}).get(hook, ())
    known = registry().known
    if hook not in known:
        known[hook] = _of_crmlite(hook)
    answers: tuple[Any, ...] = known[hook]
    return answers


def installed() -> tuple[str, ...]:
    """The packs whose declarations were read, be they on or off."""
    return tuple(registry().declared)


def _of_crmlite(hook: str) -> tuple[Any, ...]:
    owned = [
        (implementation.plugin_name, thing)
        for implementation in _implementations(hook)
        if implementation.plugin_name not in registry().declared
        for thing in _called(implementation, {}) or ()
    ]
    refuse_twins(hook, owned)
    return tuple(thing for _owner, thing in owned)


def refuse_twins(hook: str, owned: Sequence[tuple[str, Any]]) -> None:
    """Raise NameTaken where two things that a hook was answered have one name."""
    owners: dict[str, str] = {}
    for owner, thing in owned:
        name = name_of(thing)
        if name is None:
            continue
        if name in owners:
            raise NameTaken(
                f"{hook}: {name} of {owner or 'crmlite'} exists in {owners[name] or 'crmlite'}"
            )
        owners[name] = owner


def name_of(thing: Any) -> str | None:
    """What a declared thing is known by; None for one that needs no name of its own."""
    name = getattr(thing, "name", None) or getattr(thing, "key", None)
    return name if isinstance(name, str) else None


def register_pack(name: str, plugin: object, answers: Mapping[str, tuple[Any, ...]]) -> None:
    """Take in a pack that was found to be in order, with what it declares."""
    found = registry()
    found.declared[name] = dict(answers)
    if plugin is not None:
        manager().register(plugin, name)
    found.forget()


def answers_of(plugin: object) -> dict[str, tuple[Any, ...]]:
    """What a pack's module answers to the `register_*` hooks that it has. Raises whatever it
    raises, WrongAnswer for what is no list of what the hook asks for, and what pluggy raises for
    hooks that do not exist."""
    trial = pluggy.PluginManager("crmlite")
    trial.add_hookspecs(hookspecs)
    trial.register(plugin)
    trial.check_pending()
    answers = {}
    for hook, caller in vars(trial.hook).items():
        if hook.startswith("register_") and caller.get_hookimpls():
            given = caller.get_hookimpls()[0].function()
            answers[hook] = tuple(checked(hook, given))
    return answers


def checked(hook: str, given: Any) -> list[Any]:
    """An answer, if it is a list of what the hook asks for. Raises WrongAnswer."""
    if given is None:
        return []
    wanted = answer_to(hook)
    if not isinstance(given, (list, tuple)):
        raise WrongAnswer(f"{hook} asks for a list of {wanted}, not {type(given).__name__}")
    for thing in given:
        if not any(_is_called(kind, wanted) for kind in type(thing).__mro__):
            kind = type(thing)
            raise WrongAnswer(
                f"{hook} asks for a list of {wanted}, not of {kind.__name__} of {kind.__module__}"
            )
        if wrong := misshapen(thing):
            raise WrongAnswer(f"{hook}: of a {wanted}, {wrong}")
    return list(given)


def _is_called(kind: type, wanted: str) -> bool:
    """Whether it is the class that a hook names: others have a Field, too."""
    return kind.__name__ == wanted and kind.__module__.partition(".")[0] in HOMES


def answer_to(hook: str) -> str:
    """The name of the class of which a hook asks for a list."""
    told = inspect.get_annotations(getattr(hookspecs, hook))["return"]
    found = ANSWER.search(str(told))
    return found[1] if found else "None"


def asked(hook: str, **facts: Any) -> list[Any]:
    """The answers to a `*_panels` hook, joined; one that fails is left out."""
    joined: list[Any] = []
    for implementation in _implementations(hook):
        owner = implementation.plugin_name
        if owner in registry().declared:
            answering = _answering(implementation, hook, facts)
            joined += _unlike(joined, owned_by(owner, guarded(owner, hook, answering, ())))
            continue
        try:
            joined += _called(implementation, facts) or ()
        except Exception:
            log.exception("hook %s of %s failed", hook, owner)
    return joined


def _unlike(own: Sequence[Any], parts: Sequence[Any]) -> list[Any]:
    """The parts of a pack but those that are called as one of crmlite's, which would stand for it."""
    taken = {name_of(one) for one in own if not getattr(one, "pack", "")} - {None}
    return [one for one in parts if name_of(one) not in taken]


def _answering(
    implementation: pluggy.HookImpl, hook: str, facts: Mapping[str, Any]
) -> Callable[[], list[Any]]:
    return lambda: checked(hook, _called(implementation, facts))


def owned_by(pack: str, parts: Sequence[Any]) -> list[Any]:
    """Parts of a page that know which pack they are of, so that they are drawn under its guard."""
    return [replace(part, pack=pack) if hasattr(part, "pack") else part for part in parts]


def guarded(pack: str, where: str, work: Callable[[], Any], otherwise: Any = None) -> Any:
    """What a pack answers; `otherwise` where it fails, which is noted against it.

    Whatever it raises stays here, but for what a person at the keyboard stops. What it left of a broken
    transaction is rolled back, so that the page goes on.
    """
    host, began = registry().host, time.monotonic()
    try:
        answer = work()
    except KeyboardInterrupt:
        raise
    except BaseException as error:  # also what is made to end the process
        _mend()
        host.failed(pack, where, error)
        log.exception("%s of pack %s failed", where, pack)
        return otherwise
    took = time.monotonic() - began
    if took > SLOW_SECONDS:
        host.failed(pack, where, Slow(f"It took {took:.1f} s to answer."))
    if _is_broken():
        _mend()
        host.failed(pack, where, RuntimeError("It left a broken transaction."))
    return answer


def _is_broken() -> bool:
    """Whether the transaction of this request can only be rolled back; of PostgreSQL."""
    session = database.session
    if not session().in_transaction() or database.engine.dialect.name != "postgresql":
        return False
    connection = session.connection().connection.driver_connection
    return str(connection.info.transaction_status.name) == "INERROR"  # type: ignore[union-attr]


def _mend() -> None:
    if _is_broken():
        database.session.rollback()


def tell(event: str, **facts: Any) -> None:
    """Tell everyone of something that was committed.

    One that fails is logged, and whoever waits for the page learns of it; the others go on.
    """
    if not hasattr(manager().hook, event):
        return
    for implementation in _implementations(event):
        owner = implementation.plugin_name
        if owner in registry().declared:
            if guarded(owner, event, partial(_called, implementation, facts), FAILED) is FAILED:
                _say_failed()
            continue
        try:
            _called(implementation, facts)
        except Exception:
            log.exception("hook %s of %s failed", event, owner)
            _say_failed()


def _say_failed() -> None:
    if has_request_context():
        g.crmlite_hook_failed = True


def any_failed() -> bool:
    """Whether somebody who was told of a change in this request failed."""
    return has_request_context() and g.get("crmlite_hook_failed", False)


def _implementations(hook: str) -> list[pluggy.HookImpl]:
    """Who answers a hook: crmlite's slices in their order, then the packs that are on in theirs."""
    found = list(reversed(getattr(manager().hook, hook).get_hookimpls()))
    packs = registry().declared
    if not packs:
        return found
    own = [one for one in found if one.plugin_name not in packs]
    theirs = {one.plugin_name: one for one in found}
    return [*own, *(theirs[pack] for pack in enabled() if pack in theirs)]


def _called(implementation: pluggy.HookImpl, facts: Mapping[str, Any]) -> Any:
    """The answer of one implementation, given of the facts what it takes."""
    wanted = {name: facts[name] for name in implementation.argnames}
    return implementation.function(**wanted)
