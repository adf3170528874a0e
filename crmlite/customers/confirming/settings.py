"""The settings of what is to be confirmed, and how often."""

from collections.abc import Mapping

from crmlite.customers.choices import choices
from crmlite.settings.catalogue import Setting
from crmlite.wording import N_, label

GROUP = N_("Confirming what is known")
DAY, QUARTER, YEAR = 1, 91, 3650


def confirming_settings() -> list[Setting]:
    """Until when owners confirm, at whom it is asked again, and whether files count."""
    return [
        Setting(
            name="confirm_within",
            label=N_("New and changed details are confirmed within so many days"),
            kind="integer",
            default=0,
            least=0,
            most=90,
            group=GROUP,
        ),
        Setting(
            name="confirm_tiers",
            label=N_("Confirmed again from time to time"),
            kind="choices",
            default=["strategic", "core", "key", "vip"],
            options=_tiers,
            group=GROUP,
        ),
        Setting(
            name="confirm_days",
            label=N_("Confirmed again after so many days"),
            kind="integer",
            default=QUARTER,
            least=DAY,
            most=YEAR,
            group=GROUP,
        ),
        Setting(
            name="confirm_imported",
            label=N_("Also ask to confirm what comes out of files"),
            hint=N_("Otherwise it counts as unconfirmed, and nobody gets a task for it."),
            kind="boolean",
            default=False,
            group=GROUP,
        ),
    ]


def _tiers() -> Mapping[str, str]:
    """The tiers of all schemes: another one may be chosen."""
    return {one.key: label(one.label) for one in choices("tier", retired=True)}
