"""The texts of the help: in both languages alike, true about which pages there are, and safe."""

import re
from collections.abc import Iterator
from functools import cache
from io import BytesIO
from pathlib import Path

import pytest
from babel.messages.pofile import read_po
from flask import Flask

import crmlite.help.plugin
from crmlite import hooks
from crmlite.access.gate import PUBLIC, requirement
from crmlite.help import markdown
from crmlite.help.topics import GROUPS, LANGUAGES, BadTopic, topics_in

FOLDER = Path(crmlite.help.plugin.__file__).parent / "texts"
TOPICS = {topic.name: topic for topic in topics_in(FOLDER)}
# What belongs to a page that has a topic: parts that htmx fetches, files, answers for other programs.
PARTS = frozenset(
    (
        "cases.cases_for cases.customer_of cases.new_beside cases.new_level customers.aside "
        "customers.counts customers.fact_value customers.head customers.tab customers.timeline_of "
        "followups.steps_of help.index help.show imports.left_over imports.sample "
        "notifications.latest notifications.unread_mark sales.customers_for sales.products_for "
        "search.palette"
    ).split()
)
WORDS = re.compile(r"[A-Za-z0-9'’-]+")
STYLE = re.compile(
    r"[\u4e00-\u9fff][,;:?!(]|[,;?!)][\u4e00-\u9fff]| [，。：；？！、）”]|[，。：；？！、（“] |你(?!们)"
)
HAN = re.compile(r"[\u4e00-\u9fff]")


def every_text() -> Iterator[tuple[str, str, str]]:
    for topic in TOPICS.values():
        for lang, text in topic.texts.items():
            yield topic.name, lang, text


@cache
def interface(lang: str) -> frozenset[str]:
    """The texts of the pages, in a language."""
    folder = Path(crmlite.help.plugin.__file__).parents[1] / "translations" / "parts"
    found: set[str] = set()
    for path in folder.glob("*.po"):
        for message in read_po(BytesIO(path.read_bytes()), locale="zh"):
            words = message.id if lang == "en" else message.string
            found.update([words] if isinstance(words, str) else words)
    return frozenset(found)


@pytest.mark.parametrize("name", TOPICS)
def test_each_topic_stands_in_both_languages_and_belongs_to_the_same_pages(name: str) -> None:
    heads = [
        (FOLDER / lang / f"{name}.md").read_text("utf-8").split("\n\n")[0] for lang in LANGUAGES
    ]
    assert heads[0] == heads[1]
    topic = TOPICS[name]
    assert topic.group in GROUPS
    assert set(topic.title) == set(LANGUAGES) and all(topic.title.values())
    english, chinese = (markdown.headings(topic.texts[lang]) for lang in LANGUAGES)
    assert english == chinese
    assert sorted(markdown.links(topic.texts["en"])) == sorted(markdown.links(topic.texts["zh"]))


def test_no_file_is_of_one_language_alone() -> None:
    english, chinese = ({path.name for path in (FOLDER / lang).iterdir()} for lang in LANGUAGES)
    assert english == chinese == {f"{name}.md" for name in TOPICS}


@pytest.mark.parametrize(("name", "lang", "text"), list(every_text()))
def test_each_text_is_short_and_all_its_marks_are_read(name: str, lang: str, text: str) -> None:
    said = "\n".join(markdown.plain(text))
    length = len(WORDS.findall(said)) if lang == "en" else len(HAN.findall(said))
    assert 120 <= length <= (320 if lang == "en" else 560), length
    assert not re.search(r"[*_`\[\]<>#]", said.replace("138****5678", "")), said
    if lang == "zh":
        bare = re.sub(r"\]\([^)]*\)|[*\[]|^- ", "", text, flags=re.MULTILINE)
        assert STYLE.findall(bare) == []


def test_each_page_belongs_to_one_topic(inside: Flask) -> None:
    named = [endpoint for topic in TOPICS.values() for endpoint in topic.endpoints]
    assert sorted(named) == sorted(set(named))
    pages = {
        rule.endpoint
        for rule in inside.url_map.iter_rules()
        if "GET" in rule.methods and requirement(rule.endpoint) != PUBLIC
    }
    assert set(named) | PARTS == pages
    assert not set(named) & PARTS


def test_nothing_in_the_menus_is_a_part_of_something_else(inside: Flask) -> None:
    hooks_of_menus = ("register_navigation", "register_settings_pages", "register_creations")
    led_to = {
        one.endpoint for hook in hooks_of_menus for one in hooks.gathered(hook) if one.endpoint
    }
    assert len(led_to) > 30
    assert led_to & PARTS == set()


@pytest.mark.parametrize(("name", "lang", "text"), list(every_text()))
def test_buttons_and_pages_are_called_as_the_interface_has_them(
    name: str, lang: str, text: str
) -> None:
    """In bold stand words of the interface, but for what begins a line of a list."""
    bare = re.sub(r"`[^`]*`|^- \*\*[^*]+\*\*", "", text, flags=re.MULTILINE)
    said = re.findall(r"\*\*([^*]+)\*\*|\[([^\]]+)\]\(page:", bare)
    words = {bold or page for bold, page in said}
    assert words - interface(lang) == set(), name


def test_links_lead_to_topics_and_pages_that_are_there(app: Flask) -> None:
    rules = {rule.endpoint: rule for rule in app.url_map.iter_rules() if "GET" in rule.methods}
    for name, _lang, text in every_text():
        for link in markdown.links(text):
            kind, _, place = link.partition(":")
            assert kind in ("help", "page"), (name, link)
            if kind == "help":
                assert place in TOPICS, (name, link)
            else:
                assert not rules[place].arguments, (name, link)


class TestFiles:
    def test_lines_go_on_and_the_title_is_the_first_one(self, tmp_path: Path) -> None:
        self.write(
            tmp_path, "group: daily\nweight: 3\nendpoints: a.b\n  c.d\n\n# Bread\n\nIt is baked.\n"
        )
        [topic] = topics_in(tmp_path, "bakery__")
        assert topic.name == "bakery__bread" and topic.weight == 3
        assert topic.endpoints == ("a.b", "c.d")
        assert topic.title == {"en": "Bread", "zh": "Bread"}

    @pytest.mark.parametrize(
        ("text", "fault"),
        [
            ("group: nowhere\n\n# Bread", "no group nowhere"),
            ("groop: daily\n\n# Bread", "groop"),
            ("group: daily\n\nBread", "# Title"),
            ("# Bread\n\nIt is baked.", "# Bread"),
        ],
    )
    def test_one_that_cannot_be_read_is_named(self, tmp_path: Path, text: str, fault: str) -> None:
        self.write(tmp_path, text)
        with pytest.raises(BadTopic, match=f"bread.*{fault}"):
            topics_in(tmp_path)

    @staticmethod
    def write(folder: Path, text: str) -> None:
        for lang in LANGUAGES:
            (folder / lang).mkdir()
            (folder / lang / "bread.md").write_text(text, "utf-8")


class TestMarkup:
    def test_what_a_text_says_is_escaped(self) -> None:
        text = "# T\n\n<script>alert(1)</script> <b onclick=x> & `<i>` **<u>**\n\n<div>block</div>"
        shown = str(markdown.shown(text, lambda _address: ""))
        tags = set(re.findall(r"</?([a-z]+)", shown))
        assert tags == {"p", "kbd", "strong"}
        assert "&lt;script&gt;" in shown and "&lt;div&gt;" in shown

    @pytest.mark.parametrize(
        "address", ["javascript:alert(1)", "/customers", "http://x.example", "page:nowhere.at_all"]
    )
    def test_a_link_that_leads_nowhere_is_plain_words(self, address: str) -> None:
        shown = str(markdown.shown(f"# T\n\nSee [it]({address}).", lambda _address: ""))
        assert "<a" not in shown and "it" in shown

    def test_pictures_are_none(self) -> None:
        shown = str(markdown.shown("# T\n\n![x](https://x.example/y.png)", lambda _address: ""))
        assert "<img" not in shown
