"""Time expressions in running text, to ranges of days against the day of publication.

Kinds and readings follow TIMEX3 DATE (ISO-TimeML, Pustejovsky et al. 2010) where news usage agrees with it: a bare weekday is
that day in the week ending on the day of publication, that day included; a bare month or day of a month is the nearest
one not after publication.
"""

from __future__ import annotations

import calendar
import re
from bisect import bisect_right, insort
from datetime import date, timedelta
from operator import attrgetter
from typing import NamedTuple

from transforms.language.dates import EARLIEST, LATEST, MONTHS, WEEKDAYS, find_dates
from transforms.language.phrases import Phrases
from transforms.language.spelling import fold
from transforms.spans import Taken

NUMBERS = {
    w: n for n, w in enumerate("zero one two three four five six seven eight nine ten eleven twelve".split())
}
NUMBERS |= {"a": 1, "an": 1, "a few": 3, "several": 3, "a couple of": 2}
_MONTH = (
    r"(?P<month>"
    + "|".join(m.capitalize() for m in sorted(MONTHS, key=len, reverse=True))
    + r")\b(?:(?<![a-z]{4})\.)?"
)
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_PART = r"(?P<part>early|earlier(?: in)?|late|later(?: in)?|mid|the (?:start|beginning|end|middle) of)[ -]"
_WEEKDAY = (
    r"(?P<weekday>"
    + "|".join(d for d in calendar.day_name)
    + r"|Mon|Tues?|Wed|Thurs?|Fri|Sat|Sun)\b(?:(?<![a-z]{4})\.)?"
)
_COUNT = r"(?P<count>\d{1,3}|" + "|".join(sorted(NUMBERS, key=len, reverse=True)) + ")"
_UNIT = r"(?P<unit>day|week|fortnight|month|year|decade)s?"
_UNTIL = r"(?:\s?[-–—]\s?|\s(?:to|through|until|till|(?(between)and|to))\s)"
_NO_COUNT = r"(?!\s?%|\s(?:[a-z]+s|people|men|women|children|percent|per cent)\b)"  # October 4 to 8 villages
_NO_MONTH = r"(?!\s(?:of\s)?(?:" + "|".join(m.capitalize() for m in MONTHS) + r")\b)"  # May 3 to 20 June
_WHICH = r"(?P<which>last|past|next|coming|this|that|the same|the previous|the following|the past|the last)"
SINCE = re.compile(r"\bsince\s(?:the\s|late\son\s|early\son\s)?$", re.I)
FUTURE = re.compile(
    r"\b(?:will|would|to be|due|scheduled|planned|expected|set (?:to|for)|plans?)\b[^.;!?]*$"
    r"|\b(?:until|till|as (?:early|soon) as|postponed to|ahead of|deadline of)\s(?:[\w.:]+\s){0,3}$",
    re.I,
)
WILL = re.compile(
    r"(?:,?\s(?P<word>[\w'’-]+)){1,6}?\s(?:will|would|(?:is|are) (?:to|due|set|scheduled|expected|planned)|plans? to)\b"
)
TOLD = re.compile(
    r"\b(?:\w+ed|said|says|told|took|went|came|left|met|held|made|began|who|which|that|and|but)\b", re.I
)
MONTH_BEFORE = re.compile(rf"\b{_MONTH}\s$")
SUPERLATIVE = re.compile(
    r"\b(?:\w{2,}est|most|worst|first)\b[^.;,]*$", re.I
)  # the largest operation in the past ten years
RANGE = re.compile(r"\s?(?:(?P<to>to|until|till|through|[-–—])|(?P<and>and))\s?(?:on\s)?")
FROM = re.compile(r"\b(?:(?P<from>from)|(?P<between>between))\s(?:late\s|early\s)?$", re.I)
PATTERNS = tuple(
    (kind, re.compile(pattern, flags))
    for kind, pattern, flags in (
        ("month_days", rf"\b(?:(?P<between>between)\s)?{_MONTH}\s{_DAY}{_UNTIL}(?P<until>\d{{1,2}})(?:st|nd|rd|th)?(?![\d:,.]*\d){_NO_COUNT}{_NO_MONTH}(?:,?\s(?P<year>\d{{4}}))?\b", 0),
        ("days_month", rf"\b(?:(?P<between>between)\s)?{_DAY}{_UNTIL}(?P<until>\d{{1,2}})(?:st|nd|rd|th)?(?:\sof)?\s{_MONTH}(?:,?\s(?P<year>\d{{4}}))?", 0),
        ("month_day", rf"\b(?:{_WEEKDAY},?\s)?{_MONTH}\s{_DAY}(?![\d:,.]*\d)(?:,?\s(?P<year>\d{{4}}))?\b", 0),
        ("day_month", rf"\b(?:{_WEEKDAY},?\s)?{_DAY}(?:\sof)?\s{_MONTH}(?:,?\s(?P<year>\d{{4}}))?", 0),
        ("month", rf"\b(?:{_PART})?(?:(?P<which>last|next|this)\s)?{_MONTH}(?:,?\s(?P<year>\d{{4}})|\s(?:of\s)?(?P<of>last|this|next)\syear)?(?![\w-])", 0),
        ("weekday_week", rf"\b{_WEEKDAY}(?:\sof)?\s(?P<which>last|this|next)\sweek\b", 0),
        ("weekdays_ago", rf"\b{_COUNT}\s(?P<weekday>{'|'.join(calendar.day_name)})s\sago\b", re.I),
        ("weekday", rf"\b(?:{_WHICH}\s)?{_WEEKDAY}", 0),
        ("day_word", r"\b(?P<word>(?:the )?day before yesterday|(?:the )?day after tomorrow|today|tonight|this (?:morning|afternoon|evening)|yesterday|last night|tomorrow|overnight)\b", re.I),
        ("past", rf"\b(?:the|in|over|during|for|within|of)\s(?P<which>past|last|next|coming)\s(?:{_COUNT}\s(?P<unit>hour|day|week|fortnight|month|year)s?|(?P<one>fortnight|24 hours))\b", re.I),
        ("ago", rf"\b(?:(?:about|around|some|almost|nearly|more than|over)\s)?{_COUNT}\s{_UNIT}\s(?P<way>ago|earlier|later|(?:before|after)(?=\s*(?:[.,;]|$)))\b", re.I),
        ("counted", rf"\b{_COUNT}\s(?P<unit>day|week|month|year)s?\s(?P<way>before|after)(?=\s\w)", re.I),
        ("weekend", r"\b(?:over|at|during)\s(?:the\s)?(?P<unit>weekend)\b", re.I),
        ("which", rf"\b(?:{_PART})?{_WHICH}\s(?P<unit>day|week|weekend|month|year|decade|century|spring|summer|autumn|fall|winter)\b(?! of)", re.I),
        ("season", rf"\b(?:{_PART}|in\s)?(?:the\s)?(?P<unit>spring|summer|autumn|winter)\s(?:of\s)?(?P<year>\d{{4}})\b", re.I),
        ("decade", r"\b(?:early |late |mid-)?(?:the )?(?P<year>(?:19|20)\d0)s\b", 0),
        ("year", r"(?:\b(?:in|since|of|from|until|till|by|during|for|between|and|before|after|early|late|mid|to|year|through)[ -]|\()(?P<value>(?P<year>(?:19|20)\d\d))(?![\d%-]|[.,]\d|\s(?:people|civilians|fighters|families|troops|soldiers))", re.I),
        ("holy", r"\b(?P<word>Ramadan|Eid al-(?:Fitr|Adha)|Ashura|Easter|Nowruz|Muharram)\b", 0),
    )
)  # fmt: skip
SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "fall": (9, 11), "winter": (12, 2)}
DAYS = {
    "day before yesterday": -2,
    "day after tomorrow": 2,
    "today": 0,
    "tonight": 0,
    "this morning": 0,
    "this afternoon": 0,
    "this evening": 0,
    "yesterday": -1,
    "last night": -1,
    "tomorrow": 1,
}


UNITS = (
    "day",
    "days",
    "week",
    "weeks",
    "fortnight",
    "month",
    "months",
    "year",
    "years",
    "decade",
    "decades",
    "century",
)
_HINTS: dict[str, tuple[str, ...]] = {
    **dict.fromkeys(UNITS, ("past", "ago", "counted", "which")),
    **dict.fromkeys(["hour", "hours"], ("past",)),
    "weekend": ("weekend", "which"),
    **dict.fromkeys(SEASONS, ("which", "season")),
    **dict.fromkeys(
        [*MONTHS, *(f"mid-{m}" for m in MONTHS)],
        ("printed", "month_days", "days_month", "month_day", "day_month", "month"),
    ),
    **dict.fromkeys(WEEKDAYS, ("weekday_week", "weekday")),
    **dict.fromkeys([f"{d.lower()}s" for d in calendar.day_name], ("weekdays_ago",)),
    **dict.fromkeys([*DAYS, "overnight"], ("day_word",)),
    **dict.fromkeys(["ramadan", "eid", "ashura", "easter", "nowruz", "muharram"], ("holy",)),
}
"""A word that an expression of time has, to the kinds of expression that can have it."""
OF_DIGITS = ("printed", "year", "decade")
HINTS = {fold(word): kinds for word, kinds in _HINTS.items()}
ANCHORS = Phrases(HINTS)
DIGITS = re.compile(r"(?<!\d)(?:(?:19|20)\d\d|\d{1,2}[-/.]\d{1,2}[-/.]\d)")
AROUND = 60  # characters on either side of a word of time that its expression lies in
LONGEST_WORD = 60  # characters more that are looked at so as not to cut a word


class Time(NamedTuple):
    """A time expression at text[start:end]: the days from `first` to `last` (None where open or unknown), how precise
    (day, range, week, month, year, unknown), and how it was read."""

    start: int
    end: int
    first: date | None
    last: date | None
    precision: str
    basis: str


def find_times(text: str, published: date | None) -> list[Time]:
    """The time expressions of a text, in order, none inside another. Without a day of publication, relative ones have no
    days and the basis says so.

    >>> from datetime import date
    >>> day = date(2017, 11, 9)  # a Thursday
    >>> [(str(t.first), str(t.last), t.precision) for t in find_times("On Thursday and since Friday, in September, ten days ago", day)]
    [('2017-11-09', '2017-11-09', 'day'), ('2017-11-03', '2017-11-09', 'range'), ('2017-09-01', '2017-09-30', 'month'), ('2017-10-30', '2017-10-30', 'day')]
    >>> [(t.first, t.basis) for t in find_times("Late on Sunday", None)]
    [(None, 'no_article_date')]
    """
    windows = _windows(text)
    found = [
        Time(a + d.start, a + d.end, d.day, d.day, "day", "written")
        for a, b in windows.get("printed", ())
        for d in find_dates(text[a:b])
        if d.other is None
    ]
    taken = Taken(text, found)
    days = sorted(found, key=attrgetter("end"))
    for kind, pattern in PATTERNS:
        for m in (m for a, b in windows.get(kind, ()) for m in pattern.finditer(text, a, b)):
            start = m.start("value") if kind == "year" else m.start()
            if taken.meets(start, m.end()):
                continue
            if kind == "days_month" and MONTH_BEFORE.search(text, max(0, start - 12), start):
                continue  # May 3 to 20 June: the 3 is May's
            anchor = published
            if kind == "ago" and m["way"].lower() in ("earlier", "before", "later", "after"):
                anchor = _day_before(days, start)
            elif kind == "counted" and not (anchor := _day_after(days, text, m.end())):
                continue
            if time := _read(kind, m, text, anchor):
                time = _open_ended(time._replace(start=start, end=m.end()), text, published)
                found.append(time)
                if time.precision == "day":
                    insort(days, time, key=attrgetter("end"))
                taken.take(start, m.end())
    return _ranges(sorted(found, key=lambda f: f.start), text)


def _ranges(found: list[Time], text: str) -> list[Time]:
    """The times in order; two that "from ... to" or "between ... and" join are one: from Monday to Wednesday."""
    out: list[Time] = []
    for time in found:
        before = out[-1] if out else None
        joint = (
            RANGE.fullmatch(text, before.end, time.start) if before and before.first and time.last else None
        )
        led = FROM.search(text, max(0, before.start - 16), before.start) if before and joint else None
        if before and joint and led and bool(led["from"]) == bool(joint["to"]):
            first = _in_year_of(time, before)
            last = time.last
            if first and last and before.basis == time.basis == "weekday":
                last = first + timedelta((last - first).days % 7)  # the next such day after the first
            elif first and last and first > last and before.basis == "weekday":
                first -= timedelta(7)
            if first and last and first <= last:
                out[-1] = Time(before.start, time.end, first, last, "range", time.basis)
                continue
        out.append(time)
    return out


def _in_year_of(last: Time, first: Time) -> date | None:
    """The first day of a range; it has its year from the last where that alone says one: from March to May 2016."""
    if not (first.first and last.last and last.basis == "written" and first.basis.startswith("nearest")):
        return first.first
    same = _day(last.last.year, first.first.month, first.first.day)
    return (
        same if same and same <= last.last else _day(last.last.year - 1, first.first.month, first.first.day)
    )


def _day_after(days: list[Time], text: str, at: int) -> date | None:
    """The day that what is counted from is told to have been: two days before *the truce of September 14*."""
    after = next((d for d in days if d.start >= at), None)
    near = (
        after is not None and after.start - at <= AROUND and not re.search(r"[.;,!?]", text[at : after.start])
    )
    return after.first if near and after else None


def _day_before(days: list[Time], at: int) -> date | None:
    """The nearest day that ends before a place, of days in the order of their ends."""
    before = bisect_right(days, at, key=attrgetter("end"))
    return days[before - 1].first if before else None


def _windows(text: str) -> dict[str, list[tuple[int, int]]]:
    """The stretches of a text that can hold a time expression, by kind: around a month, a weekday, a unit of time, a year."""
    near = [(p.start(), HINTS[p.form]) for p in ANCHORS.find(text)]
    near += [(m.start(), OF_DIGITS) for m in DIGITS.finditer(text)]
    out: dict[str, list[tuple[int, int]]] = {}
    for at, kinds in sorted(near):
        start, end = max(0, at - AROUND), min(len(text), at + AROUND)
        first, last = max(0, start - LONGEST_WORD), min(len(text), end + LONGEST_WORD)
        while start > first and text[start - 1].isalnum():
            start -= 1
        while end < last and text[end - 1].isalnum():
            end += 1
        for kind in kinds:
            stretches = out.setdefault(kind, [])
            if stretches and start <= stretches[-1][1]:
                stretches[-1] = (stretches[-1][0], max(end, stretches[-1][1]))
            else:
                stretches.append((start, end))
    return out


def _open_ended(time: Time, text: str, published: date | None) -> Time:
    """The time itself; after "since" it runs to the day of publication."""
    before = text[max(0, time.start - 16) : time.start]
    if time.first and published and time.first <= published and SINCE.search(before):
        return time._replace(last=published, precision="range", basis=f"{time.basis}:since")
    return time


def _read(kind: str, m: re.Match[str], text: str, anchor: date | None) -> Time | None:
    said = m.groupdict()
    if kind == "holy":
        return Time(0, 0, None, None, "unknown", "moving_feast")
    if kind in ("year", "decade", "season") or said.get("year"):
        return _absolute(kind, said)
    if (
        kind == "month"
        and m[0].strip(".").lower() in ("may", "march", "mar", "sun", "sat")
        and not _is_month(m, text)
    ):
        return None
    if kind == "weekday" and len(said["weekday"].strip(".")) < 5 and not m[0].endswith("."):
        return None  # "Sat" and "Sun" are words
    if anchor is None:
        return Time(0, 0, None, None, "unknown", "no_article_date")
    if kind == "past" and SUPERLATIVE.search(text, max(0, m.start() - AROUND), m.start()):
        return None
    ahead = bool(FUTURE.search(text, max(0, m.start() - 60), m.start())) or _will(text, m.end())
    return _relative(kind, said, anchor, ahead)


def _will(text: str, at: int) -> bool:
    """Whether the verb after a time is one of what is to come, with nothing but its subject between: On Sunday the army will leave."""
    m = WILL.match(text, at, at + AROUND)
    return bool(m and not TOLD.search(text, at, m.end()))


def _is_month(m: re.Match[str], text: str) -> bool:
    """Whether "May" or "March" is the month: after a preposition, or a part, or last and next."""
    said = m.groupdict()
    before = text[max(0, m.start() - 8) : m.start()]
    return bool(
        said["part"] or said["which"] or re.search(r"\b(?:in|since|of|until|by|during|from|to|on)\s$", before)
    )


def _absolute(kind: str, said: dict[str, str | None]) -> Time | None:
    year = int(said["year"] or 0)
    if not EARLIEST <= year < LATEST:
        return None
    if kind == "decade":
        return Time(0, 0, date(year, 1, 1), date(year + 9, 12, 31), "range", "written")
    if kind == "year":
        return Time(0, 0, date(year, 1, 1), date(year, 12, 31), "year", "written")
    if kind == "season":
        return _season(str(said["unit"]).lower(), year, "written")
    month = MONTHS[str(said["month"]).lower()]
    if said.get("day"):
        day = _day(year, month, int(said["day"] or 0))
        if said.get("until"):
            return _until(day, said, "written")
        return Time(0, 0, day, day, "day", "written") if day else None
    return _month(year, month, said.get("part"), "written")


def _until(first: date | None, said: dict[str, str | None], basis: str) -> Time | None:
    """From a day to a later one of its month."""
    last = _day(first.year, first.month, int(said["until"] or 0)) if first else None
    return Time(0, 0, first, last, "range", basis) if first and last and first < last else None


def _relative(kind: str, said: dict[str, str | None], anchor: date, is_ahead: bool) -> Time | None:
    if kind in ("month_day", "day_month", "month_days", "days_month"):
        time = _month_day(MONTHS[str(said["month"]).lower()], int(said["day"] or 0), anchor, is_ahead)
        return _until(time.first, said, time.basis) if time and said.get("until") else time
    if kind == "month":
        month = MONTHS[str(said["month"]).lower()]
        ahead = said.get("which") == "next" or (is_ahead and month > anchor.month)
        year = (
            anchor.year
            if (month <= anchor.month) != ahead
            else anchor.year + (1 if ahead and month <= anchor.month else 0 if ahead else -1)
        )
        if said.get("which") == "last" and month == anchor.month:
            year -= 1
        if said.get("of"):
            year = anchor.year + {"last": -1, "this": 0, "next": 1}[str(said["of"])]
        return _month(year, month, said.get("part"), "nearest_month")
    if kind == "weekday":
        return _weekday(
            WEEKDAYS[str(said["weekday"]).strip(".").lower()],
            said.get("which"),
            anchor,
            is_ahead,
        )
    if kind == "weekday_week":
        step = {"last": -7, "this": 0, "next": 7}[str(said["which"])]
        monday = anchor - timedelta(anchor.weekday()) + timedelta(step)
        day = monday + timedelta(WEEKDAYS[str(said["weekday"]).strip(".").lower()])
        return Time(0, 0, day, day, "day", "weekday")
    if kind == "weekdays_ago":
        back = (anchor.weekday() - WEEKDAYS[str(said["weekday"]).lower()] - 1) % 7 + 1
        day = anchor - timedelta(back + 7 * (_number(said) - 1))
        return Time(0, 0, day, day, "day", "weekday")
    if kind == "day_word":
        word = str(said["word"]).lower().removeprefix("the ")
        if word == "overnight":
            return Time(0, 0, anchor - timedelta(1), anchor, "range", "publication")
        day = anchor + timedelta(DAYS[word])
        return Time(0, 0, day, day, "day", "publication")
    if kind in ("ago", "counted"):
        return _ago(said, anchor)
    if kind == "past":
        return _past(said, anchor)
    if kind == "weekend":
        return _which({"which": "next" if is_ahead else "this", **said}, anchor)
    return _which(said, anchor)


def _number(said: dict[str, str | None]) -> int:
    count = str(said["count"]).lower()
    return int(count) if count.isdigit() else NUMBERS[count]


def _past(said: dict[str, str | None], anchor: date) -> Time | None:
    """The days that end with publication, or begin with it: in the past three days."""
    one = str(said["one"] or "").lower()
    number, unit = (
        (1, "fortnight" if one == "fortnight" else "day")
        if one
        else (_number(said), str(said["unit"]).lower())
    )
    months = {"month": 1, "year": 12}.get(unit, 0) * number
    days = {"hour": -(-number // 24), "day": number, "week": 7 * number, "fortnight": 14 * number}.get(
        unit, 0
    )
    step = -1 if str(said["which"]).lower() in ("past", "last") else 1
    total = anchor.year * 12 + anchor.month - 1 + step * months
    if not EARLIEST <= total // 12 < LATEST:
        return None
    month_length = calendar.monthrange(total // 12, total % 12 + 1)[1]
    other = date(total // 12, total % 12 + 1, min(anchor.day, month_length)) + timedelta(step * days)
    return Time(0, 0, min(other, anchor), max(other, anchor), "range", "counted")


def _day(year: int, month: int, day: int) -> date | None:
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _month(year: int, month: int, part: str | None, basis: str) -> Time:
    last = calendar.monthrange(year, month)[1]
    days = _part_of(part, 1, last)
    return Time(0, 0, date(year, month, days[0]), date(year, month, days[1]), "month", basis)


def _part_of(part: str | None, first: int, last: int) -> tuple[int, int]:
    if not part:
        return first, last
    third = max(1, (last - first + 1) // 3)
    if re.match(r"early|the (?:start|beginning)", part, re.I):
        return first, first + third - 1
    if re.match(r"late\b|the end", part, re.I):
        return last - third + 1, last
    return (first + third, last - third) if re.match("mid|the middle", part, re.I) else (first, last)


def _month_day(month: int, day: int, anchor: date, ahead: bool) -> Time | None:
    around = [d for y in (anchor.year - 1, anchor.year, anchor.year + 1) if (d := _day(y, month, day))]
    if not around:
        return None
    past = [d for d in around if d <= anchor]
    nearest = min(around, key=lambda d: abs(d - anchor))
    chosen = (
        nearest if ahead or not past or (nearest > anchor and (nearest - anchor).days <= 14) else max(past)
    )
    return Time(0, 0, chosen, chosen, "day", "nearest_year")


def _weekday(weekday: int, which: str | None, anchor: date, ahead: bool) -> Time:
    which = (which or "").lower().removeprefix("the ")
    back = (anchor.weekday() - weekday) % 7
    if which in ("next", "coming", "following") or (ahead and which in ("", "this") and back):
        day = anchor + timedelta(7 - back)
    elif which in ("last", "past", "previous") and back == 0:
        day = anchor - timedelta(7)
    else:
        day = anchor - timedelta(back)
    return Time(0, 0, day, day, "day", "weekday")


def _ago(said: dict[str, str | None], anchor: date) -> Time:
    number = _number(said)
    back = -number if str(said["way"]).lower() in ("later", "after") else number
    unit = str(said["unit"]).lower()
    if unit == "day":
        day = anchor - timedelta(back)
        return Time(0, 0, day, day, "day", "counted")
    if unit in ("week", "fortnight"):
        day = anchor - timedelta(7 * back * (2 if unit == "fortnight" else 1))
        monday = day - timedelta(day.weekday())
        return Time(0, 0, monday, monday + timedelta(6), "week", "counted")
    if unit == "month":
        months = anchor.year * 12 + anchor.month - 1 - back
        return _month(months // 12, months % 12 + 1, None, "counted")
    year = anchor.year - back * (10 if unit == "decade" else 1)
    if not EARLIEST <= year < LATEST:
        return Time(0, 0, None, None, "unknown", "counted")
    return Time(0, 0, date(year, 1, 1), date(year, 12, 31), "year", "counted")


def _which(said: dict[str, str | None], anchor: date) -> Time | None:
    which, unit = str(said["which"]).lower().removeprefix("the "), str(said["unit"]).lower()
    step = {"last": -1, "past": -1, "previous": -1, "next": 1, "coming": 1, "following": 1}.get(which, 0)
    if which in ("same", "that"):
        return None
    if unit == "day":
        return None
    if unit == "week":
        monday = anchor - timedelta(anchor.weekday()) + timedelta(7 * step)
        return Time(0, 0, monday, monday + timedelta(6), "week", "publication")
    if unit == "weekend":
        saturday = anchor - timedelta((anchor.weekday() - 5) % 7)
        if step > 0 or (step < 0 and anchor.weekday() >= 5):
            saturday += timedelta(7 * step)
        return Time(0, 0, saturday, saturday + timedelta(1), "range", "publication")
    if unit == "month":
        months = anchor.year * 12 + anchor.month - 1 + step
        return _month(months // 12, months % 12 + 1, said.get("part"), "publication")
    if unit == "year":
        year = anchor.year + step
        return Time(0, 0, date(year, 1, 1), date(year, 12, 31), "year", "publication")
    if unit in SEASONS:
        year = anchor.year + step if step > 0 or SEASONS[unit][0] > anchor.month else anchor.year
        if step < 0 and SEASONS[unit][0] > anchor.month:
            year = anchor.year - 1
        return _season(unit, year, "publication")
    first = anchor.year // (10 if unit == "decade" else 100) * (10 if unit == "decade" else 100)
    span = 10 if unit == "decade" else 100
    first += step * span
    return Time(0, 0, date(first, 1, 1), date(first + span - 1, 12, 31), "range", "publication")


def _season(unit: str, year: int, basis: str) -> Time:
    first, last = SEASONS[unit]
    end_year = year + 1 if last < first else year
    return Time(
        0,
        0,
        date(year, first, 1),
        date(end_year, last, calendar.monthrange(end_year, last)[1]),
        "range",
        basis,
    )
