"""What a pack says of itself: `[pack]` in its `pack.toml`."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from packaging.specifiers import InvalidSpecifier, SpecifierSet

from crmlite import __version__
from crmlite.declarations import of_kind, only, words
from crmlite.rules.fields import BadDeclaration
from crmlite.rules.wording import Label

NAME = re.compile(r"[a-z][a-z0-9]{1,23}")
TAKEN = frozenset({"core", "crmlite", "custom"})
ICON = re.compile(r"[a-z][a-z0-9-]*")
KEYS = ("title", "description", "icon", "requires", "author", "homepage")


class BadPack(Exception):
    """A pack cannot be used; the message says why, to who wrote it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Manifest:
    """A pack's name, what people call it, and for which versions of crmlite it is made."""

    name: str
    version: str
    title: Label
    description: Label
    icon: str = "package"
    requires: str = ""
    author: str = ""
    homepage: str = ""


def read_manifest(name: str, version: str, raw: Any) -> Manifest:
    """The manifest of a pack. Raises BadPack."""
    if not NAME.fullmatch(name) or name in TAKEN:
        raise BadPack(
            f"A pack is called like 'retail', in up to 24 small letters and digits: {name!r}"
        )
    try:
        table: Mapping[str, Any] = only(raw, KEYS, "[pack]")
        texts = {
            key: of_kind(table, key, str, default, "[pack]")
            for key, default in (
                ("icon", "package"),
                ("requires", ""),
                ("author", ""),
                ("homepage", ""),
            )
        }
        manifest = Manifest(
            name=name,
            version=version,
            title=words(table.get("title"), "[pack] title"),
            description=words(table.get("description"), "[pack] description"),
            **texts,
        )
    except BadDeclaration as bad:
        raise BadPack(str(bad)) from None
    if not ICON.fullmatch(manifest.icon):
        raise BadPack(f"[pack] icon: {manifest.icon!r} names no icon")
    _wanted(manifest)
    return manifest


def fits(manifest: Manifest) -> bool:
    """Whether a pack is made for this version of crmlite."""
    return _wanted(manifest).contains(__version__, prereleases=True)


def _wanted(manifest: Manifest) -> SpecifierSet:
    try:
        return SpecifierSet(manifest.requires)
    except InvalidSpecifier:
        told = f"[pack] requires: {manifest.requires!r} is not like '>=0.1,<0.2'"
        raise BadPack(told) from None
