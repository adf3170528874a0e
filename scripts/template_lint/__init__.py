"""What must not be in a template, and what a reader would not understand."""

from collections.abc import Iterator
from pathlib import PurePosixPath

from template_lint.markup import pieces
from template_lint.neighbours import wrong_neighbours
from template_lint.roots import root_faults
from template_lint.safety import unsafe
from template_lint.words import untranslated

Fault = tuple[int, str]


def faults(source: str, path: str) -> Iterator[Fault]:
    """Line and sentence for each thing wrong in a template, `path` being its place in the project.

    Files whose name begins with `_` are parts.
    """
    found = pieces(source)
    yield from unsafe(source, found)
    yield from untranslated(source, found)
    yield from wrong_neighbours(source, path)
    if PurePosixPath(path).name.startswith("_"):
        yield from root_faults(found)
