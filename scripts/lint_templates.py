"""Find what must not be in a template, and what a reader would not understand.

    python scripts/lint_templates.py

Pages obey a strict content security policy, so nothing is inline. Every text goes through gettext.
A part, `_name.html`, is one element with an id, so that htmx can put it in its place.
"""

import sys
from pathlib import Path

from template_lint import faults

ROOT = Path(__file__).resolve().parent.parent


def templates() -> list[Path]:
    """The templates of crmlite and of the packs beside it."""
    return sorted([*ROOT.glob("crmlite/**/*.html"), *ROOT.glob("plugins/*/crmlite_*/**/*.html")])


def all_faults() -> list[str]:
    """Every fault, with its place."""
    found = []
    for path in templates():
        name = path.relative_to(ROOT).as_posix()
        for line, sentence in sorted(faults(path.read_text("utf-8"), name)):
            found.append(f"{name}:{line}: {sentence}")
    return found


if __name__ == "__main__":
    for fault in (found := all_faults()):
        print(fault, file=sys.stderr)
    sys.exit(1 if found else 0)
