"""One word per idea: the list of words, the translations and the shipped lists agree."""

import re

import translations
from tests.architecture.project import ROOT, files

PAGE = (ROOT / "docs" / "words.md").read_text("utf-8")


def words(section):
    """The rows of one table: English and Chinese."""
    body = PAGE.split(f"## {section}\n")[1].split("\n## ")[0]
    rows = [[cell.strip() for cell in row.strip("| ").split("|")] for row in body.splitlines()]
    return [
        (row[0], row[1])
        for row in rows
        if len(row) == 3 and row[0] != "English" and "-" * 3 not in row
    ]


def said():
    """Every Chinese text that crmlite brings: translations and data."""
    whole = translations.merged(translations.parts())
    texts = [
        text for message in translations.messages(whole) for text in translations.forms(message)
    ]
    texts += [
        (ROOT / name).read_text("utf-8")
        for name in files()
        if name.startswith("crmlite/") and name.endswith((".toml", ".py"))
    ]
    return "\n".join(filter(None, texts))


def test_a_word_stands_for_one_idea():
    every = words("In use") + words("To come")
    assert len(every) > 50
    for column in zip(*every, strict=True):
        assert len(set(column)) == len(column)


def test_each_word_in_use_is_really_used():
    spoken = said()
    assert [chinese for _english, chinese in words("In use") if chinese not in spoken] == []


def test_a_text_that_is_one_of_the_words_is_translated_by_it():
    known = {}
    for english, chinese in words("In use"):
        for form in (english, re.sub(r"y$", "ie", english) + "s"):
            known[form] = known[form[0].upper() + form[1:]] = chinese
    for name, catalog in translations.parts().items():
        for message in translations.messages(catalog):
            if chinese := known.get(translations.singular(message)):
                text = translations.forms(message)[0]
                assert chinese in text, f"{name}: {message.id} is {text}"
