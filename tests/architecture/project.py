"""The project as the architecture tests read it: its files, and its Python as syntax trees."""

import ast
import os
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from pathspec import GitIgnoreSpec

ROOT = Path(__file__).resolve().parent.parent.parent


@cache
def files() -> tuple[str, ...]:
    """The project's own files, as paths from its root: all that .gitignore does not name."""
    ignored = GitIgnoreSpec.from_lines([".git", *(ROOT / ".gitignore").read_text().splitlines()])
    found = []
    for folder, folders, names in os.walk(ROOT):
        place = Path(folder).relative_to(ROOT)
        folders[:] = [name for name in folders if not ignored.match_file(f"{place / name}/")]
        found += [(place / name).as_posix() for name in names]
    return tuple(sorted(name for name in found if not ignored.match_file(name)))


def python(*folders: str) -> Iterator[tuple[str, ast.Module]]:
    """The Python files below `folders`, with their syntax trees."""
    for name in files():
        if name.endswith(".py") and name.startswith(folders):
            yield name, parsed(name)


@cache
def parsed(name: str) -> ast.Module:
    """The syntax tree of one file."""
    return ast.parse((ROOT / name).read_text("utf-8"), name)


def dotted(node: ast.expr) -> str:
    """An expression such as `datetime.now` as text; empty when it is something else."""
    match node:
        case ast.Name(id=name):
            return name
        case ast.Attribute(value=value, attr=name):
            return f"{dotted(value)}.{name}"
    return ""


def calls(tree: ast.AST) -> Iterator[tuple[int, str]]:
    """Line and dotted name of each call."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            yield node.lineno, dotted(node.func)
