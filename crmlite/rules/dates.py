"""Reads the dates that people type, in Chinese and English, and says when one cannot be."""

import re
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from crmlite.rules.problems import Checked, refused, warning
from crmlite.rules.text import folded
from crmlite.rules.wording import N_

MESSAGES = {
    "date_unreadable": N_("Please enter a date such as 2024-05-01."),
    "date_impossible": N_("There is no such day: %(text)s."),
    "date_out_of_range": N_("Please enter a date between the years 1900 and 2200."),
    "date_without_day": N_("Please give the day as well: %(text)s names only a month."),
    "date_short_year": N_("Please write the year with four digits: %(text)s."),
    "date_ambiguous": N_("Day and month could be swapped; read as %(year)s-%(month)s-%(day)s."),
    "time_unreadable": N_("Please enter a time such as 2024-05-01 14:30."),
    "hour_unreadable": N_("Please enter a time such as 14:30."),
}

FIRST_YEAR, LAST_YEAR = 1900, 2200
LONGEST = 60
DAYS_AWAY = {
    -3: "大前天",
    -2: "前天 前日",
    -1: "昨天 昨日 yesterday",
    0: "今天 今日 today",
    1: "明天 明日 tomorrow",
    2: "后天 後天",
    3: "大后天 大後天",
}
BY_WORD = {word: days for days, words in DAYS_AWAY.items() for word in words.split()}
MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split()
MONTH_NAME = (
    r"(jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?"
    r"|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
WEEKDAYS = "一二三四五六日"
FOREIGN_DIGIT = re.compile(r"(?![0-9])\d")

SEP = r"\s*[-/.]\s*"
YEAR_FIRST = re.compile(rf"(\d{{4}}){SEP}(\d{{1,2}}){SEP}(\d{{1,2}})")
IN_CHINESE = re.compile(r"(\d{4})\s*年\s*(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?")
COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})")
YEAR_LAST = re.compile(rf"(\d{{1,2}}){SEP}(\d{{1,2}}){SEP}(\d{{4}})")
CHINESE_DAY = re.compile(r"(\d{1,2})\s*月\s*(\d{1,2})\s*[日号號]?")
ENGLISH = re.compile(
    rf"(\d{{1,2}})(?:st|nd|rd|th)?[\s-]+(?:of\s+)?{MONTH_NAME}(?:[\s,-]+(\d{{4}}))?"
)
AMERICAN = re.compile(rf"{MONTH_NAME}\s+(\d{{1,2}})(?:st|nd|rd|th)?(?:[\s,]+(\d{{4}}))?")
COUNTED = re.compile(r"(\d{1,4})\s*天\s*(前|后|後)|(\d{1,4}) days? (ago)|in (\d{1,4}) days?()")
WEEKDAY = re.compile(r"(上|本|这|這|下)(?:个|個)?(?:周|週|星期|礼拜|禮拜)([一二三四五六日天])")
ONLY_MONTH = re.compile(
    rf"\d{{4}}\s*年\s*\d{{1,2}}\s*月|\d{{4}}{SEP}\d{{1,2}}|{MONTH_NAME} \d{{4}}"
)
SHORT_YEAR = re.compile(rf"\d{{1,2}}{SEP}\d{{1,2}}{SEP}\d{{1,2}}|\d{{2}}\s*年\s*\d{{1,2}}\s*月.*")
TIME_BEHIND = re.compile(
    r"(.*?\S)[\s,]*(?:(?<=\d)t|\s|(?<=[日号號天]))\s*(上午|早上|下午|晚上|中午)?\s*"
    r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(am|pm)?\s*(z|[+-]\d{2}:?\d{2})?"
)
TIME_ALONE = re.compile(
    r"()(上午|早上|下午|晚上|中午)?\s*(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d{1,9})?)?\s*(am|pm)?"
)


def parse_date(
    text: str, *, today: date, lang: str = "zh", day_first: bool | None = None
) -> Checked[date]:
    """The day a text names; None when nothing was entered. A time behind it is left out.

    A day without a year (`5月1日`, `1 May`) is the nearest to `today`, before or after it.
    `03/04/2024` can be read in two ways: in Chinese the month stands first, in English the day;
    the answer then carries a warning. `day_first` settles it, for a file that is known.
    """
    typed = tidied(text)
    if not typed:
        return Checked(None)
    if len(typed) > LONGEST or FOREIGN_DIGIT.search(typed):
        return refused("date_unreadable")
    if timed := TIME_BEHIND.fullmatch(typed):
        typed = timed[1].strip(" ,")
    for read in (counted_day, whole_date, day_of_month_name, day_without_year):
        if (answer := read(typed, today)) is not None:
            return answer
    if match := YEAR_LAST.fullmatch(typed):
        return year_last(match, lang != "zh" if day_first is None else day_first, day_first is None)
    if ONLY_MONTH.fullmatch(typed):
        return refused("date_without_day", text=typed)
    if SHORT_YEAR.fullmatch(typed):
        return refused("date_short_year", text=typed)
    return refused("date_unreadable")


def counted_day(typed: str, today: date) -> Checked[date] | None:
    """`今天`, `yesterday`, `3天前`, `in 3 days`, `下周一` (a week begins on Monday)."""
    if typed in BY_WORD:
        return within_range(today + timedelta(days=BY_WORD[typed]))
    if match := COUNTED.fullmatch(typed):
        count = int(next(filter(None, match.groups()[::2])))
        back = match[2] == "前" or match[4] == "ago"
        return within_range(today + timedelta(days=-count if back else count))
    if match := WEEKDAY.fullmatch(typed):
        monday = today - timedelta(days=today.weekday())
        week = {"上": -1, "下": 1}.get(match[1], 0)
        place = WEEKDAYS.index(match[2].replace("天", "日"))
        return within_range(monday + timedelta(weeks=week, days=place))
    return None


def whole_date(typed: str, today: date) -> Checked[date] | None:
    """Year, month, day in figures: `2024-05-01`, `2024/5/1`, `2024年5月1日`, `20240501`."""
    for pattern in (YEAR_FIRST, IN_CHINESE, COMPACT):
        if match := pattern.fullmatch(typed):
            return day_of(*map(int, match.groups()))
    return None


def day_of_month_name(typed: str, today: date) -> Checked[date] | None:
    """`1 May 2024`, `1st of May`, `May 1, 2024`, `1-May-2024`."""
    if match := ENGLISH.fullmatch(typed):
        day, name, year = match.groups()
    elif match := AMERICAN.fullmatch(typed):
        name, day, year = match.groups()
    else:
        return None
    month = MONTHS.index(name[:3]) + 1
    return day_of(int(year), month, int(day)) if year else nearest(month, int(day), today)


def day_without_year(typed: str, today: date) -> Checked[date] | None:
    """`5月1日`: the first of May that is nearest to today."""
    match = CHINESE_DAY.fullmatch(typed)
    return nearest(int(match[1]), int(match[2]), today) if match else None


def year_last(match: re.Match[str], day_first: bool, guessed: bool) -> Checked[date]:
    """`31/12/2024`; where both orders are possible the guess is mentioned."""
    first, second, year = map(int, match.groups())
    if max(first, second) <= 12 and first != second:
        day, month = (first, second) if day_first else (second, first)
        read = day_of(year, month, day)
        doubt = warning("date_ambiguous", year=year, month=f"{month:02}", day=f"{day:02}")
        return Checked(read.value, (doubt,)) if guessed and read.ok else read
    day, month = (first, second) if second <= 12 else (second, first)
    return day_of(year, month, day)


def nearest(month: int, day: int, today: date) -> Checked[date]:
    """The day of that month closest to `today`, in last, this or next year."""
    found = []
    for year in (today.year - 1, today.year, today.year + 1):
        try:
            found.append(date(year, month, day))
        except ValueError:  # 29 February, or no such day in any year
            continue
    if not found:
        return refused("date_impossible", text=f"{month}-{day}")
    return within_range(min(found, key=lambda there: abs(there - today)))


def day_of(year: int, month: int, day: int) -> Checked[date]:
    """The date of three figures, or why there is none."""
    try:
        return within_range(date(year, month, day))
    except ValueError:
        return refused("date_impossible", text=f"{year:04}-{month:02}-{day:02}")


def within_range(day: date) -> Checked[date]:
    """The date, unless its year is one that nobody means."""
    if FIRST_YEAR <= day.year <= LAST_YEAR:
        return Checked(day)
    return refused("date_out_of_range")


def parse_moment(
    text: str, *, today: date, zone: tzinfo, lang: str = "zh", day_first: bool | None = None
) -> Checked[datetime]:
    """The moment a text names, in UTC: `2024-05-01 14:30`, `昨天下午3点`, `today 9:30`.

    Without an offset of its own it is meant in `zone`; a day without a time is its midnight there.
    """
    typed = tidied(text)
    day = parse_date(typed, today=today, lang=lang, day_first=day_first)
    if day.value is None:
        return Checked(None, day.problems)
    timed = TIME_BEHIND.fullmatch(typed)
    if timed is None:
        return Checked(as_utc(datetime.combine(day.value, time(), zone)), day.problems)
    try:
        at = datetime.combine(day.value, time_of(timed), offset_of(timed[7]) or zone)
    except ValueError:
        return refused("time_unreadable")
    return Checked(as_utc(at), day.problems)


def parse_time(text: str) -> Checked[time]:
    """The time of day a text names: `17:00`, `5 pm`, `下午3点半`; None when nothing was entered."""
    typed = tidied(text)
    if not typed:
        return Checked(None)
    timed = (
        None if len(typed) > LONGEST or FOREIGN_DIGIT.search(typed) else TIME_ALONE.fullmatch(typed)
    )
    if timed is None:
        return refused("hour_unreadable")
    try:
        return Checked(time_of(timed))
    except ValueError:
        return refused("hour_unreadable")


def tidied(text: str) -> str:
    """The text in small letters with single blanks, its time as `15:30`: `下午3点半`, `3 pm`."""
    typed = " ".join(folded(text).casefold().split())
    typed = re.sub(r"(\d)\s*[点點时時]\s*半", r"\1:30", typed)
    typed = re.sub(r"(\d)\s*[点點时時]\s*(\d)\s*分?(?!\d)", r"\1:0\2", typed)
    typed = re.sub(r"(\d)\s*[点點时時]\s*(\d\d)\s*分?", r"\1:\2", typed)
    typed = re.sub(r"(\d)\s*[点點时時](?!\d)", r"\1:00", typed)
    return re.sub(r"(?<![:\d])(\d{1,2})\s*(am|pm)\b", r"\1:00 \2", typed)


def time_of(match: re.Match[str]) -> time:
    """The time of day of a match; raises ValueError when there is no such time."""
    part, hour = match[2] or "", int(match[3])
    afternoon = part in ("下午", "晚上") or (part == "中午" and hour < 11) or match[6] == "pm"
    if afternoon and hour < 12:
        hour += 12
    if hour == 12 and (match[6] == "am" or part in ("上午", "早上")):
        hour = 0
    return time(hour, int(match[4] or 0), int(match[5] or 0))


def offset_of(text: str | None) -> tzinfo | None:
    """The zone of `z`, `+08:00` or `+0800`; None without one, ValueError when it is none."""
    if not text:
        return None
    if text == "z":
        return UTC
    return datetime.strptime(text, "%z").tzinfo


def as_utc(at: datetime) -> datetime:
    """The same moment in UTC."""
    return at.astimezone(UTC)
