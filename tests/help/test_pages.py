"""The pages of the help: what readers find there, by their rights and in their language."""

import re
from typing import Any

import pytest
from flask import Flask

from crmlite.testing import SignIn

PART = {"HX-Request": "true"}


def topics_on(client: Any, url: str = "/help") -> list[str]:
    main = client.get(url).text.partition('id="main"')[2]
    return list(dict.fromkeys(re.findall(r'href="/help/([\w-]+)"', main)))


def test_topics_stand_by_group(sign_in: SignIn) -> None:
    page = sign_in("sales").get("/help").text
    assert page.index("<h2>Every day</h2>") < page.index('href="/help/today"')
    chinese = sign_in("support").get("/help?lang=zh", follow_redirects=True).text
    assert "<h2>日常工作</h2>" in chinese and ">跟进与承诺</a>" in chinese


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_each_topic_has_a_page_without_a_link_to_nowhere(sign_in: SignIn, lang: str) -> None:
    client = sign_in("manager")
    client.get(f"/help?lang={lang}")
    names = topics_on(client)
    assert len(names) > 4
    for name in names:
        page = client.get(f"/help/{name}").text
        text = page.partition('class="help-text">')[2].partition('class="help-end"')[0]
        for address in set(re.findall(r'<a href="(/[^"?#]*)', text)):
            assert client.get(address).status_code in (200, 303), (name, address)


def test_a_topic_is_shown_to_who_may_open_one_of_its_pages(sign_in: SignIn, employ: Any) -> None:
    employ("support", {"backups:manage": "all"})
    manager, sales, support = (sign_in(login) for login in ("manager", "sales", "support"))
    assert set(topics_on(manager)) - set(topics_on(sales)) >= {"backups"}
    assert sales.get("/help/backups").status_code == 404
    assert topics_on(sales, "/help?words=recovery+code") == []
    assert topics_on(support, "/help?words=recovery+code") == ["backups"]


def test_links_to_pages_out_of_reach_are_plain_words(sign_in: SignIn, employ: Any) -> None:
    employ("support", {"backups:manage": "all"})
    link = '<a href="/settings/firm">Firm</a>'
    assert link in sign_in("manager").get("/help/backups").text
    page = sign_in("support").get("/help/backups").text
    assert "under Firm." in page and link not in page


class TestSearch:
    def test_all_words_must_occur_and_titles_come_first(self, sign_in: SignIn) -> None:
        client = sign_in("sales")
        found = topics_on(client, "/help?words=promises")
        assert found[0] == "followups" and "today" in found
        assert topics_on(client, "/help?words=PROMISE+kept") != []
        page = client.get("/help?words=promise+zeppelin").text
        assert "Nothing found" in page and "0 topics found" in page

    def test_it_finds_parts_of_chinese_sentences(self, sign_in: SignIn) -> None:
        client = sign_in("sales")
        client.get("/help?lang=zh")
        assert topics_on(client, "/help?words=跟进与承诺")[0] == "followups"
        assert "followups" in topics_on(client, "/help?words=有效联系　兑现")
        assert "<mark>有效联系</mark>" in client.get("/help?words=有效联系").text

    def test_it_looks_in_the_language_of_the_reader(self, sign_in: SignIn) -> None:
        assert topics_on(sign_in("sales"), "/help?words=承诺") == []

    def test_what_was_asked_for_is_escaped(self, sign_in: SignIn) -> None:
        page = sign_in("sales").get("/help?words=<b>x%22").text
        assert "<b>x" not in page and "&lt;b&gt;x" in page


class TestQuestionMark:
    @pytest.mark.parametrize(
        ("path", "topic"),
        [
            ("/today", "/help/today"),
            ("/today/written", "/help/writing-down"),
            ("/nowhere", "/help"),
        ],
    )
    def test_it_leads_to_the_topic_of_the_page(
        self, sign_in: SignIn, path: str, topic: str
    ) -> None:
        top = sign_in("sales").get(path).text.partition('id="top"')[2]
        mark = re.search(
            r'<a class="btn btn-icon[^>]*href="([^"]*)"[^>]*aria-label="Help"[^>]*>', top
        )
        assert mark and mark[1] == topic and "data-drawer" in mark[0]

    def test_on_pages_of_the_help_it_opens_no_drawer(self, sign_in: SignIn) -> None:
        top = sign_in("sales").get("/help/today").text.partition('id="top"')[2]
        mark = re.search(r'<a [^>]*aria-label="Help"[^>]*>', top)
        assert mark and 'href="/help"' in mark[0] and "data-drawer" not in mark[0]

    def test_the_keys_are_still_reached_without_the_keyboard(self, sign_in: SignIn) -> None:
        page = sign_in("sales").get("/today").text
        menu = page.partition('id="person-menu"')[2].partition("</header>")[0]
        assert 'commandfor="shortcuts"' in menu and "Keyboard shortcuts" in menu


def test_the_drawer_gets_the_part_whose_links_stay_in_it(sign_in: SignIn) -> None:
    client = sign_in("sales")
    part = client.get("/help/today", headers=PART).text
    assert "<html" not in part and 'data-title="Today"' in part and "help.css" in part
    assert 'href="/help" data-drawer' in part
    index = client.get("/help", headers=PART).text
    assert 'href="/help/today" data-drawer' in index


def test_a_topic_that_is_not_there_is_not_found(sign_in: SignIn) -> None:
    assert sign_in("manager").get("/help/zeppelins").status_code == 404


def test_who_is_not_signed_in_gets_no_help(app: Flask) -> None:
    assert app.test_client().get("/help").status_code in (302, 303, 401)
