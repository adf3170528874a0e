"""Checks the name under which a person is reached by WeChat, WeCom or another messenger."""

import re

from crmlite.rules.problems import Checked, warning
from crmlite.rules.text import clean_text, folded
from crmlite.rules.wording import N_

MESSAGES = {
    "im_unusual": N_("This looks like a nickname; a messenger ID has no blanks in it."),
}

LONGEST = 100


def check_im(text: str) -> Checked[str]:
    """A typed messenger ID as it is kept; None when nothing was entered."""
    cleaned = clean_text(folded(text), max_length=LONGEST)
    if not cleaned.value:
        return Checked(None, cleaned.problems)
    if re.search(r"\s", cleaned.value):
        return Checked(cleaned.value, (*cleaned.problems, warning("im_unusual")))
    return cleaned


def im_form(text: str) -> str:
    """The form in which equal IDs are equal: no blanks, no difference of case or width."""
    return re.sub(r"\s+", "", folded(text)).casefold()
