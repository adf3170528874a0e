"""Asking and telling: crmlite's own slices and the packs answer through the same hooks."""

import importlib
import logging
from collections.abc import Sequence
from typing import Any

import pluggy
from flask import Flask, current_app, g, has_request_context

from crmlite import hookspecs

log = logging.getLogger(__name__)
KEY = "crmlite.hooks"

BUILTIN = (
    "crmlite.settings.plugin",
    "crmlite.accounts.plugin",
    "crmlite.history.plugin",
    "crmlite.jobs.plugin",
    "crmlite.search.plugin",
    "crmlite.calendars.plugin",
    "crmlite.notifications.plugin",
    "crmlite.files.plugin",
    "crmlite.saved_views.plugin",
    "crmlite.customers.plugin",
    "crmlite.followups.plugin",
    "crmlite.sales.plugin",
    "crmlite.cases.plugin",
    "crmlite.exports.plugin",
    "crmlite.imports.plugin",
    "crmlite.dashboard.plugin",
    "crmlite.backups.plugin",
    "crmlite.setup.plugin",
)


class NameTaken(RuntimeError):
    """Two registered things have one name; the message gives the name and both owners."""


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
    return manager


def manager() -> pluggy.PluginManager:
    """The manager of the running application."""
    found: pluggy.PluginManager = current_app.extensions[KEY]
    return found


def gathered(hook: str) -> tuple[Any, ...]:
    """All answers to a `register_*` hook, joined in the order of BUILTIN; asked once per app.

    Raises NameTaken when two of them carry the same name.
    """
    known: dict[str, tuple[Any, ...]] = current_app.extensions.setdefault(f"{KEY}.gathered", {})
    if hook not in known:
        known[hook] = _joined(hook)
    return known[hook]


def _joined(hook: str) -> tuple[Any, ...]:
    joined: list[Any] = []
    owners: dict[str, str] = {}
    for implementation in _implementations(hook):
        owner = implementation.plugin_name
        for thing in _answers(implementation.function()):
            name = getattr(thing, "name", None) or getattr(thing, "key", None)
            if isinstance(name, str):
                if name in owners:
                    raise NameTaken(f"{hook}: {name} of {owner} exists in {owners[name]}")
                owners[name] = owner
            joined.append(thing)
    return tuple(joined)


def asked(hook: str, **facts: Any) -> list[Any]:
    """The answers to a `*_panels` hook, joined; one that fails is logged and left out."""
    joined: list[Any] = []
    for implementation in _implementations(hook):
        try:
            joined += _answers(implementation.function(**_wanted(implementation, facts)))
        except Exception:
            log.exception("hook %s of %s failed", hook, implementation.plugin_name)
    return joined


def tell(event: str, **facts: Any) -> None:
    """Tell everyone of something that was committed.

    One that fails is logged, and whoever waits for the page learns of it; the others go on.
    """
    if not hasattr(manager().hook, event):
        return
    for implementation in _implementations(event):
        try:
            implementation.function(**_wanted(implementation, facts))
        except Exception:
            log.exception("hook %s of %s failed", event, implementation.plugin_name)
            if has_request_context():
                g.crmlite_hook_failed = True


def any_failed() -> bool:
    """Whether somebody who was told of a change in this request failed."""
    return has_request_context() and g.get("crmlite_hook_failed", False)


def _answers(given: Any) -> list[Any]:
    return list(given or ())


def _implementations(hook: str) -> list[pluggy.HookImpl]:
    return list(reversed(getattr(manager().hook, hook).get_hookimpls()))


def _wanted(implementation: pluggy.HookImpl, facts: dict[str, Any]) -> dict[str, Any]:
    return {name: facts[name] for name in implementation.argnames}
