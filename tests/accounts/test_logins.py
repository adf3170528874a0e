"""Login names: one spelling is kept."""

import pytest

from crmlite.accounts.logins import check_login, login_form


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("emma", "emma"),
        (" Emma.Clarke@Lanwick.EXAMPLE ", "emma.clarke@lanwick.example"),
        ("ＬＩＮ", "lin"),
        ("林知夏", "林知夏"),
        ("a_b-c+d", "a_b-c+d"),
        ("Straße", "strasse"),
    ],
)
def test_a_login_is_kept_in_small_letters(typed, kept):
    assert check_login(typed).value == kept == login_form(typed)
    assert check_login(kept).value == kept


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "x",
        "a b",
        "a\x00b!",
        "a<b>",
        "a,b",
        "a/b",
        "\u202ea b",
        "\ud800ab",
        "x" * 65,
        "﷽" * 20,
        None,
        7,
    ],
)
def test_what_cannot_be_a_login_is_refused(typed):
    checked = check_login(typed)
    assert checked.value is None
    assert not checked.ok
