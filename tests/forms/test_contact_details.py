"""Fields for phone, e-mail, messenger and web addresses."""

import pytest

from crmlite.forms import Email, Form, Messenger, Phone, Website


class Card(Form):
    phone = Phone("Phone")
    abroad = Phone("Phone", home=lambda: "44")
    email = Email("E-mail", company=True)
    chat = Messenger("WeChat")
    site = Website("Website")


@pytest.mark.parametrize(
    ("name", "typed", "kept"),
    [
        ("phone", "138 0000 0001", "13800000001"),
        ("phone", "＋86 138-0000-0001", "13800000001"),
        ("abroad", "020 7946 0000", "02079460000"),
        ("email", "Emma <Emma@Firm.EXAMPLE>", "Emma@firm.example"),
        ("chat", " lin_88 ", "lin_88"),
        ("site", "www.firm.example", "https://www.firm.example"),
    ],
)
def test_what_is_typed_is_kept_in_one_form(sent, name, typed, kept):
    field = sent(Card, {name: typed})[name]
    assert field.errors in ([], ())
    assert field.data == kept


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("phone", "1385556677"), ("phone", "call me"), ("email", "emma@firm"), ("email", "a b@c.d"),
        ("site", "javascript:alert(1)"), ("chat", "x" * 101),
    ],
)  # fmt: skip
def test_what_cannot_be_right_is_refused_and_shown_again(sent, name, typed):
    form = sent(Card, {name: typed})
    assert form.http_status == 422
    assert form[name].data is None
    assert typed in form[name]()


def test_what_is_unusual_is_only_mentioned(sent):
    form = sent(Card, {"email": "emma@gmail.com", "phone": "95588"})
    assert form.http_status == 200
    assert "private mailbox" in form.email.doubt
    assert "service number" in form.phone.doubt


def test_browsers_do_not_refuse_what_we_would_read(sent):
    form = sent(Card)
    assert 'type="email"' not in form.email()
    assert 'inputmode="email"' in form.email()
    assert 'type="url"' not in form.site()
    assert 'type="tel"' in form.phone()
