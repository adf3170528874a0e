"""Phone numbers are read as people write them, kept in one form, and found in every other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from crmlite.rules.contact_details import check_phone, phone_forms, read_phone


def codes(checked):
    """The codes of what was noticed."""
    return [problem.code for problem in checked.problems]


@pytest.mark.parametrize(
    "typed",
    [
        "13800000001",
        "138 0000 0001",
        "138-0000-0001",
        "+86 138-0000-0001",
        "0086 13800000001",
        "8613800000001",
        "013800000001",
        "（138）0000.0001",
        "１３８００００００01",
        "手机：13800000001",
    ],
)
def test_a_mobile_in_every_spelling_is_one_number(typed):
    checked = check_phone(typed)
    assert (checked.value, checked.problems) == ("13800000001", ())
    assert phone_forms(typed) == ("+8613800000001", "0001")


@pytest.mark.parametrize(
    ("typed", "kept", "whole"),
    [
        ("020-88000004", "020-88000004", "+862088000004"),
        ("(0755) 8800 0004", "0755-88000004", "+8675588000004"),
        ("+86 20 88000004", "020-88000004", "+862088000004"),
        ("+49 40 0000007", "+49400000007", "+49400000007"),
        ("0044 20 7946 0000", "+442079460000", "+442079460000"),
    ],
)
def test_landlines_and_foreign_numbers_pass_quietly(typed, kept, whole):
    checked = check_phone(typed)
    assert (checked.value, checked.problems) == (kept, ())
    assert phone_forms(typed).whole == whole


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("020-88000004转801", "020-88000004-801"),
        ("021-6888 8888 转 801", "021-68888888-801"),
        ("021-68888888-801", "021-68888888-801"),
        ("0755-8888-6666-12", "0755-88886666-12"),
        ("(021)68888888 轉 801", "021-68888888-801"),
        ("02168888888 分机：801", "021-68888888-801"),
        ("+1 555 123 4567 ext. 12", "+15551234567 ext 12"),
        ("+1-555-123-4567x12", "+15551234567 ext 12"),
    ],
)
def test_an_extension_is_kept_and_mentioned(typed, kept):
    checked = check_phone(typed)
    assert (checked.value, codes(checked)) == (kept, ["phone_extension"])
    assert phone_forms(typed) == phone_forms(kept)


@pytest.mark.parametrize("typed", ["400-800-1234", "8008001234", "95588", "110", "12315", "10086"])
def test_service_numbers_are_kept_and_mentioned(typed):
    checked = check_phone(typed)
    assert (checked.value, codes(checked)) == (typed.replace("-", ""), ["phone_service"])


def test_a_number_without_area_code_is_mentioned():
    assert codes(check_phone("88000004")) == ["phone_no_area_code"]


@pytest.mark.parametrize(
    ("typed", "code"),
    [
        pytest.param("1320000", "phone_mobile_digits", id="a mobile cut short"),
        pytest.param("138000000011", "phone_mobile_digits", id="a mobile with a digit too many"),
        pytest.param("+86 1380000000", "phone_mobile_digits", id="the same with the country"),
        pytest.param("1380000000O", "phone_unreadable", id="a letter among the digits"),
        pytest.param("bad", "phone_unreadable", id="no digits at all"),
        pytest.param("١٣٨٠٠٠٠٠٠٠١", "phone_unreadable", id="digits of another script"),
        pytest.param("13800000001/13900000002", "phone_several", id="two numbers"),
        pytest.param("13800000001、13900000002", "phone_several", id="two numbers in Chinese"),
        pytest.param("12", "phone_length", id="two digits"),
        pytest.param("+49 123", "phone_length", id="a foreign number cut short"),
        pytest.param("+49" + "1" * 20, "phone_length", id="more than there can be"),
        pytest.param("2" * 100_000, "phone_unreadable", id="endless digits"),
    ],
)
def test_what_cannot_be_a_number_is_refused(typed, code):
    checked = check_phone(typed)
    assert (checked.value, codes(checked), checked.ok) == (None, [code], False)


def test_nothing_entered_is_no_problem():
    assert (check_phone("  ").value, check_phone("").problems) == (None, ())


def test_files_carry_digits_as_dialled_at_home():
    assert read_phone("+86 138 0000 0001").digits == "13800000001"
    assert read_phone("020-88000004转801").digits == "02088000004"
    assert read_phone("0049 40 0000007").digits == "+49400000007"


@pytest.mark.parametrize(
    ("home", "typed", "whole", "kept"),
    [
        ("49", "040 0000007", "+49400000007", "0400000007"),
        ("49", "+49 40 0000007", "+49400000007", "0400000007"),
        ("49", "+86 13800000001", "+8613800000001", "+8613800000001"),
        ("1", "(555) 123-4567", "+15551234567", "5551234567"),
        ("44", "020 7946 0000", "+442079460000", "02079460000"),
    ],
)
def test_a_firm_elsewhere_dials_its_own_way(home, typed, whole, kept):
    assert check_phone(typed, home=home).value == kept
    assert phone_forms(typed, home=home).whole == phone_forms(kept, home=home).whole == whole


@given(st.from_regex(r"(\+\d{7,15}|0\d{9,11}(-\d{1,4})?|1\d{2,10}|\d{3,8})", fullmatch=True))
def test_what_is_kept_reads_back_as_the_same(typed):
    kept = check_phone(typed).value
    if kept is not None:
        assert read_phone(kept) == read_phone(typed)
        assert check_phone(kept).value == kept


@given(st.text())
def test_no_text_is_too_much(typed):
    checked = check_phone(typed)
    assert checked.value is None or checked.ok
    phone_forms(typed)
