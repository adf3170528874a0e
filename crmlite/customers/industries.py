"""The national list of industries (GB/T 4754-2017): what a company does, by code or by name."""

import re
import tomllib
import unicodedata
from dataclasses import dataclass
from functools import cache
from importlib import resources

DIVISION = 2  # figures of a division; classes have more
CODE = re.compile(r"([A-T]?)(\d{2})\d{0,2}|[A-T]")


@dataclass(frozen=True, slots=True)
class Industry:
    """One section (`C`) or division (`C35`) of the list, in both languages."""

    code: str
    zh: str
    en: str
    find: str  # pinyin and its initials: "zhuanyongshebeizhizaoye zysbzzy"

    @property
    def section(self) -> str:
        """The letter of the section this belongs to; a section's own letter."""
        return self.code[0]

    @property
    def is_section(self) -> bool:
        """Whether this is one of the 20 sections rather than a division."""
        return len(self.code) == 1

    def name(self, lang: str) -> str:
        """The name in `zh` or, for every other language, in English."""
        return self.zh if lang == "zh" else self.en


@cache
def industries() -> tuple[Industry, ...]:
    """All sections, each followed by its divisions, in the order of the standard."""
    text = resources.files(__package__).joinpath("data/industries.toml").read_text("utf-8")
    return tuple(
        Industry(code, zh, en, f"{pinyin.replace(' ', '')} {initials(pinyin)}")
        for code, (zh, en, pinyin) in tomllib.loads(text).items()
    )


def industry(code: str) -> Industry | None:
    """The section or division of a code; of `C3511`, `35` or `c35` that is C35. None if unknown."""
    match = CODE.fullmatch(folded(code).upper())
    if not match:
        return None
    letter, digits = match.groups()
    if digits is None:
        return by_code().get(match[0])
    division = by_code().get(digits)
    return division if division and letter in ("", division.section) else None


def deeper_code(text: str) -> str:
    """A code that goes deeper than the list, as it is kept: `C3511` for `C3511`, `c3511` or `3511`;
    empty for any other text."""
    match, division = CODE.fullmatch(folded(text).upper()), industry(text)
    if not match or not division or len(match[0]) - len(match[1] or "") <= DIVISION:
        return ""
    return division.section + match[0].removeprefix(division.section)


def find_industries(text: str, limit: int = 10) -> list[Industry]:
    """The industries that a typed text means, best first: code, name, pinyin or its initials.

    An empty text finds the whole list up to the limit.
    """
    wanted = folded(text)
    known = industry(wanted) or industry(wanted.partition(" ")[0])
    ranked = sorted(
        (0 if entry is known else rank, place, entry)
        for place, entry in enumerate(industries())
        if (rank := closeness(entry, wanted)) is not None or entry is known
    )
    return [entry for _, _, entry in ranked[:limit]]


def label(code: str, lang: str) -> str:
    """How a stored code is shown: `C35 专用设备制造业`; an unknown one as it was written."""
    entry = industry(code)
    return f"{folded(code).upper()} {entry.name(lang)}" if entry else code


def closeness(entry: Industry, wanted: str) -> int | None:
    """How near an entry is to a folded text: 0 the same, more is further, None not at all."""
    pinyin, first_letters = entry.find.split()
    english = entry.en.casefold()
    typed = wanted.replace(" ", "")
    tests = (
        wanted in (entry.code.casefold(), entry.zh, english),
        entry.code.casefold().startswith(typed) or entry.zh.startswith(typed),
        english.startswith(wanted) or first_letters == typed,
        f" {wanted}" in english or pinyin.startswith(typed) or first_letters.startswith(typed),
        typed in entry.zh,
        len(typed) > 1 and (wanted in english or typed in pinyin or typed in first_letters),
    )
    return next((rank for rank, passed in enumerate(tests) if passed), None)


def folded(text: str) -> str:
    """Full-width forms, case and outer blanks taken away, so that `Ｃ35 ` equals `c35`."""
    return unicodedata.normalize("NFKC", text).casefold().strip()


def initials(pinyin: str) -> str:
    """The first letter of each syllable: `zhi zao ye` gives `zzy`."""
    return "".join(syllable[0] for syllable in pinyin.split())


@cache
def by_code() -> dict[str, Industry]:
    """Sections by letter and divisions by their two digits, which are unique across sections."""
    return {entry.code[1:] or entry.code: entry for entry in industries()}
