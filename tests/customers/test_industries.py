"""The national list of industries: complete, and found by whatever a person types."""

import csv
import json
import os
import subprocess
import sys

import pytest

from crmlite.customers.industries import deeper_code, find_industries, industries, industry, label
from tests.real_files import real_file


def test_twenty_sections_each_before_its_divisions():
    sections = [entry.code for entry in industries() if entry.is_section]
    divisions = [entry for entry in industries() if not entry.is_section]
    assert "".join(sections) == "ABCDEFGHIJKLMNOPQRST"
    assert len(divisions) == 97
    assert [entry.code for entry in industries()] == sorted(entry.code for entry in industries())


def test_every_entry_has_both_names_and_typed_forms():
    for entry in industries():
        pinyin, first_letters = entry.find.split()
        characters = [character for character in entry.zh if character != "、"]
        assert all("\u4e00" <= character <= "\u9fff" for character in characters)
        assert len(first_letters) == len(characters)
        assert pinyin.isascii()
        assert pinyin.isalpha()
        assert entry.en.isascii()
    assert len({entry.en for entry in industries() if not entry.is_section}) == 97


def test_pinyin_in_the_table_agrees_with_pypinyin():
    # In a process of its own: crmlite does without the phrases, which this needs to be right.
    asked = (
        "import sys, json; from pypinyin import lazy_pinyin;"
        "print(json.dumps([''.join(lazy_pinyin(text)) for text in json.load(sys.stdin)]))"
    )
    names = [entry.zh.replace("、", "") for entry in industries()]
    plain = {name: value for name, value in os.environ.items() if name != "PYPINYIN_NO_PHRASES"}
    answer = subprocess.run(
        [sys.executable, "-c", asked],
        input=json.dumps(names),
        env=plain,
        capture_output=True,
        text=True,
        check=True,
    )
    for entry, spelt in zip(industries(), json.loads(answer.stdout), strict=True):
        assert entry.find.split()[0] == spelt, entry.code


def test_list_is_that_of_the_standard():
    codes = real_file("industry_codes", "gbt4754_2017.csv")
    with codes.open(encoding="utf-8-sig") as lines:
        standard = {
            row["code"]: row["name"] for row in csv.DictReader(lines) if row["level"] in "12"
        }
    assert {entry.code: entry.zh for entry in industries()} == standard


@pytest.mark.parametrize("code", ["C35", "c35", "Ｃ３５", " C35 ", "35", "C3511", "C351", "3511"])
def test_codes_lead_to_their_division(code):
    assert industry(code).zh == "专用设备制造业"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("C3511", "C3511"),
        ("c351", "C351"),
        ("３５１１", "C3511"),
        ("C35", ""),
        ("35", ""),
        ("C", ""),
        ("A3511", ""),
        ("C35111", ""),
    ],
)
def test_a_code_deeper_than_the_list_is_told_from_one_of_it(typed, kept):
    assert deeper_code(typed) == kept


@pytest.mark.parametrize("code", ["", "3", "C3", "A35", "C99", "X35", "C355555", "制造业"])
def test_what_is_no_code_has_no_industry(code):
    assert industry(code) is None


@pytest.mark.parametrize(
    ("typed", "first"),
    [
        ("C35", "C35"),
        ("c3511", "C35"),
        ("35", "C35"),
        ("C35 专用设备制造业", "C35"),
        ("专用设备", "C35"),
        ("Special", "C35"),
        ("special-purpose machinery", "C35"),
        ("zhuanyong", "C35"),
        ("zhuan yong she bei", "C35"),
        ("zysbzzy", "C35"),
        ("rj", "I65"),
        ("软件", "I65"),
        ("software", "I65"),
        ("lsy", "F52"),
        ("中国共产党", "S91"),
        ("教育", "P"),
    ],
)
def test_an_industry_is_found_by_code_name_and_pinyin(typed, first):
    assert find_industries(typed, 5)[0].code == first


def test_nearer_names_come_first_and_the_limit_holds():
    assert [entry.code for entry in find_industries("批发", 5)] == ["F", "F51"]
    assert len(find_industries("ye", 7)) == 7
    assert len(find_industries("", 200)) == 117
    assert find_industries("火星殖民") == []


def test_labels_speak_both_languages_and_keep_what_they_do_not_know():
    assert label("C35", "zh") == "C35 专用设备制造业"
    assert label("C35", "en") == "C35 Special-purpose machinery"
    assert label("c3511", "zh") == "C3511 专用设备制造业"
    assert label("Z99 something", "en") == "Z99 something"


def test_the_list_needs_no_pinyin_library_at_run_time():
    asked = "import sys, crmlite.customers.industries as i; i.find_industries('zz')"
    shown = f"{asked}; print('pypinyin' in sys.modules)"
    answer = subprocess.run(
        [sys.executable, "-c", shown], capture_output=True, text=True, check=True
    )
    assert answer.stdout.strip() == "False"
