"""Every text has its Chinese, and the tool that says so finds what is amiss."""

import gettext
from io import BytesIO

import pytest
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

import translations


def test_every_text_of_the_program_has_its_chinese():
    assert translations.check() == []


def program(*texts):
    """The texts of a small program."""
    catalog = Catalog()
    for number, text in enumerate(texts, 1):
        catalog.add(text, locations=[("page.html", number)])
    return catalog


def part(source):
    """A part as a room writes it."""
    return read_po(BytesIO(source.encode()), locale="zh", abort_invalid=True)


def told(wanted, source):
    """What is said about one part."""
    return list(translations.faults(wanted, {"room.po": part(source)}))


def test_what_is_right_is_left_alone():
    source = (
        'msgid "Saved: %(name)s"\nmsgstr "已保存：%(name)s"\n\n'
        'msgid "%(num)d row"\nmsgid_plural "%(num)d rows"\nmsgstr[0] "%(num)d 行"\n\n'
        'msgid "Call him, at 10:30."\nmsgstr "10:30 打电话给他。"\n'
    )
    rows = ("%(num)d row", "%(num)d rows")
    assert told(program("Saved: %(name)s", rows, "Call him, at 10:30."), source) == []


def test_what_is_missing_or_left_over_is_named():
    assert told(program("Save"), "") == ["page.html:1: 'Save' has no Chinese"]
    assert told(program("Save"), 'msgid "Save"\nmsgstr ""\n') == [
        "page.html:1: 'Save' has no Chinese"
    ]
    assert told(program(), 'msgid "Save"\nmsgstr "保存"\n') == [
        "room.po: 'Save' is nowhere in the program"
    ]


@pytest.mark.parametrize(
    ("english", "chinese", "word"),
    [
        ("Hello %(name)s", "你好", "placeholders"),
        ("Hello %(name)s", "你好，%(nmae)s", "placeholders"),
        ("{n} selected", "已选择", "placeholders"),
        ("Saved.", "已保存.", "full stop"),
        ("Saved, all of it", "已保存,全部", "half-width"),
        ("Why?", "为什么?", "half-width"),
        ("Name: %(x)s", "%(x)s: 名称", "half-width"),
        ("Firm (old)", "公司(旧)", "half-width"),
        ("Saved, thank you", "已保存， 谢谢", "space"),
        ("Loading…", "加载中...", "dots"),
        (" apart", "分开", "blanks"),
    ],
)
def test_what_a_chinese_reader_would_stumble_over_is_named(english, chinese, word):
    found = told(program(english), f'msgid "{english}"\nmsgstr "{chinese}"\n')
    assert any(word in sentence for sentence in found), found


def test_a_doubtful_translation_is_named():
    assert "fuzzy" in told(program("Save"), '#, fuzzy\nmsgid "Save"\nmsgstr "保存"\n')[0]


def test_a_short_text_that_several_rooms_use_is_named_until_it_means_one_thing(monkeypatch):
    source = 'msgid "By"\nmsgstr "操作人"\n\nmsgid "By whom, and when"\nmsgstr "谁、何时"\n'
    wanted = Catalog()
    for text in ("By", "By whom, and when"):
        for room in ("history", "followups"):
            wanted.add(text, locations=[(f"crmlite/{room}/page.html", 1)])
    assert [line.partition(":")[0] for line in told(wanted, source)] == [
        "'By' is said in followups, history"
    ]
    monkeypatch.setattr(translations, "SHARED", {"By"})
    assert told(wanted, source) == []


def test_the_form_for_a_contact_speaks_of_ways_and_days(app):
    from flask_babel import force_locale

    from crmlite.followups.forms import StepForm

    with app.test_request_context(), force_locale("zh"):
        form = StepForm()
        words = {field.name: str(field.label.text) for field in form}
    assert words | {"due_on": "截止日期", "channel": "方式", "assignee_id": "执行人"} == words


def test_two_rooms_that_disagree_are_both_named():
    given = {
        "one.po": part('msgid "Save"\nmsgstr "保存"\n'),
        "same.po": part('msgid "Save"\nmsgstr "保存"\n'),
        "two.po": part('msgid "Save"\nmsgstr "储存"\n'),
    }
    with pytest.raises(translations.Amiss, match=r"one\.po and two\.po disagree"):
        translations.merged(given)


def test_the_parts_are_compiled_to_what_gettext_reads():
    whole = translations.merged(translations.parts())
    compiled = BytesIO()
    write_mo(compiled, whole)
    compiled.seek(0)
    spoken = gettext.GNUTranslations(compiled)
    for message in translations.messages(whole):
        if isinstance(message.id, tuple):
            assert spoken.ngettext(*message.id, 3) == message.string[0]
        elif message.context:
            assert spoken.pgettext(message.context, message.id) == message.string
        else:
            assert spoken.gettext(message.id) == message.string
