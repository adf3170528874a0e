"""A pack is tried on an application of its own before it is let into the real one."""

import re
from collections.abc import Iterable, Mapping
from types import ModuleType
from typing import Any

from flask import Blueprint, Flask

from crmlite import hooks
from crmlite.access.gate import Undeclared, check_declared
from crmlite.access.permissions import UnknownPermission
from crmlite.packs.manifest import BadPack
from crmlite.packs.telling import told
from crmlite.rules.fields import BadDeclaration

# What an application is asked in every request, which a blueprint can add to for all pages.
EVERYWHERE = (
    "before_request_funcs",
    "after_request_funcs",
    "teardown_request_funcs",
    "template_context_processors",
    "url_value_preprocessors",
    "url_default_functions",
)
IN_TEMPLATES = ("filters", "globals", "tests")


def try_out(pack: str, module: ModuleType, answers: Mapping[str, tuple[Any, ...]]) -> None:
    """Put a pack into an application that has nothing but crmlite's declarations.

    Raises BadPack for a name that is not the pack's own, one that crmlite has already, what a room
    cannot take, a page that does not say who may see it, or something that would reach into the pages
    of others.
    """
    for hook, things in answers.items():
        for thing in things:
            _own_name(pack, hook, thing)
    scratch = Flask("scratch")
    hooks.load(scratch)
    with scratch.app_context():
        hooks.register_pack(pack, module, answers)
        hooks.registry().host = Alone(pack)
        for hook in answers:
            try:
                hooks.gathered(hook)
            except hooks.NameTaken as taken:
                raise BadPack(f"{taken}.") from None
        _ask_rooms(pack, answers)
        refuse_room(pack, [one.name for one in hooks.declared("register_blueprints")])
        _try_pages(scratch, pack, answers.get("register_blueprints", ()))


def _ask_rooms(pack: str, answers: Mapping[str, tuple[Any, ...]]) -> None:
    """Have each room look at what is declared for it."""
    for part in hooks.declared("register_pack_parts"):
        if part.refuse is None:
            continue
        try:
            part.refuse(pack, answers)
        except BadDeclaration as wrong:
            raise BadPack(str(wrong)) from None


class Alone:
    """The host of the application in which a pack is tried: it is on."""

    def __init__(self, pack: str) -> None:
        self.pack = pack

    def enabled(self) -> tuple[str, ...]:
        """That pack."""
        return (self.pack,)

    def title(self, pack: str) -> str:
        """Its name."""
        return pack

    def failed(self, pack: str, where: str, error: BaseException) -> None:
        """What goes wrong here is a fault of the pack."""
        raise BadPack(f"{where}: {told(error)}") from error


def _own_name(pack: str, hook: str, thing: Any) -> None:
    name = hooks.name_of(thing)
    if name is None or re.search(rf"(^|[^a-z0-9]){pack}($|[^a-z0-9])", name):
        return
    raise BadPack(f"{hook}: {name!r} must have the pack's name in it, as {pack}__{name}.")


def refuse_room(pack: str, pages: Iterable[str] = ()) -> None:
    """Raise BadPack for a pack that is called as a room of crmlite is, or as one of its blueprints,
    whose pages would be taken for the pack's."""
    rooms = [*(module.split(".")[1] for module in hooks.BUILTIN), *pages]
    if room := next((one for one in rooms if pack_of_page(one, [pack])), None):
        raise BadPack(f"A pack cannot be called {pack!r}: crmlite has {room!r} itself.")


def _try_pages(scratch: Flask, pack: str, blueprints: Iterable[Blueprint]) -> None:
    scratch.view_functions.pop("static", None)
    before = _everywhere(scratch)
    for blueprint in blueprints:
        mount(scratch, pack, blueprint)
    is_inside = all(
        rule.rule.startswith(f"/x/{pack}/") and pack_of_page(rule.endpoint, [pack])
        for rule in scratch.url_map.iter_rules()
        if rule.endpoint != "static"
    )
    if _everywhere(scratch) != before or not is_inside:
        raise BadPack("A blueprint of a pack may not do anything in the pages of others.")
    try:
        check_declared(scratch)
    except (Undeclared, UnknownPermission) as wrong:
        raise BadPack(f"Pages: {wrong}.") from None


def _everywhere(app: Flask) -> dict[str, Any]:
    """How many functions run in all requests, and what all templates and views can reach."""
    found = {name: len(getattr(app, name).get(None, ())) for name in EVERYWHERE}
    handlers = app.error_handler_spec[None].values()
    reached = {name: dict(getattr(app.jinja_env, name)) for name in IN_TEMPLATES}
    told = {"error_handler_spec": sum(len(one) for one in handlers), "config": dict(app.config)}
    return {**found, **reached, **told}


def mount(app: Flask, pack: str, blueprint: Blueprint) -> None:
    """Put pages of a pack in their place: below `/x/<pack>`. Raises BadPack for a blueprint that is
    not called as the pack is."""
    if blueprint.name != pack and not blueprint.name.startswith(f"{pack}_"):
        raise BadPack(f"A blueprint of {pack} is called {pack!r} or '{pack}_…'.")
    app.register_blueprint(blueprint, url_prefix=f"/x/{pack}{blueprint.url_prefix or ''}")


def pack_of_page(endpoint: str | None, packs: Iterable[str]) -> str | None:
    """The pack whose page an endpoint is; None for one of crmlite's."""
    room = (endpoint or "").partition(".")[0]
    return next((one for one in packs if room == one or room.startswith(f"{one}_")), None)
