"""The frame says where one is, and leads back from the pages of the settings."""

import re

import pytest

from crmlite.navigation import navigation_entries
from crmlite.testing import SignIn


@pytest.mark.parametrize(
    ("path", "current", "above"),
    [
        ("/settings", "settings", ""),
        ("/settings/tags", "settings", "/settings"),
        ("/settings/lists/stage", "settings", "/settings/lists"),
        ("/settings/people", "settings", "/settings"),
        ("/customers", "customers", ""),
        ("/customers/new", "customers", ""),
        ("/today", "today", ""),
    ],
)
def test_one_entry_is_current_and_settings_have_a_way_back(
    sign_in: SignIn, path: str, current: str, above: str
):
    page = sign_in("manager").get(path).text
    side = page[page.index('id="side"') : page.index("</nav>")]
    assert re.findall(r'data-find="(\w+)" aria-current="page"', side) == [current]
    found = re.search(r'id="up"><a class="link-q" href="([^"]*)"', page)
    assert (found[1] if found else "") == above


def test_each_letter_leads_to_one_page(app):
    with app.app_context():
        letters = [entry.letter for entry in navigation_entries() if entry.letter]
    assert len(letters) > 5
    assert len(letters) == len(set(letters))
