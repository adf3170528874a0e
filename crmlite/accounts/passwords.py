"""Passwords: kept only as argon2 hashes, and refused when anybody could guess them."""

import re
import unicodedata
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from importlib.resources import files
from itertools import pairwise
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from crmlite.rules.problems import Problem
from crmlite.wording import N_

R = TypeVar("R")

LEAST, MOST = 12, 1000
ENOUGH_LEFT = 8  # characters beyond one's own name, the firm's and crmlite's
FEWEST_DIFFERENT = 5
HASHER = PasswordHasher(time_cost=2, memory_cost=19 * 1024, parallelism=1)

MESSAGES = {
    "password_too_short": N_("At least %(least)s characters, please; a short sentence works well."),
    "password_too_long": N_("At most %(most)s characters, please."),
    "password_common": N_("Too many people use this password. Please choose another."),
    "password_simple": N_(
        "This repeats or counts on; it is guessed at once. Please choose another."
    ),
    "password_personal": N_(
        "This is mostly your name, the firm's or the program's. Please choose another."
    ),
}


def hashed(password: str) -> str:
    """The hash that is kept of a password. Takes 30 ms or more: never inside an operation."""
    return _alone(lambda: HASHER.hash(_bytes(password)))


def matches(kept: str | None, password: str) -> bool:
    """Whether a password is the one whose hash is kept.

    Without a hash (nobody has that login) it takes as long and answers no.
    """
    known = kept is not None
    if len(password) > MOST:
        password, known = "", False

    def compare() -> bool:
        try:
            return HASHER.verify(kept if kept is not None else _nobodys(), _bytes(password))
        except (VerificationError, InvalidHashError):
            return False

    return _alone(compare) and known


def is_outdated(kept: str) -> bool:
    """Whether a hash was made with other costs than today's, and should be made again."""
    return HASHER.check_needs_rehash(kept)


def weakness(password: str, *, about: Iterable[str] = ()) -> Problem | None:
    """Why a password will not do; None when it will.

    `about` are words that belong to its person: login, name, firm.
    """
    if len(password) < LEAST:
        return Problem("password_too_short", {"least": LEAST})
    if len(password) > MOST:
        return Problem("password_too_long", {"most": MOST})
    typed = unicodedata.normalize("NFKC", password).casefold()
    if typed in _common() or _bare(typed) in _common():
        return Problem("password_common")
    if len(set(typed)) < FEWEST_DIFFERENT or _counts_on(typed):
        return Problem("password_simple")
    if len(_without(typed, _words([*about, "crmlite"]))) < ENOUGH_LEFT:
        return Problem("password_personal")
    return None


def _bytes(password: str) -> bytes:
    """The same for the same letters, however a keyboard composes them."""
    return unicodedata.normalize("NFC", password).encode("utf-8", "surrogatepass")


@cache
def _common() -> frozenset[str]:
    text = files("crmlite.accounts").joinpath("data/common_passwords.txt").read_text("utf-8")
    return frozenset(line for line in text.splitlines() if line and not line.startswith("#"))


def _bare(typed: str) -> str:
    """Without the figures and signs that people put before and behind a known word."""
    return re.sub(r"^[\W\d_]+|[\W\d_]+$", "", typed)


def _counts_on(typed: str) -> bool:
    """Whether each character is the one after, or each the one before, its neighbour."""
    steps = {ord(b) - ord(a) for a, b in pairwise(typed)}
    return len(steps) == 1 or bool(re.fullmatch(r"(.{1,4}?)\1{2,}.{0,3}", typed, re.DOTALL))


def _words(about: Iterable[str]) -> list[str]:
    found = {
        word
        for text in about
        for word in re.split(r"[\W_]+", unicodedata.normalize("NFKC", text).casefold())
        if len(word) >= 2
    }
    return sorted(found, key=len, reverse=True)


def _without(typed: str, words: Iterable[str]) -> str:
    for word in words:
        typed = typed.replace(word, "")
    return re.sub(r"[\W_]+", "", typed)


@cache
def _nobodys() -> str:
    return HASHER.hash("nobody has this password")


@cache
def _thread() -> ThreadPoolExecutor:
    return ThreadPoolExecutor(max_workers=1, thread_name_prefix="passwords")


def _alone(work: Callable[[], R]) -> R:
    """Do it in the one thread for it: each thread that ever hashed keeps its 19 MiB for good."""
    return _thread().submit(work).result()
