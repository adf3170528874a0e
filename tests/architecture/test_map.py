"""The map names every room and nothing else, in the words of the product; the front page leads to all."""

import re

from tests.architecture.project import ROOT, files
from tests.architecture.test_words import said

ROWS = re.compile(r"^\| `(\w+)` \| (\S+) \| .+ \|$", re.MULTILINE)


def test_every_room_stands_in_the_map_once():
    rooms = [room for room, _chinese in ROWS.findall((ROOT / "docs/map.md").read_text("utf-8"))]
    built = [
        name.split("/")[1]
        for name in files()
        if name.startswith("crmlite/") and name.count("/") == 2 and name.endswith("/__init__.py")
    ]
    assert sorted(rooms) == sorted(built)


def test_every_module_beside_the_rooms_stands_there_too():
    beside = (ROOT / "docs/map.md").read_text("utf-8").split("## Beside the rooms")[1]
    told = set(re.findall(r"`(\w+\.py)`", beside))
    modules = {
        name[len("crmlite/") :] for name in files() if re.fullmatch(r"crmlite/\w+\.py", name)
    }
    assert told == modules - {"__init__.py"}


def test_its_chinese_is_what_pages_say():
    spoken = said()
    rows = ROWS.findall((ROOT / "docs/map.md").read_text("utf-8"))
    assert [chinese for _room, chinese in rows if chinese != "—" and chinese not in spoken] == []


def test_every_room_says_what_it_is():
    silent = [
        name
        for name in files()
        if name.startswith("crmlite/") and name.count("/") == 2 and name.endswith("/__init__.py")
        if not (ROOT / name).read_text("utf-8").startswith('"""')
    ]
    assert silent == []


def test_the_front_page_leads_to_every_page():
    front = (ROOT / "README.md").read_text("utf-8")
    pages = [name for name in files() if re.fullmatch(r"docs/[\w.-]+\.md", name)]
    assert [name for name in pages if f"({name})" not in front] == []


def test_what_the_docs_name_is_there():
    """Modules, and what they define, as the docs name them: `crmlite.rules.sla`, `crmlite/clock.py`."""
    named = re.compile(r"(?<![\w/.-])crmlite(?:[./]\w+)+")
    untrue = [
        f"{page}: {name}"
        for page in files()
        if re.fullmatch(r"(docs/.+|bench/README|plugins/.+|README)\.md", page)
        for name in named.findall((ROOT / page).read_text("utf-8"))
        if not ((ROOT / name).exists() or _is_there(re.split(r"[./]", name.removesuffix(".py"))))
    ]
    assert untrue == []


def _is_there(steps: list[str]) -> bool:
    for known in range(len(steps), 0, -1):
        place, further = ROOT.joinpath(*steps[:known]), steps[known:]
        for module in (place.with_suffix(".py"), place / "__init__.py"):
            if module.is_file():
                words = re.findall(r"\w+", module.read_text("utf-8"))
                return not further or further[0] in words
        if place.exists():
            return not further
    return False
