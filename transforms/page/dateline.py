"""The dateline that a report opens with: RAQQA, Syria (Reuters) -"""

from __future__ import annotations

import re

from transforms.language.dates import find_dates
from transforms.page.day import find_leading_date, note_dates
from transforms.page.piece import Header, Known, Piece

LONGEST_DATELINE = 120  # characters
_CITY = r"[A-Z][A-Z'’.]+(?:[ -][A-Z][A-Z'’.]+){0,4}"
DATELINE = re.compile(
    rf"(?P<place>{_CITY}(?:\s\([A-Z][A-Z ]{{2,30}}\)(?=,))?(?:\s?/\s?{_CITY})?(?:,\s[A-Z][\w'’.-]{{1,20}}(?:\s[\w'’.-]{{1,20}}){{0,3}}){{0,2}})"
    r"(?:,?\s(?P<date>\d{1,2}\s[A-Za-z]{3,9}\.?(?:\s\d{2,4})?|[A-Z][a-z]{2,8}\.?\s\d{1,2}))?"
    r"(?:\s\((?P<wire>[A-Z][\w./ -]{1,30})\)\s?(?:-{1,2}|—|–|:)?|\s?(?:--|—|–|:|\s-))\s+(?=\S)"
)
PLAIN_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w'’]{1,20}(?:[ -][A-Z][\w'’]{1,20}){0,3}(?:,\s[A-Z]\w+)?)\s"
    r"(?:\((?P<wire>[A-Z][\w./ -]{1,30})\)\s(?:-{1,2}|—|–)|(?:--|—))\s+(?=\S)"
)
WIRE_DATELINE = re.compile(
    r"(?P<place>[A-Z][\w'’]{1,20}(?:[ -][A-Z]?[\w'’]{1,20}){0,3}?)(?:,\s|\s[-–—]\s)(?P<wire>[A-Z][\w.’' -]{1,30}?)\s?(?:[-–—]|:)\s+(?=\S)"
)


def match_dateline(text: str) -> re.Match[str] | None:
    """The dateline a block opens with; capitals alone are not enough for a block that is all in capitals."""
    m = DATELINE.match(text, 0, LONGEST_DATELINE) or PLAIN_DATELINE.match(text, 0, LONGEST_DATELINE)
    if m and len(text) - m.end() > 20:
        return m
    return None


def _wire_dateline(text: str, known: Known) -> re.Match[str] | None:
    """ "Deir Ezzor, SANA - ": a place and a known agency."""
    m = WIRE_DATELINE.match(text, 0, LONGEST_DATELINE)
    return m if m and known.outlet_named(m["wire"]) and len(text) - m.end() > 20 else None


def find_dateline(pieces: list[Piece], header: Header, known: Known) -> None:
    """Mark the dateline of the first block of text that has one, and note its date and wire."""
    bodies = [p for p in pieces if p.kind in ("body", "standfirst")]
    for piece in bodies[:3]:
        if m := match_dateline(piece.text) or _wire_dateline(piece.text, known):
            for again in bodies:  # a page printed twice prints its dateline twice
                if again.text.startswith(m[0]):
                    again.dateline_end = m.end()
            filed = m.groupdict().get("date")
            if filed and (dates := find_dates(filed)):
                note_dates(header, dates, "dateline")
            if m["wire"] and (outlet := known.outlet_named(m["wire"])):
                header.origin_outlet_id = header.origin_outlet_id or outlet
            return
    if bodies:
        find_leading_date(bodies[0].text, header, known)
