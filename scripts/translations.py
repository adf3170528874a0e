"""Keep the Chinese translations: gather them, compile them, find what is missing or amiss.

    python scripts/translations.py extract      print the texts of the program, as a .pot file
    python scripts/translations.py merge        make one catalogue of the rooms' parts
    python scripts/translations.py compile      make the files that the program reads
    python scripts/translations.py check        name each text that is not right

Several actions can be named at once. Each room keeps its translations in a part of its own,
`crmlite/translations/parts/<room>.po`; what `merge` and `compile` make of them is not in git.
"""

import os
import re
import sys
from collections.abc import Iterable, Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "crmlite"
PARTS = PACKAGE / "translations" / "parts"
CATALOGUE = PACKAGE / "translations" / "zh" / "LC_MESSAGES" / "messages.po"

KEYWORDS = {
    **dict.fromkeys(["_", "_l", "N_", "gettext", "lazy_gettext"]),
    **dict.fromkeys(["ngettext", "lazy_ngettext", "NN_"], (1, 2)),
    "pgettext": ((1, "c"), 2),
    "npgettext": ((1, "c"), 2, 3),
}

MERGED = "# Merged by scripts/translations.py: change the parts, not this."

# `%(name)s` for gettext, `{name}` for the scripts in the browser.
PLACEHOLDER = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
HAN = "[\u4e00-\u9fff]"
# What a Chinese reader would stumble over, and what to say about it.
STYLE = {
    f"{HAN}[,:;?!(]|[,;?!)]{HAN}": "half-width punctuation",
    rf"%\(\w+\)s[,:;?!](?= ?(?:{HAN}|%|$))": "half-width punctuation",
    rf"{HAN}\.(?!\w)": "a half-width full stop",
    " [，。：；？！、）】」》”]|[，。：；？！、（【「《“] ": "a space beside full-width punctuation",
    r"\.\.\.|。。": "dots instead of ……",
    "\u3000": "a full-width space",
}

# Texts so short that they may mean two things, and that several rooms use in one meaning: "By" was
# a person in one room and a way in another, and both read 操作人.
SHARED_WORDS = 2
SHARED = frozenset(
    (
        ", |: |Actions|Add|Added.|Administration|All|All notifications|Another day|Appearance|"
        "Why|Prospects|Tiers|Select|Preview|days|weeks|months|Export|Print|Background work|"
        "Cancel|Canned replies|Changes|Condition|Filter|Archive|Archived|Last contact|Colleague|"
        "Contact|Country|Currency|Customer|Customer book|Customers|Dark|Day|Delete|Due|Settings|"
        "Cases|Contacts|In Chinese|In English|Industry|List|Orders|Pack|Website|Edit|Field|File|"
        "Files|From|Full name|Import|Key|Language|Ledger|Light|Log follow-up|More|Apply|Channel|"
        "Choose|Conditions|Dedicated person|Question|Strategies|Who|My profile|Name|Need|New|"
        "Follow-up|Next step|Nobody|Notifications|Offer again|Open|Position|Owner|Due at|Remark|Rows|"
        "Running crmlite|Save|Saved.|Search|Shipped|Show|Sign out|State|Stop offering|Tags|Task|"
        "Tasks|Team|Time zone|Try again|Undo|Value|When|Working calendar|all|failed|Drop|in use|"
        "me|my teams|no|none|today|undone|yes|Assigned to|Clock|Direction|E-mail|Facts|Go on|How|"
        "No.|Outcome|Phone|Promise|Remove|Text|What|Written down.|and|done|dropped|kept|"
        "kept late|open|Beginning now|Brief|Done|Done by|Life-cycle|Mine|Needs|"
        "Remarks|Stage|Status|Tier|main contact|Birthday|Mobile|Note|Prefers|WeChat/WeCom|"
        "Average order|First order|Last order|My teams|Product|Reason|Unit|Views|Discount|"
        "Expected delivery|Order|Order number|Ordered on|Price|Product code|Quantity|"
        "Customer no.|Salesperson|Until|this month|last month|this quarter|last quarter|"
        "this year|last year|next month|Added|Case|Case no.|Nothing fits|Nothing here|Order no.|"
        "Show all|Hand over|People|Promises|shut out|First day|Last day|A person|Which|Calendar|"
        "Copied.|Copy|Month|Today|Touches|Week|make-up day|Follow-ups|Monday|Tuesday|Wednesday|"
        "Thursday|Friday|Saturday|Sunday|Result|By day|or on|; |With|Telephone revisit|Last talk|"
        "Help|Nothing found|Keyboard shortcuts|Packs|Hours|Password|Sign in|User name"
    ).split("|")
)


class Amiss(Exception):
    """The parts contradict each other; each argument is a sentence."""


def extracted() -> Catalog:
    """Every text that the program shows, each with the places where it stands."""
    with (ROOT / "babel.cfg").open() as file:
        methods, options = parse_mapping_cfg(file)
    catalog = Catalog(project="crmlite", charset="utf-8")
    found = extract_from_dir(PACKAGE, methods, options, KEYWORDS, comment_tags=["Translators:"])
    for name, line, text, comments, context in sorted(found, key=lambda place: place[:2]):
        place = (f"crmlite/{name}", line)
        catalog.add(text, None, [place], auto_comments=comments, context=context)
    return catalog


def parts() -> dict[str, Catalog]:
    """The translations as the rooms wrote them, by the name of the part."""
    return {path.name: read(path) for path in sorted(PARTS.glob("*.po"))}


def read(path: Path) -> Catalog:
    """The translations in one file."""
    return read_po(BytesIO(path.read_bytes()), locale="zh", abort_invalid=True)


def merged(given: dict[str, Catalog]) -> Catalog:
    """One catalogue of all parts. Raises Amiss when two translate a text in two ways."""
    whole = Catalog(locale="zh", header_comment=MERGED, fuzzy=False)
    came_from: dict[object, str] = {}
    conflicts = []
    for name, catalog in given.items():
        for message in messages(catalog):
            key = (singular(message), message.context)
            other = came_from.setdefault(key, name)
            known = whole.get(singular(message), message.context)
            if known is None:
                whole.add(message.id, message.string, context=message.context)
            elif (known.id, known.string) != (message.id, message.string):
                conflicts.append(
                    f"{other} and {name} disagree about {singular(message)!r}: "
                    f"{known.string!r} and {message.string!r}"
                )
    if conflicts:
        raise Amiss(*conflicts)
    return whole


def merge() -> None:
    """Write the catalogue that the parts make together."""
    whole = merged(parts())
    written = BytesIO()
    write_po(written, whole, sort_output=True, width=0)
    CATALOGUE.parent.mkdir(parents=True, exist_ok=True)
    replace(CATALOGUE, written.getvalue())


def compile_catalogues() -> None:
    """Write the compiled form beside each catalogue, of whatever language."""
    catalogues = list(PACKAGE.glob("translations/*/LC_MESSAGES/*.po"))
    if not catalogues:
        raise Amiss("There is no catalogue yet: merge before you compile.")
    for path in catalogues:
        compiled = BytesIO()
        with path.open("rb") as source:
            write_mo(compiled, read_po(source, locale=path.parent.parent.name))
        replace(path.with_suffix(".mo"), compiled.getvalue())


def replace(path: Path, content: bytes) -> None:
    """Write a file in one step: a program that is running reads the old or the new one."""
    new = path.with_name(f"{path.name}.{os.getpid()}")
    new.write_bytes(content)
    new.replace(path)


def faults(wanted: Catalog, given: dict[str, Catalog]) -> Iterator[str]:
    """What is missing, superfluous or amiss, one sentence each."""
    whole = merged(given)
    for message in messages(wanted):
        translation = whole.get(singular(message), message.context)
        if translation is None or not all(forms(translation)):
            yield f"{place(message)}: {singular(message)!r} has no Chinese"
        if found := ambiguous(message):
            yield (
                f"{singular(message)!r} is said in {', '.join(found)}: add it to SHARED when it "
                "means the same there, else word one of them differently"
            )
    for name, catalog in given.items():
        for message in messages(catalog):
            use = wanted.get(singular(message), message.context)
            if use is None:
                yield f"{name}: {singular(message)!r} is nowhere in the program"
            else:
                for fault in unfit(message, use):
                    yield f"{name}: {singular(message)!r} {fault}"


def ambiguous(message: Message) -> list[str]:
    """The rooms that use a short text, when there are several and nobody said that they mean the
    same by it."""
    text = singular(message)
    if len(text.split()) > SHARED_WORDS or "%(" in text or text in SHARED or message.context:
        return []
    rooms = {Path(path).parts[1] for path, _line in message.locations if len(Path(path).parts) > 1}
    return sorted(rooms) if len(rooms) > 1 else []


def is_joint(text: str) -> bool:
    """Whether a text only joins others: Chinese needs no blank behind its full-width comma."""
    return not any(character.isalnum() for character in text)


def unfit(translation: Message, use: Message) -> Iterator[str]:
    """What is wrong with one translation, given how the program uses the text."""
    if translation.fuzzy:
        yield "is marked fuzzy: look at it and remove the mark"
    if isinstance(use.id, tuple) != isinstance(translation.id, tuple):
        yield "has a plural either in the program or in the translation, not in both"
    original = use.id[-1] if isinstance(use.id, tuple) else use.id
    for text in filter(None, forms(translation)):
        if sorted(PLACEHOLDER.findall(original)) != sorted(PLACEHOLDER.findall(text)):
            yield f"has other placeholders in {text!r}"
        if edges(original) != edges(text) and not is_joint(original):
            yield f"begins or ends with other blanks in {text!r}"
        for pattern, name in STYLE.items():
            if (wrong := re.search(pattern, text)) and re.search(HAN, text):
                yield f"has {name} in {text!r}, at {wrong[0]!r}"


def messages(catalog: Catalog) -> Iterable[Message]:
    """The texts of a catalogue, without its header."""
    return [message for message in catalog if message.id]


def singular(message: Message) -> str:
    """The text by which a message is found."""
    return message.id[0] if isinstance(message.id, tuple) else message.id


def forms(message: Message) -> tuple[str, ...]:
    """The translation, in as many forms as the language has."""
    return message.string if isinstance(message.string, tuple) else (message.string,)


def edges(text: str) -> tuple[bool, bool]:
    """Whether a text begins and ends with a blank."""
    return text[:1].isspace(), text[-1:].isspace()


def place(message: Message) -> str:
    """Where the program uses a text first."""
    path, line = message.locations[0]
    return f"{path}:{line}"


def check() -> list[str]:
    """Every fault there is."""
    return list(faults(extracted(), parts()))


def main(actions: list[str]) -> int:
    """Run the command line; 1 when something is amiss, 2 when it is not understood."""
    known = {"extract", "merge", "compile", "check"}
    if not actions or set(actions) - known:
        print(__doc__, file=sys.stderr)
        return 2
    found = []
    try:
        for action in actions:
            match action:
                case "extract":
                    write_po(sys.stdout.buffer, extracted(), width=0)
                case "merge":
                    merge()
                case "compile":
                    compile_catalogues()
                case "check":
                    found += check()
    except Amiss as conflicts:
        found += conflicts.args
    for line in found:
        print(line, file=sys.stderr)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
