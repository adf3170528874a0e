"""Finding the packs that are installed, and reading them without letting any of them do harm."""

import importlib
import logging
import time
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import metadata, resources
from importlib.resources.abc import Traversable
from types import ModuleType
from typing import Any

from flask import Flask

from crmlite import hooks
from crmlite.config import Config
from crmlite.declarations import Section
from crmlite.packs.fencing import fenced
from crmlite.packs.manifest import BadPack, Manifest, fits, read_manifest
from crmlite.packs.telling import told
from crmlite.packs.trying import try_out
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.text import unstorable

log = logging.getLogger(__name__)
GROUP = "crmlite.packs"
KEY = "crmlite.packs"
FILE = "pack.toml"
SLOW_SECONDS = 5.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A pack that is installed. `fault` says why it cannot be used, to who wrote it; a pack that is in
    order has none. An `incompatible` one is made for another version of crmlite."""

    name: str
    version: str
    manifest: Manifest | None = None
    module: ModuleType | None = None
    answers: Mapping[str, tuple[Any, ...]] = field(default_factory=dict)
    fault: str = ""
    incompatible: bool = False
    folder: Traversable | None = None

    @property
    def sound(self) -> bool:
        """Whether it can be switched on."""
        return not (self.fault or self.incompatible)


def load_packs(app: Flask) -> None:
    """Read all packs that are installed and make those known that are in order.

    Nothing that a pack does here stops crmlite: whatever is wrong with one is kept as its fault.
    """
    config: Config = app.extensions["crmlite.config"]
    with app.app_context():
        found = [_read(point) for point in entry_points()] if config.packs else []
        app.extensions[KEY] = {pack.name: pack for pack in _without_twins(found)}
        for pack in known(app).values():
            if pack.sound:
                hooks.register_pack(pack.name, pack.module, pack.answers)


def known(app: Flask) -> Mapping[str, Found]:
    """The packs that are installed, by name, in the order of their names."""
    packs: Mapping[str, Found] = app.extensions[KEY]
    return packs


def entry_points() -> Iterable[metadata.EntryPoint]:
    """Where packs say that they are."""
    return sorted(metadata.entry_points(group=GROUP), key=lambda point: (point.name, point.value))


def _without_twins(packs: Iterable[Found]) -> Iterable[Found]:
    by_name: dict[str, Found] = {}
    for pack in packs:
        fault = f"Two installed packages bring a pack called {pack.name!r}."
        twin = Found(name=pack.name, version=pack.version, fault=fault)
        by_name[pack.name] = twin if pack.name in by_name else pack
    return by_name.values()


def _read(point: metadata.EntryPoint) -> Found:
    """One pack, with whatever is wrong with it."""
    version = point.dist.version if point.dist is not None else ""
    began = time.monotonic()
    try:
        return read_pack(point.name, point.value, version)
    except BadPack as wrong:
        log.warning("pack %s cannot be used: %s", point.name, wrong)
        return Found(name=point.name, version=version, fault=str(wrong))
    except KeyboardInterrupt:
        raise
    except BaseException as wrong:  # also what is made to end the process
        log.exception("pack %s cannot be loaded", point.name)
        return Found(name=point.name, version=version, fault=told(wrong))
    finally:
        if time.monotonic() - began > SLOW_SECONDS:
            log.warning("pack %s took %.1f s to load", point.name, time.monotonic() - began)


def read_pack(name: str, module_name: str, version: str) -> Found:
    """A pack by the module that its entry point names. Raises BadPack, and whatever its code does."""
    package = module_name.partition(":")[0].rpartition(".plugin")[0] or module_name
    raw, folder = _file(package)
    manifest = read_manifest(name, version, raw.pop("pack", None))
    if not fits(manifest):
        return Found(name=name, version=version, manifest=manifest, incompatible=True)
    module = importlib.import_module(module_name)
    in_code = hooks.answers_of(module)
    answers = joined(_declared(name, raw, in_code), in_code)
    try_out(name, module, answers)
    return Found(
        name=name,
        version=version,
        manifest=manifest,
        module=module,
        answers=fenced(name, answers),
        folder=folder,
    )


def _file(package: str) -> tuple[dict[str, Any], Traversable]:
    """What a package's `pack.toml` says, and where its files are. The package itself is imported,
    its module with the hooks is not."""
    folder = resources.files(package)
    try:
        raw = tomllib.loads(folder.joinpath(FILE).read_text("utf-8"))
    except FileNotFoundError:
        raise BadPack(f"{package} has no {FILE}.") from None
    except (UnicodeDecodeError, tomllib.TOMLDecodeError) as wrong:
        raise BadPack(f"{FILE} of {package} cannot be read: {wrong}") from None
    for text in filter(unstorable, _texts(raw)):
        raise BadPack(f"{FILE}: {text!r} holds signs that cannot be written down.")
    return raw, folder


def _texts(raw: Any) -> Iterator[str]:
    """All that stands in a file, keys and values."""
    match raw:
        case str():
            yield raw
        case list():
            for one in raw:
                yield from _texts(one)
        case dict():
            yield from raw
            yield from _texts(list(raw.values()))


def _declared(
    pack: str, raw: Mapping[str, Any], in_code: Mapping[str, tuple[Any, ...]]
) -> dict[str, tuple[Any, ...]]:
    """What the tables of the file declare, by hook. They may speak of what the pack's code declares."""
    sections: dict[str, Section] = {one.name: one for one in sections_known()}
    if unknown := sorted(set(raw) - set(sections)):
        there = ", ".join(sorted(sections))
        raise BadPack(f"{FILE}: [{unknown[0]}] is unknown; there are {there}")
    answers: dict[str, tuple[Any, ...]] = {}
    for section in sorted(sections.values(), key=lambda one: one.weight):
        if section.name not in raw:
            continue
        table = raw[section.name]
        if not isinstance(table, Mapping):
            raise BadPack(f"{FILE}: [{section.name}] must be a table, not {table!r}")
        try:
            made = section.read(pack, table, joined(answers, in_code))
        except BadDeclaration as wrong:
            raise BadPack(f"{FILE}: {wrong}") from None
        answers = joined(answers, made)
    return answers


def joined(
    answers: Mapping[str, tuple[Any, ...]], more: Mapping[str, Sequence[Any]]
) -> dict[str, tuple[Any, ...]]:
    """Declarations by hook, and more of them."""
    return {hook: (*answers.get(hook, ()), *more.get(hook, ())) for hook in {**answers, **more}}


def sections_known() -> tuple[Section, ...]:
    """The tables that slices read."""
    return hooks.declared("register_pack_sections")
