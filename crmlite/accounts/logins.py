"""Login names: written in any way, kept in one."""

import re
import unicodedata

from crmlite.rules.problems import Checked, Problem
from crmlite.rules.text import clean_text
from crmlite.wording import N_

MOST = 64
FORM = re.compile(r"[\w.@+-]{2,}")

MESSAGES = {
    "login_form": N_("A user name has letters, figures and . _ - @ + only, at least two of them."),
}


def login_form(text: str) -> str:
    """A login name as it is kept: small letters, full-width ones as plain ones."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def check_login(text: str) -> Checked[str]:
    """A login name that can be given to somebody."""
    cleaned = clean_text(text, max_length=MOST)
    if not cleaned.ok:
        return cleaned
    login = login_form(cleaned.value or "")
    if len(login) > MOST or not FORM.fullmatch(login):
        return Checked(None, (Problem("login_form"),))
    return Checked(login)
