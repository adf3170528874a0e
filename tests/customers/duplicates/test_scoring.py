"""How well records of one customer are told from those of two, on real files whose truth is known."""

import csv
from collections import defaultdict
from collections.abc import Callable, Mapping
from datetime import date
from itertools import combinations

import pytest

from crmlite.customers.duplicates.scoring import Traits, blocks, compare
from crmlite.rules.contact_details import phone_forms
from tests.figures import told
from tests.real_files import real_file

Records = Mapping[str, Traits]
Pairs = set[tuple[str, str]]


def people(file: str) -> tuple[Records, Pairs]:
    """Made-up Australians, some of them again with mistakes. `rec-7-dup-2` is `rec-7-org`."""
    with real_file("dedupe", file).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, skipinitialspace=True))
    found = {row["rec_id"]: person(row) for row in rows}
    same = defaultdict(list)
    for record in found:
        same[record.split("-")[1]].append(record)
    return found, {pair for some in same.values() for pair in combinations(sorted(some), 2)}


def person(row: Mapping[str, str]) -> Traits:
    street = f"{row['street_number']} {row['address_1']}".strip()
    place = (street, row["address_2"], row["suburb"], row["postcode"], row["state"])
    return Traits(
        kind="person",
        name=f"{row['given_name']} {row['surname']}".strip(),
        birthday=born(row["date_of_birth"]),
        address=", ".join(filter(None, place)),
    )


def born(digits: str) -> date | None:
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:]))
    except ValueError:  # some are mistyped into days that never were
        return None


def restaurants(file: str) -> tuple[Records, Pairs]:
    """Restaurants as two guides have them."""
    with real_file("dedupe", file).open(encoding="utf-8") as lines:
        rows = list(csv.DictReader(lines, delimiter="|"))
    truth = real_file("dedupe", "restaurant_duplicates.csv").read_text("utf-8").split()
    found = {
        row["id"]: Traits(
            name=row["name"],
            phones=frozenset({phone_forms(row["phone"], home="1").whole} - {""}),
            address=f"{row['addr']}, {row['city']}",
        )
        for row in rows
    }
    return found, {tuple(sorted(line.split("|"))) for line in truth}  # type: ignore[misc]


def together(records: Records) -> Pairs:
    """The pairs that are worth comparing, each in order."""
    filed = defaultdict(list)
    for name, record in records.items():
        for key in blocks(record):
            filed[key].append(name)
    assert max(map(len, filed.values())) < 50
    return {tuple(sorted(pair)) for some in filed.values() for pair in combinations(some, 2)}  # type: ignore[misc]


@pytest.mark.parametrize(
    ("read", "file", "precision", "recall"),
    [
        (people, "febrl_1.csv", 0.99, 0.95),
        (people, "febrl_2.csv", 0.99, 0.95),
        (restaurants, "restaurantProfiles.csv", 0.97, 0.95),
    ],
)
def test_real_records(
    read: Callable[[str], tuple[Records, Pairs]], file: str, precision: float, recall: float
):
    records, truth = read(file)
    pairs = together(records)
    found = {pair for pair in pairs if compare(records[pair[0]], records[pair[1]]).likely}
    right = found & truth
    told(
        "duplicates",
        f"{file}: precision {len(right) / len(found):.4f}, recall {len(right) / len(truth):.4f},"
        f" {len(pairs)} of {len(records) * (len(records) - 1) // 2} pairs compared",
    )
    assert len(right) / len(found) >= precision
    assert len(right) / len(truth) >= recall
    assert len(pairs) < 5 * len(records)


def human(name: str, **more: object) -> Traits:
    return Traits(kind="person", name=name, **more)  # type: ignore[arg-type]


def firm(name: str, **more: object) -> Traits:
    return Traits(name=name, **more)  # type: ignore[arg-type]


BORN = date(1990, 5, 1)


@pytest.mark.parametrize(
    ("one", "other", "reasons"),
    [
        (firm("Calder Looms Ltd"), firm("CALDER LOOMS GMBH"), {"name"}),
        (firm("上海天成新能源科技有限公司"), firm("天成新能源科技（上海）有限公司"), {"name"}),
        (firm("上海天成新能源科技有限公司"), firm("上海天诚新能源科技有限公司"), {"pinyin"}),
        (human("王小雨"), human("王晓雨"), {"pinyin"}),
        (human("Anna Weber"), human("Weber Anna"), {"name"}),
        (
            human("Anna Weber", birthday=BORN),
            human("Ana Webber", birthday=BORN),
            {"near_name", "birthday"},
        ),
        (
            human("王雨", birthday=BORN),
            human("汪雨", birthday=date(1990, 1, 5)),
            {"pinyin", "birthday"},
        ),
        (
            human("Anna Weber", birthday=BORN),
            human("Anna Weber", birthday=date(1990, 5, 11)),
            {"name", "birthday"},
        ),
        (
            firm("", phones=frozenset({"+8613800000001"})),
            firm("X", phones=frozenset({"+8613800000001"})),
            {"phone"},
        ),
        (
            firm("Art's Delicatessen", address="12224 Ventura Blvd"),
            firm("Art's Deli", address="12224 Ventura Blvd."),
            {"near_name", "address"},
        ),
    ],
)
def test_what_speaks_for_two_being_one(one: Traits, other: Traits, reasons: set[str]):
    verdict = compare(one, other)
    assert verdict.likely
    assert set(verdict.reasons) == reasons
    assert compare(other, one) == verdict


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (firm("Calder Looms Ltd"), firm("Harlow Marine Ltd")),
        (firm("苏州华盛精密机械有限公司"), firm("苏州恒远精密机械有限公司")),
        (firm("Calder Looms Ltd", number="7"), firm("Harlow Marine Ltd", number="7")),
        (human("Anna Weber", birthday=BORN), human("Anna Weber", birthday=date(1961, 11, 24))),
        (human("Anna Weber", birthday=BORN), human("Jon Lindqvist", birthday=BORN)),
        (human("张伟"), human("张炜")),
        (human("Anna Weber", address="7 Mill Lane"), human("Paul Weber", address="7 Mill Lane")),
        (
            firm("Palace Court", phones=frozenset({"+17025550100"}), address="3570 Las Vegas Blvd"),
            firm("Cafe Roma", phones=frozenset({"+17025550100"}), address="3570 Las Vegas Blvd"),
        ),
        (firm(""), firm("")),
    ],
)
def test_what_does_not(one: Traits, other: Traits):
    assert not compare(one, other).likely
    assert compare(one, other).score == compare(other, one).score
