"""Checks a web address, so that a click on it can only open a web page."""

import re

from crmlite.rules.contact_details.emails import can_be_domain
from crmlite.rules.problems import Checked, refused
from crmlite.rules.text import folded, unstorable
from crmlite.rules.wording import N_

MESSAGES = {
    "url_unreadable": N_("This does not look like a web address, such as www.company.com."),
}

LONGEST = 500
ADDRESS = re.compile(
    r"(?:(https?)://)?([^/?#@:\s\\]+)(:\d{1,5})?([/?#][^\s\\<>\"]*)?", re.IGNORECASE
)


def check_url(text: str) -> Checked[str]:
    """A typed address as it is kept, always with `https://` or `http://`; None when empty."""
    if problem := unstorable(text):
        return Checked(None, (problem,))
    typed = folded(text)
    if not typed:
        return Checked(None)
    match = ADDRESS.fullmatch(typed) if len(typed) <= LONGEST else None
    if not match or not can_be_domain(match[2].lower()):
        return refused("url_unreadable")
    scheme = (match[1] or "https").lower()
    return Checked(f"{scheme}://{match[2].lower()}{match[3] or ''}{match[4] or ''}")
