"""Two spellings of one company are known for one, and an abbreviation for what it is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.names import check_name, looks_abbreviated, name_key
from tests.real_files import real_file


@pytest.mark.parametrize(
    "spellings",
    [
        pytest.param(
            (
                "苏州云杉精密机械有限公司",
                "云杉精密机械(苏州)有限公司",
                "江苏省苏州市云杉精密机械有限责任公司",
                "蘇州雲杉精密機械股份有限公司",
                "苏州云杉精密机械",
                " 苏州 云杉精密机械 （有限公司）",
            ),
            id="place, legal form, brackets, traditional characters",
        ),
        pytest.param(
            ("佛山市顺德区鸿源铝业有限公司", "鸿源铝业", "广东鸿源铝业集团"),
            id="province, city and district",
        ),
        pytest.param(
            ("Nordlicht Handels AG", "NORDLICHT HANDELS, A.G.", "Ｎｏｒｄｌｉｃｈｔ Handels"),
            id="case, dots and width",
        ),
        pytest.param(("Müller GmbH & Co. KG", "Muller Ltd.", "müller"), id="accents"),
        pytest.param(("The Harbour & Sons Co., Ltd", "Harbour and Sons"), id="the, & and commas"),
        pytest.param(
            ("Suzhou Spruce Machinery Co., Ltd.", "Spruce Machinery (Suzhou) Co.,Ltd"),
            id="a Chinese city in Latin letters",
        ),
        pytest.param(("Møller A/S", "Moller"), id="letters with strokes"),
        pytest.param(("有兴商行（个体工商户）", "有兴商行"), id="a sole trader"),
    ],
)
def test_spellings_of_one_company_have_one_key(spellings):
    assert len({name_key(name) for name in spellings}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        pytest.param("南京银行股份有限公司", "北京银行股份有限公司", id="only the place differs"),
        pytest.param("北京大学", "武汉大学", id="universities"),
        pytest.param("常州途畅科技有限公司", "常州途远科技有限公司", id="one character differs"),
        pytest.param("云杉科技有限公司", "云杉科技有限公司合肥分公司", id="a branch"),
        pytest.param("云杉科技有限公司南京分公司", "云杉科技有限公司合肥分公司", id="two branches"),
        pytest.param("永辉超市股份有限公司", "物美超市股份有限公司", id="超市 is no city"),
        pytest.param("上海公司", "北京公司", id="nothing but a place"),
        pytest.param("Acme Ltd", "Acme Tools Ltd", id="one word more"),
        pytest.param("Ltd", "Inc", id="nothing but a legal form"),
        pytest.param("😀", "😎", id="nothing but emoji"),
    ],
)
def test_different_companies_have_different_keys(one, other):
    assert name_key(one) != name_key(other)


@given(st.text())
def test_only_an_empty_name_has_an_empty_key(name):
    key = name_key(name)
    assert bool(key) == bool(name.strip())
    assert name_key(name) == key


CORES = st.text("云杉精密鼎盛途畅麓丰索成澎裕曦淼", min_size=3, max_size=6)


@given(CORES, st.sampled_from(["苏州", "广东省", "上海市", "内蒙古自治区", "张家港市", ""]))
def test_place_and_legal_form_never_matter(core, place):
    plain = name_key(core)
    for suffix in ("有限公司", "股份有限公司", "集团有限公司", "有限责任公司", ""):
        assert name_key(f"{place}{core}{suffix}") == plain
        assert name_key(f"{core}({place}){suffix}") == plain if place else True


@pytest.mark.parametrize(
    "name",
    ["华为", "腾讯科技", "云杉公司", "云杉股份", "阿里巴巴集团", "IBM", "Riverton Textiles", "Ltd"],
)
def test_abbreviated_companies_are_noticed(name):
    assert looks_abbreviated(name, "company")
    assert [problem.code for problem in check_name(name, "company")] == ["name_abbreviated"]


@pytest.mark.parametrize(
    "name",
    [
        "苏州云杉精密机械有限公司",
        "白鹭设计工作室",
        "青岛海蓝渔具厂",
        "云杉（苏州）合伙企业（有限合伙）",
        "有兴商行（个体工商户）",
        "南京银行",
        "Nordlicht Handels AG",
        "Riverton Textiles Limited",
        "University of Leeds",
        "世鼎生物技术 (HK) Ltd",
        "",
    ],
)
def test_full_names_of_houses_pass(name):
    assert not looks_abbreviated(name, "company")
    assert check_name(name, "company") == ()


def registered_names():
    """Names of real registers that lie outside the project."""
    text = real_file("companies", "cnp_company_demo.txt").read_text("utf-8")
    return [line.strip() for line in text.splitlines() if line.strip()]


def test_registered_names_keep_apart_and_look_complete():
    names = registered_names()
    assert len({name_key(name) for name in names}) == len(set(names)) > 100
    assert [name for name in names if looks_abbreviated(name, "company")] == []


def test_registered_names_lose_their_place_and_form():
    for name in registered_names():
        key = name_key(name)
        assert len(key) >= 2
        assert not key.endswith(("有限公司", "有限责任公司", "股份有限公司")), name
        assert name_key(f"{name}(中国)") == key or "分公司" in name, name


def test_places_of_the_register_of_places_are_known_in_front():
    lines = real_file("admin_div", "cities.csv").read_text("utf-8-sig").splitlines()[1:]
    cities = [line.split(",")[1].strip('"') for line in lines]
    for city in (city for city in cities if city.endswith("市")):
        assert name_key(f"{city}途畅机械有限公司") == "途畅机械", city
        assert name_key(f"{city[:-1]}途畅机械有限公司") == "途畅机械", city
