"""Checks a phone number: what cannot be one is refused, what is unusual is only mentioned."""

import re
from typing import NamedTuple

from crmlite.rules.contact_details.reading import (
    CHINA,
    LONGEST_TYPED,
    MOBILE,
    Phone,
    read_phone,
)
from crmlite.rules.problems import Checked, Problem, refused, warning
from crmlite.rules.text import folded, unstorable
from crmlite.rules.wording import N_

MESSAGES = {
    "phone_unreadable": N_("This does not look like a phone number. Please enter digits only."),
    "phone_several": N_("Please enter one phone number only."),
    "phone_mobile_digits": N_("A mobile number has 11 digits; this one has %(digits)s."),
    "phone_length": N_("A phone number has 3 to 15 digits; this one has %(digits)s."),
    "phone_extension": N_("A landline with an extension: message and call-back may not work."),
    "phone_service": N_("This is a service number, not the number of a person."),
    "phone_no_area_code": N_("The area code seems to be missing."),
}

SEVERAL = re.compile(r"\d{5,}[^\d+]*[/;；、,，|\n][^\d]*\d{5,}", re.ASCII)
LONGEST = 15  # digits with the calling code, by ITU-T E.164
TAIL = 4


class PhoneForms(NamedTuple):
    """What a number is found by: `+8613800000001` and `0001`; the tail may be empty."""

    whole: str
    tail: str


def check_phone(text: str, *, home: str = CHINA) -> Checked[str]:
    """A typed number as it is kept: `13800000001`, `020-88000004-801`, `+49400000007`.

    `home` is the calling code of the firm's country. None when nothing was entered.
    """
    if problem := unstorable(text):
        return Checked(None, (problem,))
    typed = folded(text)
    if not typed:
        return Checked(None)
    if SEVERAL.search(typed[:LONGEST_TYPED]):
        return refused("phone_several")
    phone = read_phone(text, home)
    if phone is None:
        return refused("phone_unreadable")
    if wrong := wrong_length(phone):
        return Checked(None, (wrong,))
    return Checked(phone.written, tuple(doubts(phone)))


def wrong_length(phone: Phone) -> Problem | None:
    """The error for a number that has too many or too few digits; None when it can be right."""
    if phone.kind == "mobile":
        if MOBILE.fullmatch(phone.national):
            return None
        return Problem("phone_mobile_digits", {"digits": len(phone.national)})
    digits = phone.international or phone.national
    least = 7 if phone.international else 3
    if least <= len(digits) <= LONGEST:
        return None
    return Problem("phone_length", {"digits": len(digits)})


def doubts(phone: Phone) -> list[Problem]:
    """What to mention about a number that can be right."""
    found = []
    if phone.extension:
        found.append(warning("phone_extension"))
    if phone.kind == "service":
        found.append(warning("phone_service"))
    if phone.kind == "local":
        found.append(warning("phone_no_area_code"))
    return found


def phone_forms(text: str, *, home: str = CHINA) -> PhoneForms:
    """The forms a number is found by, from what was typed or kept; empty ones when it is none."""
    phone = read_phone(text, home)
    if phone is None:
        return PhoneForms("", "")
    digits = phone.international or phone.national
    return PhoneForms(phone.whole, digits[-TAIL:] if len(digits) > TAIL else "")
