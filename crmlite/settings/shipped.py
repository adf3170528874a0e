"""The settings that every firm has, as shipped."""

from collections.abc import Iterable

from flask_babel import gettext as _

from crmlite import hooks
from crmlite.settings import places, queries
from crmlite.settings.catalogue import Choice, Setting
from crmlite.wording import N_, label, language

FIRM, BOOK = N_("Name and place"), N_("Customer book")
TIERS = "tier-"
"""What the names of lists that are schemes of tiers begin with."""
SCHEME, FIRST_SCHEME = "tier_scheme", "a"


def tier_schemes() -> dict[str, str]:
    """The schemes of tiers that there are, each as its tiers are called now. One that is in use while
    its pack is off says so."""
    schemes = {
        name.removeprefix(TIERS): _tiers(queries.choices(name))
        for name in queries.choice_lists()
        if name.startswith(TIERS)
    }
    set_now = str(queries.get(SCHEME))
    resting = queries.choices(f"{TIERS}{set_now}", retired=True)
    if set_now not in schemes and resting:
        schemes[set_now] = _(
            "%(tiers)s: as long as %(pack)s is off, %(others)s stand in",
            tiers=_tiers(one for one in resting if not one.retired),
            pack=label(hooks.title(resting[0].owner)),
            others=schemes[FIRST_SCHEME],
        )
    return schemes


def _tiers(values: Iterable[Choice]) -> str:
    between = "、" if language() == "zh" else ", "
    return between.join(label(choice.label) for choice in values)


def settings() -> list[Setting]:
    """Name, place, money; how customers are numbered and rated."""
    return [
        Setting(name="company_name", label=N_("Name of the firm"), default="", most=80, group=FIRM),
        Setting(
            name="language",
            label=N_("Language"),
            default="",
            kind="choice",
            options={
                "": N_("The one each browser asks for"),
                "zh": {"en": "简体中文", "zh": "简体中文"},
                "en": {"en": "English", "zh": "English"},
            },
            hint=N_("For everyone who has not chosen one."),
            group=FIRM,
        ),
        Setting(
            name="country",
            label=N_("Country"),
            default="CN",
            kind="choice",
            options=places.countries,
            hint=N_("Phone numbers without a country code belong there."),
            group=FIRM,
        ),
        Setting(
            name="timezone",
            label=N_("Time zone"),
            default="Asia/Shanghai",
            kind="choice",
            options=places.time_zones,
            group=FIRM,
        ),
        Setting(
            name="currency",
            label=N_("Currency"),
            default="CNY",
            kind="choice",
            options=places.currencies,
            hint=N_("For new customers; those there are keep theirs."),
            group=FIRM,
        ),
        *_of_the_book(),
    ]


def _of_the_book() -> list[Setting]:
    return [
        Setting(
            name="number_scheme",
            label=N_("Customer numbers"),
            default="running",
            kind="choice",
            options={
                "running": N_("Running: C001, C002, …"),
                "daily": N_("With the date, from 1 each day: C20240501001"),
            },
            hint=N_("Numbers given out stay as they are."),
            group=BOOK,
        ),
        Setting(
            name="number_prefix",
            label=N_("Numbers begin with"),
            default="C",
            most=8,
            pattern=r"[A-Za-z][A-Za-z._-]{0,7}",
            hint=N_("One to eight letters."),
            group=BOOK,
        ),
        Setting(
            name=SCHEME,
            label=N_("Tiers"),
            default=FIRST_SCHEME,
            kind="choice",
            options=tier_schemes,
            hint=N_(
                "Each scheme has its list. Customers keep the tier they have until it is set anew."
            ),
            group=BOOK,
        ),
    ]
