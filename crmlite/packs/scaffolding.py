"""Beginning a pack: a folder with one that works, to be changed into the one that is meant."""

from importlib import resources
from importlib.resources.abc import Traversable
from pathlib import Path
from string import Template

from crmlite import __version__
from crmlite.packs.manifest import NAME, TAKEN, BadPack
from crmlite.packs.trying import refuse_room

ENDING = ".template"


class AlreadyThere(Exception):
    """The folder of the pack exists; nothing was written."""


def make_pack(name: str, into: Path) -> Path:
    """Write a new pack into `into/<name>`; answers that folder. Raises BadPack for a name that no pack
    can have, and AlreadyThere."""
    if not NAME.fullmatch(name) or name in TAKEN:
        raise BadPack(
            f"A pack is called like 'retail', in up to 24 small letters and digits: {name!r}"
        )
    refuse_room(name)
    folder = into / name
    if folder.exists():
        raise AlreadyThere(f"{folder} is there already; nothing was written.")
    words = {
        "name": name,
        "title": name.title(),
        "version": __version__,
        "next": ".".join([__version__.split(".")[0], str(int(__version__.split(".")[1]) + 1)]),
    }
    for path, template in _templates(resources.files(__package__).joinpath("scaffold")):
        place = folder / _placed(path, name)
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(Template(template).safe_substitute(words), "utf-8")
    return folder


def _templates(folder: Traversable, above: str = "") -> list[tuple[str, str]]:
    """The files of the scaffold: where each goes, and what is in it."""
    found = []
    for one in sorted(folder.iterdir(), key=lambda one: one.name):
        if one.is_dir():
            found += _templates(one, f"{above}{one.name}/")
        elif one.name.endswith(ENDING):
            found.append((above + one.name.removesuffix(ENDING), one.read_text("utf-8")))
    return found


def _placed(path: str, name: str) -> str:
    """Where a file of the scaffold goes: folders are called as the pack is."""
    renamed = {"package": f"crmlite_{name}", "pack": name}
    return "/".join(renamed.get(part, part) for part in path.split("/"))
