"""E-mail addresses, messenger names and web addresses: the form counts, doubts are mentioned."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.contact_details import (
    check_email,
    check_im,
    check_url,
    email_forms,
    im_form,
)


def codes(checked):
    """The codes of what was noticed."""
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("purchase@yunshan-jm.example", "purchase@yunshan-jm.example"),
        (" Li.Na@Nanfeng.EXAMPLE ", "Li.Na@nanfeng.example"),
        ("ｌｉ＠ｎａｎｆｅｎｇ．ｅｘａｍｐｌｅ", "li@nanfeng.example"),
        ("Li Na <li@nanfeng.example>", "li@nanfeng.example"),
        ("mailto:li@nanfeng.example", "li@nanfeng.example"),
        ("li@nanfeng.example。", "li@nanfeng.example"),
        ("li+crm@mail.nanfeng.example", "li+crm@mail.nanfeng.example"),
        ("li@例子.中国", "li@例子.中国"),
    ],
)
def test_addresses_are_kept_tidy(typed, kept):
    checked = check_email(typed, company=True)
    assert (checked.value, checked.problems) == (kept, ())


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        ("bad-email", "email_no_at"),
        ("a@@b.example", "email_no_at"),
        ("a@x.example; b@x.example", "email_several"),
        ("li na@x.example", "email_blank_inside"),
        ("李@x.example", "email_local"),
        (".li@x.example", "email_local"),
        ("a..b@x.example", "email_local"),
        ("@x.example", "email_no_local"),
        ("li@", "email_no_domain"),
        ("li@company", "email_domain"),
        ("li@-x.example", "email_domain"),
        ("li@x..example", "email_domain"),
        ("li@192.0.2.1", "email_domain"),
        ("a@" + "x" * 300 + ".example", "email_too_long"),
    ],
)
def test_what_cannot_be_an_address_is_refused_with_the_reason(typed, code):
    assert (check_email(typed).value, codes(check_email(typed))) == (None, [code])


def test_a_private_mailbox_is_mentioned_for_a_company_only():
    assert codes(check_email("li@QQ.com", company=True)) == ["email_private"]
    assert check_email("li@qq.com", company=True).value == "li@qq.com"
    assert check_email("li@qq.com").problems == ()


def test_an_address_is_found_whatever_its_case():
    assert email_forms("Li.Na@Nanfeng.Example") == (
        "li.na@nanfeng.example",
        "li.na",
        "nanfeng.example",
    )
    assert email_forms("no address") == ("", "", "")


@given(st.emails())
def test_ordinary_addresses_pass_and_stay(typed):
    checked = check_email(typed)
    if checked.ok:
        assert check_email(checked.value).value == checked.value
        assert email_forms(checked.value) == email_forms(typed)


def test_messenger_names_keep_their_form_and_doubts_are_mentioned():
    assert check_im(" ｌｉ_ｎａ88 ") == check_im("li_na88")
    assert codes(check_im("li na")) == ["im_unusual"]
    assert check_im("").value is None
    assert im_form("Li_NA 88") == "li_na88"


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("www.nanfeng.example", "https://www.nanfeng.example"),
        ("HTTP://Nanfeng.example:8080/a?b=1#c", "http://nanfeng.example:8080/a?b=1#c"),
        ("例子.中国/关于", "https://例子.中国/关于"),
    ],
)
def test_web_addresses_get_a_scheme(typed, kept):
    assert check_url(typed).value == kept


@pytest.mark.parametrize(
    "typed",
    [
        "javascript:alert(1)",
        "data:text/html,x",
        "//evil.example",
        "http://user:secret@x.example",
        "x",
        'http://x.example/"onclick=',
        "http://x.example\\@evil.example",
        "http://" + "x" * 600 + ".example",
    ],
)
def test_what_opens_anything_else_is_refused(typed):
    assert codes(check_url(typed)) == ["url_unreadable"]


@given(st.text())
def test_no_text_is_too_much(typed):
    for check in (check_email, check_im, check_url):
        checked = check(typed)
        assert checked.value is None or checked.ok
    email_forms(typed)
    im_form(typed)
