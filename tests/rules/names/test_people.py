"""Family names are found in Chinese and other names, with the readings that only names have."""

import re
import zipfile

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.names import check_name, family_name, looks_abbreviated
from tests.real_files import real_file


@pytest.mark.parametrize(
    ("name", "family"),
    [
        ("陈白鹭", "陈"),
        ("欧阳娜娜", "欧阳"),
        ("諸葛亮", "諸葛"),
        ("林总", "林"),
        ("约翰·史密斯", "史密斯"),
        ("Anna Schmidt", "Schmidt"),
        ("Schmidt, Anna", "Schmidt"),
        ("Jan van der Berg", "van der Berg"),
        ("Van Morrison", "Morrison"),
        ("Cher", "Cher"),
        ("  ", ""),
    ],
)
def test_the_family_name(name, family):
    assert family_name(name) == family


@pytest.mark.parametrize(
    "name", ["林总", "赵老师", "何女士", "*经理", "李总经理", "欧阳总", "刘 老板"]
)
def test_a_family_name_with_a_title_is_not_the_full_name(name):
    assert looks_abbreviated(name, "person")
    assert [problem.code for problem in check_name(name, "person")] == ["name_title_only"]


@pytest.mark.parametrize("name", ["陈白鹭", "曾强", "王工一", "Anna", "", "总"[:0]])
def test_full_names_pass(name):
    assert not looks_abbreviated(name, "person")


def test_compound_family_names_of_the_list_are_known():
    with zipfile.ZipFile(real_file("names", "family_names_1k.xlsx")) as book:
        texts = re.findall(r"<t[^>]*>([^<]*)</t>", book.read("xl/sharedStrings.xml").decode())
    compound = {text for text in texts if len(text) == 2 and not text.isascii()}
    misspelt = {"殴阳", "冷狐", "夏候", "刘傅"}  # the list has them beside the right ones
    assert len(compound) > 40
    assert {name for name in compound if family_name(f"{name}明") != name} == misspelt


@given(st.text())
def test_no_name_is_too_much(name):
    family_name(name)
    looks_abbreviated(name, "person")
