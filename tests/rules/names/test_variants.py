"""How well names of one company are known as one, on real names and what people make of them."""

import random
import re
from collections import defaultdict

import pytest
from opencc import OpenCC

from crmlite.rules.names import name_key
from tests.real_files import real_file

FORM = re.compile(r"(有限责任公司|股份有限公司|有限公司|公司)$")
OTHER_FORM = {"有限公司": "有限责任公司", "有限责任公司": "有限公司"}


def lines(name: str) -> list[str]:
    text = real_file("companies", name).read_text("utf-8")
    return [line.strip() for line in text.split("\n") if line.strip()]


@pytest.fixture(scope="module")
def companies() -> dict[str, list[str]]:
    """Names, each with its variants: legal form dropped or changed, place moved or in brackets, width,
    traditional characters, a blank."""
    places = sorted(set(lines("cnp_china_place.txt")), key=len, reverse=True)
    chance = random.Random(7)
    traditional = OpenCC("s2t").convert
    found = {}
    for name in lines("cnp_company_demo.txt"):
        cut = chance.randrange(1, len(name))
        made = [wide(name), traditional(name), f"{name[:cut]} {name[cut:]}"]
        if form := FORM.search(name):
            bare = name[: form.start()]
            made += [bare, bare + OTHER_FORM.get(form[1], "有限公司")]
        place = next((p for p in places if name.startswith(p) and len(name) - len(p) >= 4), "")
        if place:
            made += moved(name, place)
        found[name] = made
    return found


def wide(name: str) -> str:
    """All that has a full-width form in it."""
    return "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in name)


def moved(name: str, place: str) -> list[str]:
    """The place in brackets, before and behind, and behind without them."""
    rest = name.removeprefix(place)
    form = FORM.search(rest)
    core, end = (rest[: form.start()], form[0]) if form else (rest, "")
    return [f"({place}){rest}", f"{core}（{place}）{end}", f"{core}{place}{end}"]


def test_variants_are_known_and_others_are_not(companies):
    keys = defaultdict(set)
    for name in companies:
        keys[name_key(name)].add(name)
    right = wrong = missed = 0
    for name, variants in companies.items():
        for variant in variants:
            meant = keys.get(name_key(variant), set())
            right += name in meant
            missed += name not in meant
            wrong += len(meant - {name})
    precision, recall = right / (right + wrong), right / (right + missed)
    assert len(companies) > 100
    assert precision >= 0.99
    assert recall >= 0.95
