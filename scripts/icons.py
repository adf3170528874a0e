"""Build the icon sprite from the Tabler icons that templates, Python code and packs name.

    python scripts/icons.py            write crmlite/static/icons.svg (needs npm)
    python scripts/icons.py --check    say which icons in use are missing (offline)

An icon is *named* by a text in an icon's place: an argument or a key called `icon`, the entries
of a table whose name ends in `icon` or `icons`, or the fitting argument of a macro in `templates/ui/`
that has a parameter called `icon`.
"""

import argparse
import ast
import re
import sys
import tomllib
from collections.abc import Iterator, Mapping
from pathlib import Path

import jinja2
from jinja2 import nodes

from vendor import member, packages, pinned

ROOT = Path(__file__).resolve().parent.parent
SPRITE = ROOT / "crmlite" / "static" / "icons.svg"
MACROS = ROOT / "crmlite" / "templates" / "ui"
ENVIRONMENT = jinja2.Environment(extensions=["jinja2.ext.i18n", "jinja2.ext.do"])
HOLDS_ICONS = re.compile(r"(?:^|_)icons?$", re.IGNORECASE)
ICON_NAME = re.compile(r"[a-z][a-z0-9]*(?:-[a-z0-9]+)*")


def in_use() -> set[str]:
    """Names of all icons that crmlite and the packs beside it ask for."""
    folders = [ROOT / "crmlite", *(ROOT / "plugins").glob("*/crmlite_*")]
    positions = dict(macro_positions())
    names: set[str] = set()
    for folder in folders:
        for path in folder.rglob("templates/**/*.html"):
            names.update(named_in_template(path.read_text("utf-8"), positions))
        for path in folder.rglob("*.py"):
            names.update(named_in_python(path.read_text("utf-8")))
        for path in folder.rglob("pack.toml"):
            names.update(named_in_pack(tomllib.loads(path.read_text("utf-8"))))
    return {name for name in names if ICON_NAME.fullmatch(name)}


def macro_positions() -> Iterator[tuple[str, int]]:
    """Each macro with a parameter called `icon`, and where that parameter stands."""
    for path in MACROS.glob("*.html"):
        for macro in ENVIRONMENT.parse(path.read_text("utf-8")).find_all(nodes.Macro):
            arguments = [argument.name for argument in macro.args]
            if "icon" in arguments:
                yield macro.name, arguments.index("icon")


def named_in_pack(table: Mapping[str, object]) -> Iterator[str]:
    """Icons that the file of a pack names."""
    for key, value in table.items():
        if isinstance(value, dict):
            yield from named_in_pack(value)
        elif HOLDS_ICONS.search(key) and isinstance(value, str):
            yield value


def named_in_template(source: str, positions: dict[str, int]) -> Iterator[str]:
    """Icons that one template names."""
    tree = ENVIRONMENT.parse(source)
    real_names = dict(renamed(tree))
    for call in tree.find_all(nodes.Call):
        yield from (t for k in call.kwargs if HOLDS_ICONS.search(k.key) for t in texts(k.value))
        called = getattr(call.node, "attr", getattr(call.node, "name", ""))
        called = real_names.get(called, called)
        position = 0 if called == "icon" else positions.get(called)
        if position is not None and position < len(call.args):
            yield from texts(call.args[position])
    for pair in tree.find_all(nodes.Pair):
        if isinstance(pair.key, nodes.Const) and pair.key.value == "icon":
            yield from texts(pair.value)
    for assign in tree.find_all(nodes.Assign):
        if isinstance(assign.target, nodes.Name) and HOLDS_ICONS.search(assign.target.name):
            yield from texts(assign.node)
    for macro in tree.find_all(nodes.Macro):
        for argument, default in zip(reversed(macro.args), reversed(macro.defaults), strict=False):
            if HOLDS_ICONS.search(argument.name):
                yield from texts(default)


def renamed(tree: nodes.Template) -> Iterator[tuple[str, str]]:
    """Macros that a template imports under another name: that name, and the real one."""
    for imported in tree.find_all(nodes.FromImport):
        for name in imported.names:
            if isinstance(name, tuple):
                yield name[1], name[0]


def texts(node: nodes.Node) -> Iterator[str]:
    """The texts that an expression can result in (not those it only compares with)."""
    if isinstance(node, nodes.Const) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, nodes.CondExpr):
        yield from texts(node.expr1)
        if node.expr2:
            yield from texts(node.expr2)
    elif isinstance(node, nodes.Dict):
        for pair in node.items:
            yield from texts(pair.value)
    elif isinstance(node, nodes.Getitem):
        yield from texts(node.node)
    elif isinstance(node, nodes.Call):
        for part in [node.node.node if isinstance(node.node, nodes.Getattr) else node, *node.args]:
            if part is not node:
                yield from texts(part)
    elif isinstance(node, (nodes.Or, nodes.And)):
        yield from texts(node.left)
        yield from texts(node.right)
    elif isinstance(node, (nodes.List, nodes.Tuple)):
        for item in node.items:
            yield from texts(item)


def named_in_python(source: str) -> Iterator[str]:
    """Icons that one Python file names."""
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.keyword) and node.arg and HOLDS_ICONS.search(node.arg):
            yield from literals(node.value)
        elif isinstance(node, ast.Dict):
            for key, value in zip(node.keys, node.values, strict=True):
                if isinstance(key, ast.Constant) and key.value == "icon":
                    yield from literals(value)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)) and node.value:
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = [getattr(target, "id", getattr(target, "attr", "")) for target in targets]
            if any(HOLDS_ICONS.search(name) for name in names):
                yield from literals(node.value)


def literals(node: ast.expr) -> Iterator[str]:
    """The texts in an expression, of a dictionary only its values."""
    if isinstance(node, ast.Dict):
        for value in node.values:
            yield from literals(value)
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str):
            yield node.value
    elif isinstance(node, (ast.IfExp, ast.Tuple, ast.List, ast.Set, ast.BoolOp)):
        for child in ast.iter_child_nodes(node):
            if not isinstance(child, ast.Compare):
                yield from literals(child)


def in_sprite() -> set[str]:
    """Names of the icons that the sprite holds."""
    return set(re.findall(r'<symbol id="([^"]+)"', SPRITE.read_text("utf-8")))


def build() -> None:
    """Write the sprite; ValueError when a name is no Tabler icon."""
    package = next(p for p in packages() if p["name"] == "@tabler/icons")
    archive = pinned(package)
    symbols = []
    for name in sorted(in_use()):
        try:
            drawing = member(archive, f"icons/outline/{name}.svg").decode("utf-8")
        except KeyError:
            raise ValueError(f"Tabler has no outline icon called {name}") from None
        body = re.search(r"<svg[^>]*>(.*)</svg>", drawing, re.DOTALL)[1]
        body = re.sub(r'<path stroke="none"[^>]*/>', "", body)
        body = re.sub(r"\s*/>", "/>", re.sub(r">\s+<", "><", body.strip()))
        symbols.append(f'<symbol id="{name}" viewBox="0 0 24 24">{body}</symbol>')
    SPRITE.write_text(
        '<svg xmlns="http://www.w3.org/2000/svg">\n' + "\n".join(symbols) + "\n</svg>\n", "utf-8"
    )


def main() -> int:
    """Run the command line; 1 when an icon in use is not in the sprite."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--check", action="store_true", help="only compare, without npm")
    if not parser.parse_args().check:
        build()
    missing = in_use() - in_sprite()
    for name in sorted(missing):
        print(f"icon {name} is not in the sprite: run python scripts/icons.py", file=sys.stderr)
    return 1 if missing else 0


if __name__ == "__main__":
    sys.exit(main())
