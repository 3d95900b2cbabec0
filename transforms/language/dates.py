"""Printed dates, as page headers and datelines print them."""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date

from transforms.spans import Taken

MONTHS = {
    name.lower(): n
    for names in (calendar.month_name, calendar.month_abbr)
    for n, name in enumerate(names)
    if n
}
MONTHS["sept"] = 9
WEEKDAYS = {n.lower(): i for names in (calendar.day_name, calendar.day_abbr) for i, n in enumerate(names)}
WEEKDAYS |= {"tues": 1, "weds": 2, "thur": 3, "thurs": 3}
EARLIEST, LATEST = 1900, 2100

_MONTH = "(?P<month>" + "|".join(sorted(MONTHS, key=len, reverse=True)) + r")\.?"
_WEEKDAY = "(?:(?P<weekday>" + "|".join(sorted(WEEKDAYS, key=len, reverse=True)) + r")\.?,?\s+)?"
_YEAR = r"(?P<year>\d{4})"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
DIGIT = re.compile(r"\d")
PATTERNS = (
    (
        "iso",
        re.compile(
            rf"\b{_WEEKDAY}{_YEAR}[-/.](?P<month>\d{{1,2}})[-/.](?P<day>\d{{1,2}})(?!\d)", re.I | re.ASCII
        ),
    ),
    (
        "day_month",
        re.compile(
            rf"\b{_WEEKDAY}{_DAY}(?:\s+of)?[\s.-]+{_MONTH},?[\s.-]+(?P<year>\d{{4}}|\d\d(?=\W|$))\b",
            re.I | re.ASCII,
        ),
    ),
    ("month_day", re.compile(rf"\b{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+{_YEAR}\b", re.I | re.ASCII)),
    (
        "numeric",
        re.compile(
            rf"\b{_WEEKDAY}(?P<first>\d{{1,2}})([-/.])(?P<second>\d{{1,2}})\3(?P<year>\d{{4}})(?!\d)",
            re.I | re.ASCII,
        ),
    ),
)


NAMED_WEEKDAY = re.compile(r"\b(?:" + "|".join(calendar.day_name) + r")\b")


@dataclass(frozen=True)
class PrintedDate:
    """A date as printed at text[start:end]; `other` is the day if day and month change places, null where only one
    reading is possible; `basis` says how the reading was found: written, weekday or numeric; `order` is DMY or MDY
    where a numeric date has only one reading, else ""."""

    start: int
    end: int
    day: date
    other: date | None
    basis: str
    order: str = ""


def find_dates(text: str) -> list[PrintedDate]:
    """Dates with day, month and year, in order of place. A numeric date that can be read two ways is read day first
    and carries the `other` reading, unless a weekday beside it decides.

    >>> [(d.day.isoformat(), d.other and d.other.isoformat(), d.basis) for d in find_dates("09-11-2017, Sun, Nov 05, 2017")]
    [('2017-11-09', '2017-09-11', 'numeric'), ('2017-11-05', None, 'written')]
    >>> find_dates("Thu 09/11/2017")[0].basis
    'weekday'
    """
    found: list[PrintedDate] = []
    if not DIGIT.search(text):
        return found
    taken = Taken(text)
    for kind, pattern in PATTERNS:
        for m in pattern.finditer(text):
            if taken.meets(*m.span()):
                continue
            read = _numeric(m) if kind == "numeric" else _written(m)
            if read:
                found.append(read)
                taken.take(*m.span())
    return sorted(found, key=lambda f: f.start)


def _written(m: re.Match[str]) -> PrintedDate | None:
    month = MONTHS.get(m["month"].lower()) or int(m["month"])
    year = int(m["year"])
    if year < 100:
        year += 2000 if year < 70 else 1900  # POSIX strptime's rule for %y, but for 69
    day = _date(year, month, int(m["day"]))
    return PrintedDate(m.start(), m.end(), day, None, "written") if day else None


def _numeric(m: re.Match[str]) -> PrintedDate | None:
    year, first, second = int(m["year"]), int(m["first"]), int(m["second"])
    by_day, by_month = _date(year, second, first), _date(year, first, second)
    if (
        m[3] == "." and by_day
    ):  # points are printed where the day comes first; the month-first style has strokes
        by_month = None
    weekday = WEEKDAYS[m["weekday"].lower()] if m["weekday"] else None
    fitting = [
        (d, o) for d, o in ((by_day, "DMY"), (by_month, "MDY")) if d and weekday in (None, d.weekday())
    ]
    if not fitting:
        return None
    day, order = fitting[0]
    if len(fitting) == 1 or by_day == by_month:
        basis = "weekday" if by_day and by_month and by_day != by_month else "numeric"
        return PrintedDate(m.start(), m.end(), day, None, basis, "" if by_day == by_month else order)
    return PrintedDate(m.start(), m.end(), day, fitting[1][0], "numeric")


def find_weekdays(text: str) -> list[int]:
    """The weekdays a text names in full, in order; Monday is 0.

    >>> find_weekdays("On Friday they left; by Sunday they were back.")
    [4, 6]
    """
    return [WEEKDAYS[m[0].lower()] for m in NAMED_WEEKDAY.finditer(text)]


def _date(year: int, month: int, day: int) -> date | None:
    if not EARLIEST <= year < LATEST:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None
