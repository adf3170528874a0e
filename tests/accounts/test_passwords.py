"""Passwords are kept as hashes only, and refused when they are easily guessed."""

import threading
import time

import pytest
from argon2 import PasswordHasher

from crmlite.accounts import passwords
from crmlite.accounts.passwords import hashed, is_outdated, matches, weakness
from tests.applications import HASHER

GOOD = "seven green kettles"


@pytest.fixture(autouse=True)
def real_costs(monkeypatch):
    """Hashing as crmlite does it; elsewhere the tests do it for less."""
    monkeypatch.setattr(passwords, "HASHER", HASHER)
    passwords._nobodys.cache_clear()
    yield
    passwords._nobodys.cache_clear()


def test_a_password_is_found_again_and_no_other():
    kept = hashed(GOOD)
    assert GOOD not in kept
    assert matches(kept, GOOD)
    assert not matches(kept, GOOD + " ")
    assert not matches(kept, "")


def test_any_characters_do():
    for password in (
        "七只绿色水壶在阳台上晒太阳",
        "a\x00b" * 5,
        "🫖" * 3 + "tea at five",
        "\ud800" + "x" * 12,
    ):
        assert matches(hashed(password), password)


def test_the_same_letters_match_however_a_keyboard_composes_them():
    assert matches(hashed("café au lait au lit"), "cafe\u0301 au lait au lit")


def test_nothing_is_cut_off():
    kept = hashed("x" * 999 + "a")
    assert matches(kept, "x" * 999 + "a")
    assert not matches(kept, "x" * 999 + "b")


def test_a_hash_costs_what_owasp_asks_and_older_ones_are_noticed():
    assert "$argon2id$v=19$m=19456,t=2,p=1$" in hashed(GOOD)
    assert not is_outdated(hashed(GOOD))
    assert is_outdated(PasswordHasher(time_cost=1, memory_cost=8192, parallelism=1).hash(GOOD))


def test_a_damaged_hash_lets_nobody_in():
    for kept in ("", "x", "$argon2id$v=19$m=19456,t=2,p=1$bad"):
        assert not matches(kept, GOOD)


def test_nobody_takes_as_long_as_somebody():
    kept = hashed(GOOD)
    matches(None, GOOD)

    def taken(of):
        began = time.perf_counter()
        matches(of, "wrong password here")
        return time.perf_counter() - began

    # the shortest of many in turn: what else a busy machine does only makes single ones longer
    known, unknown = map(min, zip(*((taken(kept), taken(None)) for _ in range(21)), strict=True))
    assert abs(known - unknown) < 0.35 * max(known, unknown)
    assert unknown > 0.005


def test_an_endless_password_is_not_even_hashed():
    began = time.perf_counter()
    assert not matches(hashed(GOOD), "x" * 2_000_000)
    assert time.perf_counter() - began < 2


def test_hashing_happens_in_one_thread_whoever_asks(monkeypatch):
    seen = set()
    monkeypatch.setattr(
        passwords, "_bytes", lambda text: seen.add(threading.current_thread().name) or text.encode()
    )
    threads = [threading.Thread(target=hashed, args=(GOOD,)) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(seen) == 1


@pytest.mark.parametrize(
    ("password", "code"),
    [
        ("elevenchars", "password_too_short"),
        ("x1" * 501, "password_too_long"),
        ("123456789012", "password_common"),
        ("1q2w3e4r5t6y", "password_common"),
        ("1Q2W3E4R5T6Y", "password_common"),
        ("Password2026!", "password_common"),
        ("!!2026Summer2026", "password_common"),
        ("woaini1314520", "password_common"),
        ("aaaaaaaaaaaaa", "password_simple"),
        ("abcdefghijklm", "password_simple"),
        ("abcabcabcabcabc", "password_simple"),
        ("zyxwvutsrqpon", "password_simple"),
        ("grace-shen-2026", "password_personal"),
        ("lanxi2026grace", "password_personal"),
        ("crmlite-crmlite-1", "password_personal"),
        ("ｇｒａｃｅｓｈｅｎ２０２６", "password_personal"),
    ],
)
def test_what_anybody_could_guess_is_refused(password, code):
    about = ("gshen", "Grace Shen", "Lanxi Automation")
    problem = weakness(password, about=about)
    assert problem is not None
    assert problem.code == code
    assert problem.code in passwords.MESSAGES


@pytest.mark.parametrize(
    "password",
    [
        GOOD,
        "twelve chars",
        "七只绿色水壶在阳台上晒太阳",
        "all lower case letters without a figure",
        "998877-unfold-the-map",
        "grace under pressure at the lido",
        "x7" + "ö" * 3 + "-wharf-bells",
    ],
)
def test_long_ones_pass_without_rules_of_composition(password):
    assert weakness(password, about=("gshen", "Grace Shen", "Lanxi Automation")) is None


def test_one_letter_names_do_not_eat_the_password():
    assert weakness("a long walk by the sea", about=("a", "A B", "")) is None
