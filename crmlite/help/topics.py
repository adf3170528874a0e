"""Topics of the help, and the files that they are written in.

A folder of them has `en/<name>.md` and `zh/<name>.md`. A file begins with lines `group: daily` and
`endpoints: …`, which name the pages that it is about; a line that begins with a space goes on with the
one before. After an empty line comes the text in Markdown, whose first line is its title.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from crmlite.wording import N_

LANGUAGES = ("en", "zh")
GROUPS: Mapping[str, str] = {
    "daily": N_("Every day"),
    "customers": N_("Customers"),
    "cases": N_("Complaints and orders"),
    "plan": N_("Strategies and figures"),
    "running": N_("Setting up and running"),
    "packs": N_("Packs"),
}


class BadTopic(ValueError):
    """A file of the help that cannot be read; the message names it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class HelpTopic:
    """One topic. `texts` are its Markdown by language, each with `# Title` as its first line;
    `endpoints` are the pages whose question mark leads to it. Who may open one of them is shown the
    topic; one without pages is for everybody."""

    name: str
    texts: Mapping[str, str]
    endpoints: tuple[str, ...] = ()
    group: str = "packs"
    weight: int = 0

    @property
    def title(self) -> Mapping[str, str]:
        """What the topic is called, by language."""
        return {
            lang: text.partition("\n")[0].removeprefix("# ").strip()
            for lang, text in self.texts.items()
        }


def topics_in(folder: Path, before: str = "") -> list[HelpTopic]:
    """The topics of a folder; `before` is what all their names begin with, such as `bakery__`.
    Raises BadTopic."""
    return list(_read(folder, before))


def _read(folder: Path, before: str) -> Iterator[HelpTopic]:
    for path in sorted((folder / "en").glob("*.md")):
        files = {lang: folder / lang / path.name for lang in LANGUAGES}
        read = {lang: _file(file) for lang, file in files.items() if file.is_file()}
        front = read["en"][0]
        yield HelpTopic(
            name=f"{before}{path.stem}",
            texts={lang: text for lang, (_front, text) in read.items()},
            endpoints=tuple(front.get("endpoints", "").split()),
            group=front.get("group", "packs"),
            weight=int(front.get("weight", "0")),
        )


def _file(path: Path) -> tuple[Mapping[str, str], str]:
    head, _, text = path.read_text("utf-8").partition("\n\n")
    front = dict(_lines(head, path))
    text = text.strip()
    if front.get("group", "packs") not in GROUPS:
        raise BadTopic(f"{path}: there is no group {front['group']}")
    if not text.startswith("# "):
        raise BadTopic(f"{path}: after the first lines comes an empty one, then `# Title`")
    return front, text


def _lines(head: str, path: Path) -> Iterator[tuple[str, str]]:
    """What the first lines say; a line that begins with a space belongs to the one before."""
    for line in head.replace("\n ", " ").splitlines():
        key, colon, value = line.partition(":")
        if not colon or key not in ("group", "endpoints", "weight"):
            raise BadTopic(f"{path}: “{line}” is not one of group, endpoints, weight")
        yield key, value.strip()
