"""What somebody types, hashed like the phone numbers and addresses that are kept sealed."""

import re
from collections.abc import Iterator

from crmlite.db.keyring import KeyRing
from crmlite.db.sealing import keyed_hash
from crmlite.rules.contact_details import email_forms, im_form, phone_forms
from crmlite.rules.contact_details.reading import GAPS
from crmlite.rules.text import folded
from crmlite.search.folding import SURROGATES

LAST = re.compile(r"[0-9]{4}")
LONGEST = 254


def hashes_of(ring: KeyRing, text: str, home: str) -> list[str]:
    """The keyed hashes of everything that a text may be; a text with broken characters has none.

    `home` is the calling code of the firm's country.
    """
    if len(text) > LONGEST or SURROGATES.search(text):
        return []
    return [keyed_hash(ring, purpose, form) for purpose, form in _forms(text.strip(), home) if form]


def _forms(text: str, home: str) -> Iterator[tuple[str, str]]:
    """By purpose: a phone or its last digits, an address or a part of it, a messenger name."""
    if not text:
        return
    yield "phone", phone_forms(text, home=home).whole
    if LAST.fullmatch(
        digits := GAPS.sub("", folded(text))
    ):  # also those that begin as a number does
        yield "phone-tail", digits
    yield "im", im_form(text)
    if any(character.isspace() for character in text):
        return
    local, at, domain = text.rpartition("@")
    if local and domain:
        yield "email", email_forms(text).address
    elif at or domain:
        # A part alone is tidied as it would be in a whole address.
        if local or not at:
            yield "email-name", email_forms(f"{local or domain}@part.example").local
        if domain:
            yield "email-domain", email_forms(f"part@{domain}").domain
