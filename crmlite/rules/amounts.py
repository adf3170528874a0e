"""Reads the amounts that people type: 12.5万, 1,200.50, £80, with full-width digits."""

import re
from decimal import ROUND_HALF_UP, Decimal

from crmlite.rules.problems import Checked, refused, warning
from crmlite.rules.text import folded
from crmlite.rules.wording import N_

MESSAGES = {
    "amount_unreadable": N_("Please enter an amount such as 1,200.50."),
    "amount_currency": N_("This amount is in another currency than %(currency)s: %(written)s."),
    "amount_negative": N_("The amount cannot be below zero."),
    "amount_out_of_range": N_("This amount is too large."),
    "amount_rounded": N_("Rounded to the smallest unit of %(currency)s."),
    "number_unreadable": N_("Please enter a number such as 12.5."),
    "number_too_large": N_("This number is too large."),
}

MOST = 10**15  # minor units
LONGEST = 60
NO_DECIMALS = frozenset("BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF".split())
THREE_DECIMALS = frozenset("BHD IQD JOD KWD LYD OMR TND".split())
SIGNS = {
    "¥": ("CNY", "JPY"),
    "元": ("CNY", "TWD", "HKD", "JPY"),
    "块": ("CNY",),
    "人民币": ("CNY",),
    "rmb": ("CNY",),
    "£": ("GBP",),
    "英镑": ("GBP",),
    "€": ("EUR",),
    "欧元": ("EUR",),
    "$": ("USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"),
    "us$": ("USD",),
    "hk$": ("HKD",),
    "美元": ("USD",),
    "美金": ("USD",),
    "港元": ("HKD",),
    "港币": ("HKD",),
    "日元": ("JPY",),
    "₩": ("KRW",),
    "₹": ("INR",),
}
UNITS = {
    "": 1,
    "百": 100,
    "千": 1000,
    "k": 1000,
    "万": 10**4,
    "萬": 10**4,
    "w": 10**4,
    "十万": 10**5,
    "百万": 10**6,
    "m": 10**6,
    "千万": 10**7,
    "亿": 10**8,
    "億": 10**8,
}
FIGURES = re.compile(
    r"\d{1,18}(?:\.\d{1,18})?|\d{1,3}(?:,\d{3}){1,6}(?:\.\d{1,18})?"
    r"|\d{1,3}(?:\.\d{3}){0,6},\d{1,2}|\d{4,18},\d{1,2}|\.\d{1,18}",
    re.ASCII,
)
PARTS = re.compile(r"([^\d.,+-]*)([+-]?)([^\d.,+-]*)([\d.,]+)([^\d.,+-]*)", re.ASCII)
GAPS = re.compile(r"\s+|(?<=\d)['’](?=\d)")
NEAR_ENOUGH = Decimal("0.0001")  # minor units: what a spreadsheet's own arithmetic leaves behind


def exponent(currency: str) -> int:
    """Decimals of a currency by ISO 4217: 2 for CNY, 0 for JPY, 3 for KWD."""
    return 0 if currency in NO_DECIMALS else 3 if currency in THREE_DECIMALS else 2


def same_figure(minor: int, before: str, after: str) -> int:
    """An amount of one currency as the same figure of another: 1,286,000 yuan are so many yen."""
    shift = exponent(after) - exponent(before)
    return int(Decimal(minor).scaleb(shift).to_integral_value(ROUND_HALF_UP))


def parse_amount(
    text: str, *, currency: str = "CNY", unit: int = 1, negative: bool = False
) -> Checked[int]:
    """An amount in minor units of `currency`; None when nothing was entered.

    `unit` multiplies what carries no unit of its own: 10_000 below a header `(万元)`, where `50`
    and `50万` are the same. Below zero is refused unless `negative`. Fractions of the smallest
    unit are rounded half up, with a warning.
    """
    typed = GAPS.sub("", folded(text)).casefold()
    if not typed:
        return Checked(None)
    parts = PARTS.fullmatch(typed) if len(typed) <= LONGEST else None
    figures = figures_of(parts[4]) if parts else None
    if parts is None or figures is None:
        return refused("amount_unreadable")
    scale, written = unit_and_currency(parts[5])
    before = parts[1] + parts[3]
    if scale is None or not (knows(before) and knows(written)):
        return refused("amount_unreadable")
    for sign in filter(None, (before, written)):
        if not can_mean(sign, currency):
            return refused("amount_currency", currency=currency, written=sign.upper())
    value = figures * (scale if scale > 1 else unit)
    return in_minor_units(-value if parts[2] == "-" else value, currency, negative)


def in_minor_units(value: Decimal, currency: str, negative: bool = True) -> Checked[int]:
    """An amount in major units as whole minor units, rounded half up where it must be."""
    exact = value.scaleb(exponent(currency))
    minor = int(exact.to_integral_value(ROUND_HALF_UP))
    if minor < 0 and not negative:
        return refused("amount_negative")
    if abs(minor) > MOST:
        return refused("amount_out_of_range")
    rounded = abs(exact - minor) > NEAR_ENOUGH
    return Checked(minor, (warning("amount_rounded", currency=currency),) if rounded else ())


def parse_number(text: str, *, most: int = 10**12) -> Checked[int | float]:
    """A number with or without decimals, at most six of them; whole ones come as int."""
    typed = GAPS.sub("", folded(text)).casefold()
    if not typed:
        return Checked(None)
    parts = PARTS.fullmatch(typed) if len(typed) <= LONGEST else None
    figures = figures_of(parts[4]) if parts else None
    scale = UNITS.get(parts[5]) if parts else None
    if parts is None or figures is None or scale is None or parts[1] or parts[3]:
        return refused("number_unreadable")
    value = figures * scale * (-1 if parts[2] == "-" else 1)
    if abs(value) > most:
        return refused("number_too_large")
    number = round(float(value), 6)
    return Checked(int(number) if number.is_integer() else number)


def figures_of(text: str) -> Decimal | None:
    """The number of `1200`, `1,200.50`, `1.200,50`, `.5`; None when commas stand oddly."""
    if not FIGURES.fullmatch(text):
        return None
    if re.search(r",\d{1,2}$", text, re.ASCII):
        return Decimal(text.replace(".", "").replace(",", "."))
    return Decimal(text.replace(",", ""))


def unit_and_currency(text: str) -> tuple[int | None, str]:
    """What stands behind the figures, as a factor and a sign: `万元` gives 10,000 and `元`."""
    text = text.removesuffix("整").removesuffix("正")
    for length in range(min(2, len(text)), -1, -1):
        if (scale := UNITS.get(text[:length])) is not None and knows(text[length:]):
            return scale, text[length:]
    return None, text


def knows(sign: str) -> bool:
    """Whether a text is a currency's sign, name or three-letter code, or nothing."""
    return not sign or sign in SIGNS or re.fullmatch(r"[a-z]{3}", sign) is not None


def can_mean(sign: str, currency: str) -> bool:
    """Whether a sign such as `¥` or `eur` can stand for a currency."""
    return currency in SIGNS.get(sign, (sign.upper(),))


def written_currency(text: str) -> str | None:
    """The currency that a typed amount names; None when it names none, or one of several."""
    parts = PARTS.fullmatch(GAPS.sub("", folded(text)).casefold()[:LONGEST])
    if parts is None:
        return None
    sign = parts[1] + parts[3] or unit_and_currency(parts[5])[1]
    if not sign or not knows(sign):
        return None
    meant = SIGNS.get(sign, (sign.upper(),))
    return meant[0] if len(meant) == 1 else None
