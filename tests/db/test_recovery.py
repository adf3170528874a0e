"""The recovery code forgives how it is typed, never what is typed, and opens only its own book."""

import base64
import json
import os
from contextlib import suppress

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crmlite.db import recovery
from crmlite.db.recovery import (
    ALPHABET,
    GROUP_LENGTH,
    GROUPS,
    MistypedCode,
    RecoveryKey,
    WrapDamaged,
    WrongCode,
    new_code,
    read_code,
    unwrap,
)

LENGTH = GROUPS * GROUP_LENGTH


@pytest.fixture(scope="module")
def key_and_code() -> tuple[RecoveryKey, str]:
    return RecoveryKey.create()


def placed(code: str) -> list[int]:
    """Where the letters of a code stand in it, between the dashes."""
    return [at for at, character in enumerate(code) if character != "-"]


def test_codes_are_seven_groups_of_five_and_never_come_twice() -> None:
    codes = {new_code() for _ in range(300)}
    assert len(codes) == 300
    for code in codes:
        groups = code.split("-")
        assert [len(group) for group in groups] == [GROUP_LENGTH] * GROUPS
        assert set("".join(groups)) <= set(ALPHABET)


def test_every_single_mistyped_character_is_noticed_and_its_group_named() -> None:
    tried = 0
    for code in (new_code() for _ in range(20)):
        for number, at in enumerate(placed(code)):
            for other in set(ALPHABET) - {code[at]}:
                with pytest.raises(MistypedCode, match=f"Group {number // GROUP_LENGTH + 1} "):
                    read_code(code[:at] + other + code[at + 1 :])
                tried += 1
    assert tried == 20 * LENGTH * 31


def test_two_neighbours_in_the_wrong_order_are_noticed() -> None:
    tried = 0
    for code in (new_code() for _ in range(100)):
        for first, second in zip(placed(code), placed(code)[1:], strict=False):
            if code[first] == code[second]:
                continue
            letters = list(code)
            letters[first], letters[second] = letters[second], letters[first]
            with pytest.raises(MistypedCode):
                read_code("".join(letters))
            tried += 1
    assert tried > 3000


def test_two_groups_in_the_wrong_order_are_noticed() -> None:
    code = new_code()
    for first in range(GROUPS):
        for second in range(first + 1, GROUPS):
            groups = code.split("-")
            groups[first], groups[second] = groups[second], groups[first]
            with pytest.raises(MistypedCode):
                read_code("-".join(groups))


def test_a_missing_or_an_extra_character_is_counted_in_the_message() -> None:
    code = new_code()
    with pytest.raises(MistypedCode, match="35 letters and digits; 34 were typed"):
        read_code(code[:-1])
    with pytest.raises(MistypedCode, match="36 were typed"):
        read_code(code + "7")
    with pytest.raises(MistypedCode, match="0 were typed"):
        read_code(" - ")


def full_width(code: str) -> str:
    return "".join(chr(ord(c) + 0xFEE0) if c != "-" else "－" for c in code)


@pytest.mark.parametrize(
    "retyped",
    [
        str.lower,
        lambda code: code.replace("-", ""),
        lambda code: code.replace("-", " "),
        lambda code: f"  {code}\r\n",
        lambda code: code.replace("0", "O").replace("1", "l"),
        lambda code: code.replace("0", "o").replace("1", "I"),
        lambda code: code.replace("-", " – "),
        full_width,
    ],
)
def test_however_a_right_code_is_typed_it_is_read(retyped) -> None:
    for code in (new_code() for _ in range(50)):
        assert read_code(retyped(code)) == code


@given(st.text(max_size=80))
def test_whatever_is_typed_is_a_code_or_a_wrong_code(typed: str) -> None:
    with suppress(WrongCode):
        assert read_code(read_code(typed)) == read_code(typed)


@given(secret=st.binary(max_size=500))
@settings(max_examples=8, deadline=None)
def test_the_code_opens_what_was_wrapped(secret: bytes, key_and_code) -> None:
    key, code = key_and_code
    wrapped = key.wrap(secret)
    assert unwrap(wrapped, code.lower()) == secret
    assert len(secret) < 8 or secret not in wrapped


def test_the_same_secret_is_wrapped_differently_each_time(key_and_code) -> None:
    key, _ = key_and_code
    sealed = {json.loads(key.wrap(b"secret"))["sealed"] for _ in range(20)}
    assert len(sealed) == 20


def test_another_books_code_opens_nothing(key_and_code) -> None:
    with pytest.raises(WrongCode, match="another book"):
        unwrap(key_and_code[0].wrap(b"secret"), new_code())


def test_a_mistyped_code_is_told_before_anything_is_computed(key_and_code) -> None:
    with pytest.raises(MistypedCode):
        unwrap(b"not even looked at", "7K2QF")


def test_a_key_survives_being_written_and_read(key_and_code) -> None:
    key, code = key_and_code
    again = RecoveryKey.read(json.loads(json.dumps(key.fields())))
    assert again == key
    assert unwrap(again.wrap(b"secret"), code) == b"secret"


def test_no_bit_of_a_wrapped_secret_can_be_changed_unnoticed(key_and_code) -> None:
    key, code = key_and_code
    wrapped = key.wrap(os.urandom(41))  # 69 bytes with nonce and tag: base64 has no idle bits
    step = max(len(wrapped) // 60, 1)
    for at in range(0, len(wrapped), step):
        damaged = bytearray(wrapped)
        damaged[at] ^= 1 << at % 7
        try:
            same = json.loads(damaged) == json.loads(wrapped)  # white space between the fields
        except ValueError:
            same = False
        if not same:
            with pytest.raises((WrapDamaged, WrongCode)):
                unwrap(bytes(damaged), code)


@pytest.mark.parametrize("share", [0, 0.1, 0.5, 0.9, 0.999])
def test_a_shortened_wrap_is_damaged(share: float, key_and_code) -> None:
    key, code = key_and_code
    wrapped = key.wrap(b"secret")
    with pytest.raises(WrapDamaged):
        unwrap(wrapped[: int(len(wrapped) * share)], code)


@pytest.mark.parametrize(
    "forged",
    [
        b"[]",
        b"null",
        b"3",
        b"{}",
        b"\xff\xfe",
        b"[" * 5000,
        b'{"sealed": 3}',
        b'{"sealed": "AAAA", "public": 1, "salt": 2, "cost": 3}',
    ],
)
def test_what_was_never_a_wrap_is_damaged(forged: bytes) -> None:
    with pytest.raises(WrapDamaged):
        unwrap(forged, new_code())


@pytest.mark.parametrize("cost", [0, 1, 2**13, 2**19, 2**40, 2**15 + 1, -(2**15), 1.5, "32768"])
def test_a_forged_cost_does_not_fill_the_memory(cost: object, key_and_code) -> None:
    key, code = key_and_code
    fields = json.loads(key.wrap(b"secret")) | {"cost": cost}
    with pytest.raises(WrapDamaged):
        unwrap(json.dumps(fields).encode(), code)


def test_an_unknown_format_says_so(key_and_code) -> None:
    key, code = key_and_code
    fields = json.loads(key.wrap(b"secret")) | {"format": 2}
    with pytest.raises(WrapDamaged, match="unknown format 2"):
        unwrap(json.dumps(fields).encode(), code)


def test_the_kept_half_does_not_contain_the_code(key_and_code) -> None:
    key, code = key_and_code
    kept = json.dumps(key.fields()) + json.dumps(json.loads(key.wrap(b"x")))
    assert code not in kept
    assert code.replace("-", "") not in kept
    assert base64.b64encode(code.encode()).decode() not in kept


def test_deriving_the_key_costs_a_guesser_memory() -> None:
    assert recovery.SCRYPT_COST >= 2**15
