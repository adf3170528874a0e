"""What people fill in about a calendar, and about days of it."""

from datetime import date
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from wtforms import ValidationError

from crmlite import settings
from crmlite.calendars import official
from crmlite.calendars.hours import Hours
from crmlite.calendars.operations import CalendarDraft, DaysDraft
from crmlite.calendars.operations.days import MOST
from crmlite.calendars.places import countries_with_holidays, country_name, zone_name
from crmlite.calendars.queries import CalendarEntry
from crmlite.forms import Choice, Day, RecordForm, Segments, Text
from crmlite.forms.labels import one_at_least
from crmlite.settings.places import time_zones
from crmlite.wording import N_

WEEK = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
NO_HOLIDAYS = "none"
OFF, WORKED = "off", "worked"


class Named(RecordForm):
    """Something with a name in both languages."""

    label_en = Text(_l("Name in English"), most=60)
    label_zh = Text(_l("Name in Chinese"), most=60)

    def label_words(self) -> dict[str, str]:
        """The name as it is stored; where a language is missing the other one is shown."""
        found = {"en": self.label_en.data, "zh": self.label_zh.data}
        return {language: text for language, text in found.items() if text}


def offered_countries() -> list[tuple[str, str]]:
    """No official holidays, or those of a country."""
    return [(NO_HOLIDAYS, N_("No official holidays")), *countries_with_holidays().items()]


class CalendarForm(Named):
    """A calendar: its name, the hours of each weekday, where it is."""

    mon = Hours(_l("Monday"))
    tue = Hours(_l("Tuesday"))
    wed = Hours(_l("Wednesday"))
    thu = Hours(_l("Thursday"))
    fri = Hours(_l("Friday"))
    sat = Hours(_l("Saturday"))
    sun = Hours(_l("Sunday"))
    zone = Choice(_l("Time zone"), options=lambda: list(time_zones().items()))
    country = Choice(_l("Official holidays"), options=offered_countries)
    part = Text(_l("Part of the country"), most=40)

    def __init__(self, **more: Any) -> None:
        super().__init__(**more)
        zone, country = zone_name(settings.get("timezone")), country_name(settings.get("country"))
        self.zone.none = _("As the firm’s: %(place)s", place=zone)
        self.country.none = _("As the firm’s: %(place)s", place=country)

    def week(self) -> list[Any]:
        """The fields of the days, Monday first."""
        return [self[name] for name in WEEK]

    def validate_label_en(self, field: Text) -> None:
        """In one language at least."""
        one_at_least(self, field, _("Please give a name in one language at least."))

    validate_label_zh = validate_label_en

    def validate_mon(self, _field: Hours) -> None:
        """Somebody works on one day at least."""
        if not any(day.data or day.process_errors for day in self.week()):
            raise ValidationError(
                _("Nobody would ever work: please enter hours for one day at least.")
            )

    def validate_part(self, field: Text) -> None:
        """One of those in which holidays differ."""
        if not field.data:
            return
        if self.country.data in (None, NO_HOLIDAYS):
            raise ValidationError(_("Please choose the country itself, too."))
        if self.country.data not in countries_with_holidays():
            return  # it says so itself
        known = official.parts(self.country.data)
        if field.data.casefold() not in known:
            codes = ", ".join(dict.fromkeys(known.values()))
            if not codes:
                raise ValidationError(_("Holidays are the same in all parts of this country."))
            raise ValidationError(_("Holidays are known for these parts: %(parts)s.", parts=codes))

    def value(self) -> CalendarDraft:
        """The calendar, for `create_calendar` and `update_calendar`."""
        country: str | None = self.country.data
        if country == NO_HOLIDAYS:
            country = ""
        elif country and self.part.data:
            country = f"{country}-{official.parts(country)[self.part.data.casefold()]}"
        return CalendarDraft(
            label=self.label_words(),
            week=[day.data for day in self.week()],
            zone=self.zone.data,
            country=country,
        )


def calendar_data(entry: CalendarEntry) -> dict[str, Any]:
    """A calendar as its form holds it."""
    country, _dash, part = (entry.country or "").partition("-")
    return {
        "label_en": entry.label.get("en", ""),
        "label_zh": entry.label.get("zh", ""),
        "zone": entry.zone,
        "country": NO_HOLIDAYS if entry.country == "" else country or None,
        "part": part,
        "version": entry.version,
        **dict(zip(WEEK, entry.week, strict=True)),
    }


class DaysForm(Named):
    """Days in a row: off, or worked."""

    first = Day(_l("First day"), required=True)
    last = Day(_l("Last day"))
    kind = Segments(
        _l("These days are"),
        options=[(OFF, N_("off")), (WORKED, N_("worked"))],
        default=OFF,
        required=True,
    )
    hours = Hours(_l("Hours"))

    def validate_last(self, field: Day) -> None:
        """Not before the first, and not for ever."""
        if field.data is None or self.first.data is None:
            return
        number = (field.data - self.first.data).days + 1
        if number < 1:
            raise ValidationError(_("The last day must not be before the first."))
        if number > MOST:
            raise ValidationError(_("At most %(most)s days at once, please.", most=MOST))

    def validate_label_en(self, field: Text) -> None:
        """Days off say why: explanations of due times name them."""
        if self.kind.data == OFF:
            wanted = _("Please say in one language at least why these days are off.")
            one_at_least(self, field, wanted)

    validate_label_zh = validate_label_en

    def validate_hours(self, field: Hours) -> None:
        """Only of days on which people work."""
        if field.data and self.kind.data == OFF:
            raise ValidationError(_("Hours are for working days. Leave this empty for days off."))

    def value(self) -> DaysDraft:
        """The days, for `set_days`; without a last one it is one day."""
        first: date = self.first.data
        return DaysDraft(
            first=first,
            last=self.last.data or first,
            works=self.kind.data == WORKED,
            label=self.label_words(),
            blocks=self.hours.data or None,
        )
