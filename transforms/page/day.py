"""The day of publication: lines that are dates, and what decides the order of day and month."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date

from transforms.language.dates import PrintedDate, find_dates, find_weekdays
from transforms.page.outlet import note_masthead
from transforms.page.piece import TEXT_KINDS, Header, Known, Piece, is_name
from transforms.page.prints import WORD, normalise

WEEKDAY_REACH = 1500  # characters of a text in which a weekday may show the order of day and month
LEADING = 160  # characters of a text in which its date may stand
MOST_SECTIONS = 5  # words of section names before it
DATE_WORDS = re.compile(
    r"\b(?:date of publication|publication date|published|posted|updated|last (?:updated|modified)|created|modified|dated?|on|at|in|am|pm|gmt|utc|"
    r"est|edt|bst|cet|local time|print|page \d+|news list|hrs?|\d+ min(?:ute)?s? read)\b|\d{1,2}[:.h]\d{2}(?::\d\d)?|[+-]\d{4}|[^\w]",
    re.I,
)
MOST_BESIDE_DATE = 24  # letters a date line may hold besides the date and the words that go with it


def date_line(text: str) -> list[PrintedDate]:
    """The dates of a block that is nothing but a date and what goes with one, else none."""
    dates = find_dates(text)
    if not dates:
        return []
    rest = text
    for found in reversed(dates):
        rest = rest[: found.start] + rest[found.end :]
    return dates if len(DATE_WORDS.sub("", rest)) <= MOST_BESIDE_DATE else []


def note_dates(header: Header, dates: list[PrintedDate], basis: str) -> None:
    """Take the first date as the publication date; any numeric date with one reading shows the order in use."""
    for found in dates:
        header.date_order = header.date_order or found.order
        if header.published_on is None:
            header.published_on, header.published_on_other = found.day, found.other
            header.published_on_basis = basis + (":weekday" if found.basis == "weekday" else "")


def find_leading_date(text: str, header: Header, known: Known) -> None:
    """A date in a text's first line: at its start, or behind the title printed again, section names or an agency's."""
    start = _after_title(text, header.title or "")
    dates = [d for d in find_dates(text[: start + LEADING]) if d.start >= start]
    if not dates:
        return
    before = text[start : dates[0].start].strip(" ,.-–—|")
    agency = (
        next((o for n in (1, 2) if (o := known.outlet_named(" ".join(before.split()[-n:])))), None)
        if before
        else None
    )
    sections = len(before.split()) <= MOST_SECTIONS and is_name(before) if before else True
    if agency or sections or not DATE_WORDS.sub("", before):
        note_dates(header, dates[:1], "leading_text")
        if agency:
            note_masthead(header, agency, known)


def _after_title(text: str, title: str) -> int:
    """Where a text goes on that prints its title again at the start; 0 where it does not."""
    words = normalise(title).split()
    end = 0
    for n, m in enumerate(WORD.finditer(text)):
        if n == len(words):
            return end
        if m[0].casefold() != words[n]:
            return 0
        end = m.end()
    return 0


def settle_date(pieces: list[Piece], header: Header, facts: Mapping[str, str], known: Known) -> None:
    """The publication date: metadata before print, and the order of day and month by the document's own evidence,
    then by the outlet's habit; left open (the first reading and the `other` one) where neither decides."""
    for name, basis in (("record_date", "record"), ("date", "metadata"), ("page_date", "page")):
        if dates := find_dates(facts.get(name, "")):
            header.published_on, header.published_on_other = dates[0].day, dates[0].other
            header.published_on_basis = basis
            header.date_order = header.date_order or dates[0].order
            break
    if header.published_on is None or header.published_on_other is None:
        return
    order, basis = header.date_order, "other_date"
    if not order and header.outlet_id:
        order, basis = known.date_orders.get(header.outlet_id, ""), "outlet_habit"
    if not order:
        order, basis = (
            _order_by_weekdays(header.published_on, header.published_on_other, pieces),
            "body_weekday",
        )
    if order in ("DMY", "MDY"):
        if order == "MDY":
            header.published_on = header.published_on_other
        header.published_on_other = None
        header.published_on_basis = f"{header.published_on_basis}:{basis}"


def _order_by_weekdays(day_first: date, month_first: date, pieces: list[Piece]) -> str:
    """The reading that fits the first weekday the text names: news is of the day of publication or the day before."""
    text = " ".join(p.text for p in pieces if p.kind in TEXT_KINDS)[:WEEKDAY_REACH]
    for weekday in find_weekdays(text)[:1]:
        back = [(day.weekday() - weekday) % 7 for day in (day_first, month_first)]
        if min(back) <= 1 and max(back) >= 2:
            return "DMY" if back[0] < back[1] else "MDY"
    return ""
