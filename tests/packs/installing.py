"""Packs as they are on a machine: real packages in a folder that Python finds, with entry points."""

import shutil
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

MANIFEST = """
[pack]
title = ["{title}", "{title}"]
description = ["For trying things out", "用于测试"]
"""


def install(
    folder: Path, name: str, files: Mapping[str, str] = {}, *, version: str = "1.0"
) -> None:
    """Put a pack into a folder: `files` by their paths within its package, over a pack without
    anything."""
    package = f"pack_of_{name}"
    given = {"__init__.py": "", "pack.toml": MANIFEST.format(title=name.title()), **files}
    for path, text in given.items():
        place = folder / package / path
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text(text, "utf-8")
    module = f"{package}.plugin" if "plugin.py" in given else package
    remove_metadata(folder, name)
    describe(folder, name, package, module, version=version)


def describe(folder: Path, name: str, package: str, module: str, *, version: str = "1.0") -> None:
    """Say, as pip does, that a package is installed and brings a pack."""
    about = folder / f"{package}-{version}.dist-info"
    about.mkdir()
    (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n")
    (about / "entry_points.txt").write_text(f"[crmlite.packs]\n{name} = {module}\n")


def remove(folder: Path, name: str) -> None:
    """Take a pack away again."""
    shutil.rmtree(folder / f"pack_of_{name}")
    remove_metadata(folder, name)


def remove_metadata(folder: Path, name: str) -> None:
    """Take away what says that a pack is installed."""
    for about in folder.glob(f"pack_of_{name}-*.dist-info"):
        shutil.rmtree(about)


@contextmanager
def found_in(folder: Path) -> Iterator[Path]:
    """Have Python find what is installed in a folder, and forget it again."""
    sys.path.insert(0, str(folder))
    try:
        yield folder
    finally:
        sys.path.remove(str(folder))
        forget()


def forget() -> None:
    """Have packs imported anew, as another process would."""
    for name in [name for name in sys.modules if name.startswith("pack_of_")]:
        del sys.modules[name]
