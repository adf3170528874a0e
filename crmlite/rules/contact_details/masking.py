"""Hides the middle of a sensitive value, leaving enough to recognise it by."""

import re

HIDDEN = "••••"
STARS = "****"
MASKS = {
    "phone": re.compile(r"\+?\d{0,3}\*{4}(?:\d{4})?", re.ASCII),
    "email": re.compile(r"[^@\s]?\*{3}(?:@\S+)?"),
    "im": re.compile(r"\S\*{3}"),
}


def masked(kind: str, text: str) -> str:
    """What those see who may not read a value: `138****5678`, `c***@riverton.example`, `l***`.

    `kind` is that of the field: phone, email, im; amounts and all other kinds become `••••`.
    Nothing stays nothing, so that an empty field does not look filled in.
    """
    if not text.strip():
        return ""
    match kind:
        case "phone":
            return masked_phone(text)
        case "email":
            return masked_email(text)
        case "im":
            return f"{text.strip()[0]}***"
    return HIDDEN


def is_mask(kind: str, text: str) -> bool:
    """Whether a text is what `masked` shows of a value of this kind, and so no value itself."""
    shown = text.strip()
    return shown == HIDDEN or (kind in MASKS and MASKS[kind].fullmatch(shown) is not None)


def masked_phone(text: str) -> str:
    """First three and last four digits of a long number, the last four of one of 8 to 10 digits."""
    number = re.sub(
        r"(?:ext|转|轉|x|#).*$|(?<=\d{7})-\d{1,6}$", "", text.strip(), flags=re.IGNORECASE
    )
    plus = "+" if number.startswith("+") else ""
    digits = re.sub(r"\D", "", number)
    if len(digits) >= 11:
        return f"{plus}{digits[: 3 - len(plus)]}{STARS}{digits[-4:]}"
    return f"{STARS}{digits[-4:]}" if len(digits) >= 8 else STARS


def masked_email(text: str) -> str:
    """The first letter and the domain; only stars for what has no @, or one letter before it."""
    local, at, domain = text.strip().rpartition("@")
    if not at:
        return "***"
    return f"{local[0] if len(local) > 1 else ''}***@{domain}"
