"""Which templates a template may use: its own room's, and those that all rooms share."""

import re
from collections.abc import Iterator
from pathlib import PurePosixPath

USES = re.compile(r"""\{%-?\s*(?:include|extends|import|from)\s+["']([^"']+)["']""")


def wrong_neighbours(source: str, path: str) -> Iterator[tuple[int, str]]:
    """Line and sentence for each use of another room's template."""
    room = room_of(path)
    for match in USES.finditer(source):
        first, _, rest = match[1].partition("/")
        if rest and first not in {"ui", "frame", "errors", room}:
            line = source.count("\n", 0, match.start()) + 1
            yield line, f"{match[1]} belongs to another room: let that room contribute a panel"


def room_of(path: str) -> str:
    """The slice or pack that a template belongs to: the folder inside `templates`."""
    parts = PurePosixPath(path).parts
    after = parts[parts.index("templates") + 1 :] if "templates" in parts else parts
    return after[0] if len(after) > 1 else ""
