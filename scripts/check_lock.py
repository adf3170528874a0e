"""See that what is installed is what is locked, and what is locked is what crmlite asks for.

    python scripts/check_lock.py

Works without a network. Looks at `pyproject.toml`, at `requirements.lock`, at the running Python's
installed packages, and at what crmlite's code imports.
"""

import ast
import re
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import PackageNotFoundError, packages_distributions, version
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
# A pin with its marker, up to the next one; then the hashes below it.
PIN = re.compile(
    r"^(?P<pin>[A-Za-z0-9][^\n]*?==[^\n]*?) *\\?\n(?P<below>(?:[ ]+[^\n]*\n)*)", re.MULTILINE
)
ADDRESS = re.compile(r"^ *-|https?://|file:|(?:^|\s)/|#egg|@ ", re.MULTILINE)


def asked() -> tuple[list[Requirement], list[Requirement]]:
    """What crmlite can use when it runs, and what building and testing it needs besides."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    extras = project["project"]["optional-dependencies"].values()
    running = [*project["project"]["dependencies"], *(line for extra in extras for line in extra)]
    working = [*project["dependency-groups"]["dev"], *project["build-system"]["requires"]]
    return [Requirement(line) for line in running], [Requirement(line) for line in working]


def pins(lock: str) -> dict[str, tuple[Requirement, int]]:
    """The pinned packages by name, each with the number of its hashes."""
    found = {}
    for match in PIN.finditer(lock):
        requirement = Requirement(match["pin"])
        found[canonicalize_name(requirement.name)] = (requirement, match["below"].count("--hash="))
    return found


def pinned_version(requirement: Requirement) -> str:
    """The version that a pin names."""
    return next(iter(requirement.specifier)).version


def lock_faults(lock: str) -> Iterator[str]:
    """What in the lock does not fit pyproject.toml, or has no business there."""
    known = pins(lock)
    running, working = asked()
    for requirement in [*running, *working]:
        pin = known.get(canonicalize_name(requirement.name))
        if pin is None:
            yield f"{requirement} is not locked"
        elif pinned_version(pin[0]) not in requirement.specifier:
            yield f"{pin[0]} is locked, but {requirement} is asked for"
    for pin, hashes in known.values():
        if not hashes:
            yield f"{pin} has no hash"
    for line in lock.splitlines():
        if not line.lstrip().startswith(("#", "--hash=")) and ADDRESS.search(line):
            yield f"the lock names a place: {line.strip()}"


def install_faults(lock: str) -> Iterator[str]:
    """Which locked packages are not installed as they are locked."""
    for pin, _hashes in pins(lock).values():
        if pin.marker and not pin.marker.evaluate():
            continue
        try:
            here = version(pin.name)
        except PackageNotFoundError:
            yield f"{pin} is locked but not installed"
        else:
            if here != pinned_version(pin):
                yield f"{pin} is locked, but {here} is installed"


def import_faults() -> Iterator[str]:
    """Which packages crmlite imports without asking for them; its test kit may use the tests'."""
    running, working = ({canonicalize_name(one.name) for one in some} for some in asked())
    owners = packages_distributions()
    for path in sorted(ROOT.glob("crmlite/**/*.py")):
        place = path.relative_to(ROOT).as_posix()
        allowed = running | working if place.startswith("crmlite/testing") else running
        for line, module in imported(ast.parse(path.read_text("utf-8"))):
            distributions = {canonicalize_name(name) for name in owners.get(module, [])}
            if distributions and not distributions & allowed:
                names = ", ".join(sorted(distributions))
                yield f"{place}:{line}: {module} comes from {names}, which is not asked for"


def imported(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Line and first name of each imported module."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, alias.name.split(".")[0]) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.lineno, node.module.split(".")[0]


def main() -> int:
    """Print the faults; 1 when there are any."""
    lock = (ROOT / "requirements.lock").read_text("utf-8")
    found = [*lock_faults(lock), *install_faults(lock), *import_faults()]
    for fault in found:
        print(fault, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
