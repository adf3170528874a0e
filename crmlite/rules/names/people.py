"""Names of people: which part is the family name, and when there is only a family name."""

import re

COMPOUND = frozenset(
    """
    欧阳 太史 端木 上官 司马 东方 独孤 南宫 万俟 闻人 夏侯 诸葛 尉迟 公羊 赫连 澹台 皇甫 宗政
    濮阳 公冶 太叔 申屠 公孙 慕容 仲孙 钟离 长孙 宇文 司徒 鲜于 司空 闾丘 子车 亓官 司寇 巫马
    公西 颛孙 壤驷 公良 漆雕 乐正 宰父 谷梁 拓跋 夹谷 轩辕 令狐 段干 百里 呼延 东郭 南门 羊舌
    微生 左丘 东门 西门 第五 纳兰 完颜 淳于 梁丘 叶赫 刘付 歐陽 司馬 諸葛 東方 萬俟 聞人 鍾離
    長孫 鮮于 閭丘 尉遲 軒轅 公孫
    """.split()
)
TITLES = re.compile(
    r"(?:总|总经理|副总|经理|总监|主任|主管|老师|老板|女士|先生|小姐|太太|阿姨|大姐|哥|姐|工|厂长|校长|院长|局长"
    r"|处长|科长|部长|店长|董|董事长|秘书|助理|医生|大夫|教授|律师|师傅|会计|妈妈|爸爸|同学)"
)
HAN_NAME = re.compile(r"[\u3400-\u9fff]+")
PARTICLES = frozenset(
    "van von der den de del della di da dos du la le zu zur zum ten ter bin al el".split()
)


def family_name(name: str) -> str:
    """The family name: `欧阳` of 欧阳娜娜, `van der Berg` of Jan van der Berg, `Li` of "Li, Na"."""
    name = " ".join(name.split())
    if HAN_NAME.fullmatch(name):
        return name[:2] if name[:2] in COMPOUND else name[:1]
    for divider in (",", "，"):
        before, found, _ = name.partition(divider)
        if found and before.strip():
            return before.strip()
    words = [word for word in re.split(r"[\s·•]+", name) if word]
    if not words:
        return ""
    start = len(words) - 1
    while start > 1 and words[start - 1].casefold() in PARTICLES:
        start -= 1
    return " ".join(words[start:])


def is_title_only(name: str) -> bool:
    """Whether a name is a family name, or less, with a title: 王总, 李老师, *经理."""
    name = re.sub(r"[\s*＊某xX]+", "", name)
    if not name or not HAN_NAME.fullmatch(name):
        return False
    if TITLES.fullmatch(name):
        return True
    return bool(TITLES.fullmatch(name[len(family_name(name)) :]))
