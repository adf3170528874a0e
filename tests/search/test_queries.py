"""What is found, for whom, and in which order."""

import random

import pytest
from sqlalchemy import select

from crmlite.db.keys import ring
from crmlite.db.sealing import keyed_hash
from crmlite.extensions import database
from crmlite.rules.contact_details import email_forms, phone_forms
from crmlite.search.entries import Entry
from crmlite.search.models import SearchDoc
from crmlite.search.pinyin import pieces
from crmlite.search.queries import find, record_ids
from crmlite.search.ranking import Rank
from crmlite.search.statements import NEWEST, WINDOW
from crmlite.search.tokens import name_tokens
from crmlite.search.typed import query
from tests.search.conftest import CARD, NOTE, ids, put, reader
from tests.search.test_tokens import holds

pytestmark = pytest.mark.usefixtures("inside", "notes")

BOOK = (
    "上海开元科技有限公司",
    "Anna Kowalski",
    "臺灣積體電路製造",
    "ＡＢＣ　Ｌｏｇｉｓｔｉｃｓ",
    "重庆长安汽车",
    "Łódź Textiles",
    "单雄信",
    "吕布",
)


def check(expected):
    """Hold what is found in BOOK against a table of places, counted from 1."""
    put(*BOOK)
    assert {typed: sorted(ids(typed)) for typed in expected} == expected


def test_one_to_four_chinese_characters_from_anywhere_in_a_name_find_it():
    check(
        {
            "海": [1],
            "科技": [1],
            "元科技": [1],
            "开元科技": [1],
            "上海 科技": [1],
            "海科": [],
            "技科": [],
            "杭州": [],
        }
    )


def test_latin_letters_find_from_the_beginning_the_middle_and_the_end_in_any_case():
    check(
        {
            "kow": [2],
            "walsk": [2],
            "SKI": [2],
            "ki": [2],
            "anna kow": [2],
            "kow anna": [2],
            "ABC log": [4],
            "kowalskix": [],
            "zzqx": [],
        }
    )


def test_pinyin_and_initials_find_from_any_character_on_in_every_reading():
    check(
        {
            "keji": [1],
            "kej": [1],
            "kj": [1],
            "kaiyuan": [1],
            "shkykj": [1],
            "shanghaikaiyuankejiyouxian": [1],
            "shanghai kj": [1],
            "chongqing": [5],
            "zhongqing": [5],
            "shanxiongxin": [7],
            "danxiongxin": [7],
            "lvbu": [8],
            "lubu": [8],
            "lübu": [8],
            "jike": [],
            "shanghaikaiyuankejiyouxiax": [1],  # long spellings are told apart by 16 letters
        }
    )


def test_traditional_and_simplified_width_and_accents_make_no_difference():
    check(
        {
            "台湾积体": [3],
            "臺灣": [3],
            "電路": [3],
            "电路": [3],
            "重慶": [5],
            "abc logi": [4],
            "ａｂｃ": [4],
            "ＫＯＷ": [2],
            "lodz": [6],
            "ŁÓDŹ": [6],
        }
    )


def test_a_text_without_letters_and_digits_finds_nothing():
    check({"": [], "   ": [], "!?…": [], "，。": [], "😀": []})


def test_numbers_are_found_with_and_without_letters_and_zeros():
    put(Entry(record_id=1, title="Riverton", numbers=["C001"]))
    for typed in ("C001", "c001", "001", "1", "C00", "ｃ００１", " C001 "):
        assert ids(typed) == [1], typed
    assert ids("C0012") == []


def test_a_number_comes_before_names_that_begin_with_it():
    put(
        Entry(record_id=1, title="Riverton", numbers=["C012"]),
        Entry(record_id=2, title="12 Monkeys", numbers=["C999"]),
        Entry(record_id=3, title="Room 12", numbers=["C500"]),
    )
    assert ids("12") == [1, 2, 3]


def phone(number: str) -> list[str]:
    forms = phone_forms(number)
    return [
        keyed_hash(ring(), "phone", forms.whole),
        keyed_hash(ring(), "phone-tail", forms.tail),
    ]


def mail(address: str) -> list[str]:
    forms = email_forms(address)
    return [
        keyed_hash(ring(), purpose, form)
        for purpose, form in zip(("email", "email-name", "email-domain"), forms, strict=True)
    ]


def test_a_phone_is_found_whole_however_written_and_by_its_last_four_digits():
    put(
        Entry(record_id=1, title="Riverton", hashes=phone("13812345678")),
        Entry(record_id=2, title="Hartwell", hashes=phone("13887654321")),
    )
    for typed in (
        "13812345678",
        "138 1234 5678",
        "+86 138-1234-5678",
        "0086 13812345678",
        "5678",
        "１３８１２３４５６７８",
    ):
        assert ids(typed) == [1], typed


def test_other_parts_of_a_phone_find_nothing():
    put(Entry(record_id=1, title="Riverton", hashes=phone("13812345678")))
    for typed in ("1381234567", "3812345678", "1234", "678", "45678"):
        assert ids(typed) == [], typed


def test_an_address_is_found_whole_by_local_part_and_by_domain():
    put(
        Entry(record_id=1, title="Oakhill", hashes=mail("Clara@riverton.example")),
        Entry(record_id=2, title="Hartwell", hashes=mail("oliver@hartwell.example")),
    )
    for typed in (
        "clara@riverton.example",
        "Clara@Riverton.Example",
        "clara",
        "clara@",
        "riverton.example",
        "@riverton.example",
    ):
        assert ids(typed) == [1], typed


def test_what_is_hashed_is_nowhere_in_the_rows_in_clear():
    put(
        Entry(
            record_id=1,
            title="Oakhill",
            hashes=[*phone("13812345678"), *mail("clara@riverton.example")],
        )
    )
    row = database.session.execute(select(SearchDoc.__table__)).one()
    for secret in ("13812345678", "5678", "clara", "riverton"):
        assert secret not in str(row)


def test_tags_are_found_by_character_and_pinyin_after_names():
    put(
        Entry(record_id=1, title="Oakhill", labels=["高潜力"]),
        Entry(record_id=2, title="高潜力科技"),
        Entry(record_id=3, title="Hartwell"),
    )
    assert ids("潜力") == [2, 1]
    assert ids("gaoqianli") == [2, 1]
    assert ids("gql") == [2, 1]


def test_texts_are_found_by_word_and_character_without_pinyin():
    put(Entry(record_id=1, title="Oakhill", texts=["数控机床, spare parts"]))
    assert ids("数控") == ids("机床") == ids("spare par") == [1]
    assert ids("shukong") == []


def test_two_texts_do_not_run_into_each_other():
    put(Entry(record_id=1, title="上海", labels=["科技"]))
    assert ids("海科") == []


def test_the_best_come_first():
    put(
        "Old Anna Store",  # in the middle
        "Annabel",  # begins so
        "Anna",  # the name itself
        "Joanna",  # part of a word
        Entry(record_id=5, title="Bergmann", labels=["anna"]),
        "Anna Zimmer",
    )
    assert ids("anna") == [3, 6, 2, 1, 4, 5]
    assert [hit.rank for hit in find(reader(), "anna")] == [
        Rank.NAME,
        Rank.BEGINNING,
        Rank.BEGINNING,
        Rank.WORD,
        Rank.PART,
        Rank.OTHER,
    ]


def test_a_name_in_characters_comes_before_one_that_only_sounds_so():
    put("Ke Ji Trading", "科技", "克己")
    assert ids("科技") == [2]
    assert ids("keji") == [1, 3, 2]


def test_never_more_than_asked_for():
    put(*(f"Riverton {place}" for place in range(30)))
    assert len(ids("river", limit=7)) == 7
    assert ids("river", limit=0) == []


def test_an_exact_match_is_found_behind_hundreds_of_newer_ones():
    put("Riverton", *(f"Riverton {place} Ltd" for place in range(NEWEST + 50)))
    assert ids("riverton", limit=1) == [1]


def test_rare_words_are_found_among_old_rows_and_common_ones_among_new():
    put(*("Zebra" if place == 3 else f"Common {place}" for place in range(1, WINDOW + 300)))
    assert ids("zebr") == [3]
    assert ids("ommon", limit=1) == [WINDOW + 299]


def test_people_find_what_they_may_see_and_nothing_else():
    put(
        Entry(record_id=1, title="Riverton One", numbers=["C001"], owner_id=17),
        Entry(record_id=2, title="Riverton Two", numbers=["C002"], owner_id=18),
        Entry(record_id=3, title="Riverton Three", numbers=["C003"]),
    )
    assert sorted(ids("riverton")) == [1, 2, 3]
    assert ids("riverton", by=reader("own", 17)) == [1]
    assert ids("C002", by=reader("own", 17)) == []
    assert ids("riverton", by=reader("own", 1)) == []
    assert sorted(ids("riverton", by=reader("team", 17, [18, 19]))) == [1, 2]
    assert ids("riverton", by=reader("")) == []


def test_nobody_can_type_the_tokens_of_scope():
    put(Entry(record_id=1, title="Riverton", owner_id=18), Entry(record_id=2, title="Oak"))
    for typed in ["own17", "~note.own18", "note.own18", "note", "noowner", "archived"]:
        assert ids(typed) == [], typed


def test_archived_and_deleted_ones_are_found_only_when_asked_for():
    put(
        Entry(record_id=1, title="Riverton A"),
        Entry(record_id=2, title="Riverton B", state="archived"),
        Entry(record_id=3, title="Riverton C", state="deleted"),
        Entry(record_id=4, title="Riverton D", state="merged"),
    )
    assert ids("riverton") == [1]
    assert ids("riverton", states=("archived",)) == [2]
    assert sorted(ids("riverton", states=("active", "archived"))) == [1, 2]
    assert sorted(ids("riverton", states=("deleted", "merged"))) == [3, 4]
    every = ("active", "archived", "deleted", "merged")
    assert sorted(ids("riverton", states=every)) == [1, 2, 3, 4]


def test_a_new_owner_finds_it_at_once_and_the_old_one_no_more():
    put(Entry(record_id=1, title="Riverton", owner_id=17))
    put(Entry(record_id=1, title="Riverton", owner_id=18))
    assert ids("river", by=reader("own", 17)) == []
    assert ids("river", by=reader("own", 18)) == [1]
    put(Entry(record_id=1, title="Riverton", owner_id=18, state="archived"))
    assert ids("river", by=reader("own", 18)) == []


def fits(text, found):
    question = query(text)
    return question is not None and any(
        holds(condition, found)
        for condition in (question.exactly, question.beginning, question.anywhere)
    )


def test_the_engine_finds_exactly_what_the_tokens_say():
    dice = random.Random(7)
    parts = [
        "上海",
        "重庆",
        "科技",
        "臺灣",
        "单",
        "长安",
        "Anna",
        "Kowalski",
        "LTD",
        "Ä",
        "ß",
        "9",
        "C007",
    ]
    names = ["".join(dice.choices([*parts, " ", "-"], k=dice.randint(1, 6))) for _ in range(150)]
    put(
        *(
            Entry(record_id=place, title=name, owner_id=17 if place % 3 else 18)
            for place, name in enumerate(names, 1)
        )
    )
    indexed = {place: name_tokens(name) for place, name in enumerate(names, 1)}
    typed = {name[start : start + dice.randint(1, 5)] for name in names for start in (0, 2, 4)}
    typed |= {"".join(piece.choices[0] for piece in pieces(name[:3])) for name in names}
    for text in sorted(typed):
        expected = {place for place, found in indexed.items() if fits(text, found)}
        assert set(ids(text, limit=200)) == expected, text
        of_one = {place for place in expected if place % 3}
        assert set(ids(text, limit=200, by=reader("own", 17))) == of_one, text
        assert set(database.session.execute(record_ids(NOTE, text)).scalars()) == expected, text


@pytest.mark.parametrize("few", [300, 1])
def test_who_sees_few_finds_the_same_however_it_is_looked_for(monkeypatch, few):
    monkeypatch.setattr("crmlite.search.queries.FEW", few)
    names = ("Riverton", "Old Riverton Mill", "Rivertonia", "Driverton 上海", "上海河有限公司")
    put(*(Entry(record_id=n, title=name, owner_id=17) for n, name in enumerate(names, 1)))
    one = reader("own", 17)
    for who in (one, reader()):
        assert set(ids("riverton", by=who)) == {1, 2, 3, 4}
        assert ids("riverton", by=who)[0] == 1
    assert ids("yxgs", by=one) == ids("youxiang", by=one) == [5]
    assert ids("riverton 上海", by=one) == [4]
    assert ids("rivertonx", by=one) == ids("riverton", by=reader("own", 18)) == []


def test_words_that_end_so_come_before_those_that_go_on_when_there_are_enough():
    put(*(f"Old Riverton {n}" for n in range(9)), *(f"Old Rivertonia {n}" for n in range(9)))
    assert set(ids("riverton", limit=9)) == set(range(1, 10))
    assert len(ids("riverton", limit=18)) == 18


def test_kinds_can_be_chosen_and_stand_in_their_order():
    put("Riverton")
    put("Riverton", kind=CARD)
    assert [(hit.record_type, hit.record_id) for hit in find(reader(), "riverton")] == [
        (NOTE, 1),
        (CARD, 1),
    ]
    assert [hit.record_type for hit in find(reader(), "river", {CARD})] == [CARD]
    assert find(reader(), "river", set()) == []


def test_lists_get_all_ids_as_a_condition():
    put(*(f"Riverton {place}" for place in range(NEWEST + 20)), "Oakhill")
    put("Riverton", kind=CARD)
    found = database.session.execute(record_ids(NOTE, "riverton")).scalars().all()
    assert sorted(found) == list(range(1, NEWEST + 21))
    assert database.session.execute(record_ids(NOTE, "…")).scalars().all() == []
    both = record_ids(NOTE, "riverton 1").where(
        SearchDoc.__table__.c.record_id.in_(record_ids(NOTE, "riverton 17"))
    )
    assert sorted(database.session.execute(both).scalars()) == [18, 118, *range(171, 181), 218]


HOSTILE = [
    '"',
    "'",
    '" OR "a',
    "' OR 1=1 --",
    "* ",
    "a*",
    "^a",
    "NEAR(a b)",
    "a AND b OR NOT c",
    "AND",
    "NOT",
    "()",
    "((((",
    "-",
    "-a",
    "a:b",
    "body:a",
    "{body scope}: a",
    "a + b",
    "\\",
    "\\'",
    "a\x00b",
    "\x00",
    "\ud800",
    "a\udfffb",
    "%_%",
    "a & b | !c <-> d:*",
    "$$",
    "😀👩‍👩‍👧",
    "\u202eabc",
    "x" * 10_000,
    "字" * 10_000,
    "a " * 5_000,
    "@" * 300,
    "1" * 300,
    "@.",
    "a@",
    "@b",
    "\u0300\u0301",
    "ﷺ" * 200,
    "İIıi",
    "ß" * 100,
]


def test_no_text_breaks_the_search():
    put(Entry(record_id=1, title="Quiet Harbour", numbers=["C777"]))
    for typed in HOSTILE:
        assert set(ids(typed)) <= {1}, typed
        assert set(database.session.execute(record_ids(NOTE, typed)).scalars()) <= {1}, typed


def test_no_name_breaks_the_index():
    put(
        *(
            Entry(
                record_id=place,
                title=name,
                names=[name],
                labels=[name],
                numbers=[name],
                texts=[name],
            )
            for place, name in enumerate(HOSTILE, 10)
        ),
        Entry(record_id=2, title="Quiet Harbour"),
    )
    assert ids("quiet") == [2]


def test_signs_of_query_languages_mean_nothing():
    put(Entry(record_id=1, title="Quiet Harbour", numbers=["C777"]))
    for typed in ("quiet*", "^harbour", "-quiet", '"harbour quiet"', "qui%"):
        assert ids(typed) == [1], typed
    for typed in ("zebra OR quiet", "NOT zebra", "quiet NEAR harbour", "body:quiet", "q%t", "q_t"):
        assert ids(typed) == [], typed
