"""Makes company names comparable, whatever their spelling, and notices abbreviated ones."""

import re
import unicodedata
from functools import lru_cache
from importlib import resources

from crmlite.rules.names.places import (
    LATIN_CITIES,
    is_place,
    without_place_behind,
    without_places,
)

LONGEST = 300
LONGEST_KEY = 200  # folding makes some letters two or three
HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")
BRACKETS = re.compile(r"[(\[{【〔〈《「]([^()\[\]{}【】〔〕〈〉《》「」]*)[)\]}】〕〉》」]")
IN_BRACKETS = frozenset(
    "有限合伙 普通合伙 特殊普通合伙 个体工商户 个人独资 集团 控股 株 有限 股份".split()
)
BRANCH = re.compile(
    r"(.+公司)(.{2,12}?)(?:第[一二三四五六七八九十\d]+)?(?:分公司|支公司|办事处|分行|支行|分店|分厂|营业部)"
)
LEGAL_ZH = re.compile(
    r"(?:有限责任公司|股份有限公司|有限公司|集团公司|总公司|株式会社|合伙企业|有限责任|有限合伙|普通合伙"
    r"|个体工商户|公司|集团|控股|股份|有限|企业)$"
)
LEGAL_LATIN = frozenset(
    """
    ltd limited llc llp lp inc incorporated corp corporation co company plc gmbh mbh ag kg kgaa
    ohg ug ev eg se sa sarl sas sasu srl spa snc bv nv vof ab as asa oy oyj aps ivs kk yk pty
    pte pvt bhd sdn sl slu lda ltda sro doo dd kft zrt rt oo zoo sp ooo oao zao pao jsc pjsc
    group holding holdings
    """.split()
)
HOUSES_LATIN = re.compile(
    r"\b(?:universit\w*|college|school|academy|institute?|hospital|clinic|bank|church|council|trust"
    r"|foundation|association|society|museum|library|ministry|hotel|studio|partners(?:hip)?|store"
    r"|centre|center|agency|office|workshop|restaurant|cafe|club|authority|department)\b"
)
HOUSES_ZH = re.compile(
    r"(?:公司|合伙|合作社|工作室|事务所|学校|大学|学院|中学|小学|幼儿园|医院|诊所|门诊部|卫生院|银行|信用社"
    r"|研究院|研究所|设计院|协会|学会|商会|联合会|委员会|基金会|政府|酒店|宾馆|饭店|超市|商场|农场|中心|出版社"
    r"|旅行社|俱乐部|会所|个体工商户|株式会社|.{3}[厂店行部社所院馆局厅处站队坊园铺厨城署堂屋])$"
)
FORM_ZH = re.compile("有限|股份|责任|集团公司|总公司|分公司|合伙")
SHORTEST_PLAIN_COMPANY = 6
TRADITIONAL = str.maketrans(
    *resources.files(__package__).joinpath("traditional.txt").read_text("utf-8").split()
)
LETTERS = str.maketrans({"ø": "o", "æ": "ae", "œ": "oe", "ł": "l", "đ": "d", "ð": "d", "þ": "th"})


@lru_cache(maxsize=1024)  # an import asks several times for each of a few hundred
def name_key(name: str) -> str:
    """What is equal for spellings of one company, and different for most different companies.

    Left out: width, case, accents, punctuation, traditional forms, the legal form, places at the
    front and in brackets. A branch keeps its place: it is a customer of its own. Empty only for
    an empty name.
    """
    plain = folded(name) or name.strip()[:LONGEST]
    key = key_in_chinese(plain) if HAN.search(plain) else key_in_latin(plain)
    return (key or without_signs(plain) or plain)[:LONGEST_KEY]


def key_in_chinese(plain: str) -> str:
    """The key of a name that has Chinese characters in it."""
    name = without_signs(BRACKETS.sub(kept_of_brackets, plain))
    if branch := BRANCH.fullmatch(name):
        return f"{key_in_chinese(branch[1])}·{branch[2].removesuffix('市')}"
    core = without_places(without_legal_form(name))
    return without_place_behind(core)


def kept_of_brackets(match: re.Match[str]) -> str:
    """What brackets hold, unless it is a place or a legal form."""
    inside = match[1].strip()
    return "" if is_place(inside) or inside in IN_BRACKETS else inside


def without_legal_form(name: str) -> str:
    """A Chinese name without 有限公司, 集团 and the like, as long as two characters are left."""
    if len(name) > 6:
        name = name.removeprefix("株式会社")
    while (match := LEGAL_ZH.search(name)) and match.start() >= 2:
        name = name[: match.start()]
    return name


def key_in_latin(plain: str) -> str:
    """The key of a name in Latin or any other letters."""
    words = latin_words(BRACKETS.sub(lambda match: f" {kept_of_brackets(match)} ", plain))
    if len(words) > 1 and words[0] == "the":
        words = words[1:]
    while len(words) > 1 and (words[-1] in LEGAL_LATIN or words[-1] == "and"):
        words = words[:-1]
    if len(words) > 2 and words[0] in LATIN_CITIES:
        words = words[1:]
    return "".join(words)


def latin_words(plain: str) -> list[str]:
    """The words of a folded name: `s.a.` is one, `&` is "and", other signs part words."""
    plain = re.sub(r"\b(?:a/s|i/s|k/s)\b", "as", plain.replace("&", " and ").replace("+", " and "))
    return re.sub(r"[^\w\s]|_", " ", re.sub(r"[.'’`]", "", plain)).split()


def lacks_legal_form(name: str) -> bool:
    """Whether a company's name ends in nothing that a registered name ends in."""
    plain = folded(name)
    if not plain:
        return False
    if HAN.search(plain):
        bare = without_signs(re.sub(r"\((?:个体工商户|.*合伙)\)$", "合伙", plain))
        if bare.endswith("公司"):
            return len(bare) < SHORTEST_PLAIN_COMPANY and not FORM_ZH.search(bare)
        return not HOUSES_ZH.search(bare) and not ends_in_form(plain)
    return not HOUSES_LATIN.search(plain) and not ends_in_form(plain)


def ends_in_form(plain: str) -> bool:
    """Whether the last word of a folded name is a legal form such as `ltd`."""
    words = latin_words(plain)
    return len(words) > 1 and words[-1] in LEGAL_LATIN - {"group", "holding", "holdings"}


def folded(name: str) -> str:
    """A name without differences of width, case, accents, blanks and traditional characters."""
    text = unicodedata.normalize(
        "NFKD", unicodedata.normalize("NFKC", name.strip()[:LONGEST]).casefold()
    )
    text = unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", text))
    return " ".join(text.translate(TRADITIONAL).translate(LETTERS).split())


def without_signs(text: str) -> str:
    """Letters, digits and characters alone."""
    return "".join(character for character in text if character.isalnum())
