"""An article put together from its kept blocks, and the way from its text back to the document."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from transforms.page.clean import raw_offset
from transforms.page.piece import TEXT_KINDS

BREAK = "\n\n"


class Paragraph(NamedTuple):
    """A block with what was decided about it; `start` and `end` are raw offsets in the document."""

    paragraph_id: str
    position: int
    kind: str
    start: int
    end: int
    text: str
    shifts: Sequence[int]
    kept: bool
    dateline_end: int | None


class Segment(NamedTuple):
    """A paragraph as it stands in the reading text: from `at` on; `text_start` is its place in articles.text or None."""

    at: int
    paragraph: Paragraph
    text_start: int | None


class Position(NamedTuple):
    """Where a span of the reading text stands: paragraph, offsets in its clean text, in articles.text and in the document."""

    paragraph: Paragraph
    start: int
    end: int
    start_char: int | None
    end_char: int | None
    document_start_char: int
    document_end_char: int


@dataclass(frozen=True)
class Reading:
    """All of an article that names are read in, as one string of paragraphs apart by blank lines."""

    text: str
    segments: list[Segment]
    starts: list[int]

    def place(self, start: int, end: int) -> Position:
        """Where reading text[start:end], which lies in one paragraph, comes from."""
        at, paragraph, in_text = self.segments[bisect_right(self.starts, start) - 1]
        first, last = start - at, end - at
        shifts = paragraph.shifts
        return Position(
            paragraph=paragraph,
            start=first,
            end=last,
            start_char=None if in_text is None else in_text + first,
            end_char=None if in_text is None else in_text + last,
            document_start_char=paragraph.start + raw_offset(shifts, first),
            document_end_char=paragraph.start + raw_offset(shifts, last - 1) + 1,
        )


@dataclass(frozen=True)
class Assembled:
    """An article's clean text, its captions, where each paragraph stands in the text, and what is read for names."""

    text: str
    caption_text: str
    starts: dict[str, int]
    reading: Reading


def assemble(paragraphs: Sequence[Paragraph]) -> Assembled:
    """Put an article's paragraphs (in order) together: kept standfirst, body and crossheads make the text; names are
    read in every kept paragraph and in tags and datelines."""
    starts: dict[str, int] = {}
    pieces: list[str] = []
    at = 0
    for p in paragraphs:
        if p.kept and p.kind in TEXT_KINDS:
            starts[p.paragraph_id] = at
            pieces.append(p.text)
            at += len(p.text) + len(BREAK)
    read = [p for p in paragraphs if p.text and (p.kept or p.kind in ("tags", "dateline"))]
    segments: list[Segment] = []
    at = 0
    for p in read:
        segments.append(Segment(at, p, starts.get(p.paragraph_id)))
        at += len(p.text) + len(BREAK)
    reading = Reading(BREAK.join(p.text for p in read), segments, [s.at for s in segments])
    captions = BREAK.join(p.text for p in paragraphs if p.kept and p.kind == "caption")
    return Assembled(BREAK.join(pieces), captions, starts, reading)


def part_of(place: Position) -> str:
    """The part of the article a place lies in: title, caption, body, dateline or tags."""
    kind = place.paragraph.kind
    if kind in ("title", "caption", "dateline", "tags"):
        return kind
    ends = place.paragraph.dateline_end
    return "dateline" if ends is not None and place.end <= ends else "body"
