"""How names sound, and how they are sorted by it."""

import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlite.search.folding import unified
from crmlite.search.pinyin import MOST_READINGS, initials, looks_like_person, name_sort, readings

ORDER = [
    "3M China",
    "360 安全",
    "阿里巴巴",
    "Anna Kowalski",
    "Bergmann",
    "长沙重工",
    "成都商行",
    "重庆长安汽车",
    "单雄信",
    "Zander",
    "曾国藩",
    "中国银行",
]


def test_chinese_and_latin_names_stand_in_one_order():
    assert sorted(sorted(ORDER), key=name_sort) == ORDER


def test_the_same_surname_stands_together():
    names = ["李娜", "黎明", "李明", "力康", "黎娜"]
    assert sorted(names, key=name_sort) == ["黎明", "黎娜", "李明", "李娜", "力康"]


def test_numbers_in_names_count_as_numbers():
    names = ["Room 10", "Room 9", "Room 009", "第10中学", "第2中学"]
    assert sorted(names, key=name_sort) == ["第2中学", "第10中学", "Room 9", "Room 009", "Room 10"]


@pytest.mark.parametrize(
    ("name", "sort"),
    [
        ("单雄信", "shan4 xiong2 xin4"),
        ("曾国藩", "zeng1 guo2 fan1"),
        ("仇英", "qiu2 ying1"),
        ("解缙", "xie4 jin4"),
        ("查良镛", "zha1 liang2 yong1"),
        ("朴正熙", "piao2 zheng4 xi1"),
        ("长孙无忌", "zhang3 sun1 wu2 ji4"),
        ("尉迟恭", "yu4 chi2 gong1"),
        ("欧阳修", "ou1 yang2 xiu1"),
        ("吕布", "lv3 bu4"),
        ("重庆银行", "chong2 qing4 yin2 hang2"),
        ("厦门音乐", "xia4 men2 yin1 yue4"),
        ("Émile Œuvre", "emile oeuvre"),
        ("ＡＢＣ", "abc"),
        ("さくら", "~03055 ~0304f ~03089"),
        ("😀", "~1f600"),
        ("", ""),
        ("  ", ""),
    ],
)
def test_a_name_is_sorted_by_how_it_is_read(name, sort):
    assert name_sort(name) == sort


def test_whose_name_it_is_can_be_said():
    assert name_sort("单县", person=False) == "shan4 xian4"  # a place that is known
    assert name_sort("曾经沧", person=False) == "ceng2 jing1 cang1"
    assert name_sort("曾经沧", person=True) == name_sort("曾经沧") == "zeng1 jing1 cang1"
    assert looks_like_person("李明")
    assert looks_like_person("欧阳娜娜")
    assert not looks_like_person("上海开元科技")
    assert not looks_like_person("长沙重工")
    assert not looks_like_person("Li Ming")
    assert not looks_like_person("李")


@settings(deadline=None)
@given(st.text(max_size=300), st.sampled_from([None, True, False]))
def test_any_name_sorts_as_short_ascii_without_capitals(name, person):
    sort = name_sort(name, person=person)
    assert sort.isascii()
    assert sort == sort.lower().strip()
    assert len(sort) <= 200
    assert bool(sort) == bool(unified(name).strip())
    assert name_sort(name, person=person) == sort


@pytest.mark.parametrize(
    ("name", "spelled", "short"),
    [
        ("科技", "keji", "kj"),
        ("中国", "zhongguo", "zg"),
        ("重庆", "zhongqing", "zq"),
        ("重庆", "chongqing", "cq"),
        ("单雄信", "shanxiongxin", "sxx"),
        ("吕布", "lvbu", "lb"),
        ("吕布", "lubu", "lb"),
        ("华为P40手机", "huaweip40shouji", "hwp40sj"),
        ("臺灣", "taiwan", "tw"),
    ],
)
def test_a_name_can_be_typed_in_each_of_its_readings(name, spelled, short):
    assert spelled in readings(name)
    assert short in initials(name)


def test_the_likeliest_reading_comes_first():
    assert readings("重庆")[0] == "chongqing"
    assert readings("单雄信")[0] == "shanxiongxin"
    assert readings("中国银行")[0] == "zhongguoyinhang"


@settings(deadline=None)
@given(st.text(alphabet="重单长行乐会番石和参盛曾", min_size=1, max_size=60))
def test_however_many_readings_a_name_has_few_are_kept(name):
    assert 1 <= len(readings(name)) <= MOST_READINGS
    assert 1 <= len(initials(name)) <= MOST_READINGS


def test_the_dictionaries_are_loaded_only_when_a_chinese_character_turns_up():
    program = """
import sys
from crmlite.search import entries, pinyin, typed
entries.Entry(record_id=1, title="Anna Kowalski", numbers=["C001"]).tokens()
typed.query("anna")
assert not pinyin._readings.cache_info().currsize and "opencc" not in sys.modules
entries.Entry(record_id=1, title="科技").tokens()
assert pinyin._readings.cache_info().currsize and "opencc" in sys.modules
assert "pypinyin" not in sys.modules, "its table alone is enough"
"""
    subprocess.run([sys.executable, "-c", program], check=True)
