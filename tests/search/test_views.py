"""The search page and the palette, as people and htmx ask for them."""

import pytest

from crmlite import clock
from crmlite.search.entries import Entry
from crmlite.search.views import IN_PALETTE, OF_EACH_KIND
from crmlite.work.actors import command_line
from tests.search.conftest import CARD, NOTE, written

HTMX = {"HX-Request": "true"}


@pytest.fixture
def filled(app, notes, people):
    """Two notes of different owners and a card."""
    notes.titles.update({1: "Riverton <b>One</b>", 2: "Riverton Two", 3: "科技"})
    with app.app_context():
        entries = [
            Entry(record_id=1, title="Riverton One", owner_id=people("sales")),
            Entry(record_id=2, title="Riverton Two", owner_id=people("sales2")),
        ]
        written(entries, by=command_line(), at=clock.now())
        card = [Entry(record_id=3, title="科技", owner_id=people("sales"))]
        written(card, kind=CARD, by=command_line(), at=clock.now())


@pytest.mark.usefixtures("filled")
def test_a_page_lists_what_fits_by_kind_escaped_and_linked(sign_in):
    page = sign_in("manager").get("/search?q=river")
    assert page.status_code == 200
    assert "<!doctype html>" in page.text
    assert 'href="/notes/1"' in page.text
    assert "Riverton &lt;b&gt;One&lt;/b&gt;" in page.text
    assert "Riverton Two" in page.text
    assert "科技" not in page.text
    assert 'value="river"' in page.text


@pytest.mark.usefixtures("filled")
def test_htmx_gets_the_list_alone(sign_in):
    part = sign_in("manager").get("/search?q=kj", headers=HTMX)
    assert part.text.lstrip().startswith('<div id="search-found">')
    assert "<html" not in part.text
    assert "科技" in part.text


@pytest.mark.usefixtures("filled")
def test_the_palette_gets_lines_of_all_kinds(sign_in):
    part = sign_in("manager").get("/palette?q=r", headers=HTMX)
    assert part.text.lstrip().startswith('<ul class="palette-list" id="palette-found">')
    assert part.text.count("<li>") == 2
    assert 'href="/notes/2"' in part.text
    assert "N2" in part.text
    box = sign_in("manager").get("/palette?q=r", headers={**HTMX, "HX-Target": "find-found"})
    assert box.text == part.text.replace("palette-found", "find-found")
    odd = sign_in("manager").get("/palette?q=r", headers={**HTMX, "HX-Target": '"><script>'})
    assert odd.text == part.text
    empty = sign_in("manager").get("/palette?q=", headers=HTMX)
    assert "<li>" not in empty.text


@pytest.mark.usefixtures("filled")
def test_a_salesperson_never_finds_what_belongs_to_another(sign_in):
    client = sign_in("sales2")
    for address in ("/search?q=river", "/palette?q=river"):
        page = client.get(address)
        assert "/notes/2" in page.text
        assert "/notes/1" not in page.text
    assert "科技" not in client.get("/search?q=kj", headers=HTMX).text


@pytest.mark.usefixtures("filled")
def test_what_its_slice_does_not_show_is_left_out(sign_in, notes):
    del notes.titles[2]
    for address in ("/search?q=river", "/palette?q=river"):
        page = sign_in("manager").get(address).text
        assert "/notes/1" in page
        assert "/notes/2" not in page


@pytest.mark.usefixtures("filled")
def test_nothing_found_says_what_to_try_and_nothing_asked_what_there_is(sign_in):
    client = sign_in("sales")
    assert "Nothing found" in client.get("/search?q=zzqx", headers=HTMX).text
    for empty in ("/search", "/search?q=%20", "/search?q="):
        part = client.get(empty, headers=HTMX).text
        assert "What are you looking for?" in part
        assert "Nothing found" not in part


def test_visitors_are_asked_to_sign_in(client):
    assert client.get("/search?q=a").status_code in (302, 303, 401)
    assert client.get("/palette?q=a", headers=HTMX).status_code == 401


def test_of_many_the_best_are_shown_and_the_palette_leads_to_all(app, notes, sign_in):
    many = OF_EACH_KIND + 5
    notes.titles.update({place: f"Riverton {place}" for place in range(1, many + 1)})
    with app.app_context():
        entries = [Entry(record_id=place, title=title) for place, title in notes.titles.items()]
        written(entries, kind=NOTE, by=command_line(), at=clock.now())
    client = sign_in("manager")
    page = client.get("/search?q=riverton", headers=HTMX).text
    assert page.count("data-row") == OF_EACH_KIND
    assert f"{OF_EACH_KIND}+" in page
    lines = client.get("/palette?q=riverton").text
    assert lines.count("<li>") == IN_PALETTE + 1
    assert 'href="/search?q=riverton"' in lines


def test_hostile_texts_are_answered_as_any_other(sign_in, notes):
    client = sign_in("manager")
    for typed in ("%00", "%ed%a0%80", "%ff", "%22*%5e", "a" * 5000, "%F0%9F%98%80", "{{7*7}}"):
        for path in ("/search", "/palette"):
            answer = client.get(f"{path}?q={typed}", headers=HTMX)
            assert answer.status_code == 200, (path, typed)
            assert "49" not in answer.text
    page = client.get('/search?q="><script>alert(1)</script>').text
    assert "<script>alert" not in page
