"""Who published an article, when, under what title: the blocks around the text, read by where they stand and how they look."""

from __future__ import annotations

import re
from collections.abc import Mapping

from transforms.language.dates import find_dates
from transforms.page.body import find_bodies, told_language
from transforms.page.dateline import find_dateline
from transforms.page.day import date_line, note_dates, settle_date
from transforms.page.outlet import find_sign_off, note_byline_outlet, note_masthead, settle_outlet
from transforms.page.piece import (
    HEADER_BLOCKS,
    LONGEST_LINE,
    SENTENCE_END,
    Header,
    Known,
    Piece,
    is_name,
    is_sentence,
)
from transforms.page.title import find_title

LONGEST_FURNITURE = 2000  # characters of a block that furniture patterns are tried on
LONGEST_CAPTION = 300
TAGS = re.compile(r"(?:tags?|keywords?|topics?|filed under|labels?)\s*:\s*\S.*", re.I)
BYLINE = re.compile(
    r"(?:written |story |report(?:ed)? |posted )?by:?\s+((?!the\b)[^\W\d_][\w.'’-]*(?:[ ,&]+[\w.'’-]+){0,12})",
    re.I,
)
LABELS = {"title": "title", "headline": "title", "date": "date", "author": "byline", "byline": "byline", "outlet": "outlet",
          "publisher": "outlet", "publication": "outlet", "newspaper": "outlet", "url": "credit", "link": "credit"}  # fmt: skip
LABELLED = re.compile(rf"(?P<label>{'|'.join(LABELS)})\s?:\s*(?P<value>\S.{{0,300}})", re.I)


def read_header(pieces: list[Piece], facts: Mapping[str, str], known: Known) -> Header:
    """Give every piece its kind (in place) and say what they tell about the article."""
    header = Header(language=told_language(pieces, facts), url=facts.get("url"))
    for piece in pieces:
        _judge_furniture(piece, header, known)
    _read_lines(pieces, header, known)
    find_title(pieces, header, facts, known)
    find_bodies(pieces)
    find_dateline(pieces, header, known)
    find_sign_off(pieces, header, known)
    settle_outlet(header, facts, known)
    settle_date(pieces, header, facts, known)
    header.byline = header.byline or facts.get("byline")
    return header


def _judge_furniture(piece: Piece, header: Header, known: Known) -> None:
    """Kinds that a block has by itself, wherever it stands."""
    if not piece.text:
        piece.kind = "unknown"
    elif said := known.fingerprints.outlet_of(piece.text):
        header.outlets_seen.setdefault("fingerprint", said[0])
        piece.kind = said[1]
    elif len(piece.text) <= LONGEST_FURNITURE and (judged := known.furniture.judge(piece.text)):
        piece.kind = judged.kind
        if judged.outlet and (outlet := known.outlet_named(judged.outlet)):
            header.outlets_seen.setdefault(judged.kind, outlet)
            if judged.kind == "credit":
                header.origin_outlet_id = header.origin_outlet_id or outlet
    elif piece.hint not in ("", "main", "heading", "title", "markdown"):
        piece.kind = piece.hint


def _read_lines(pieces: list[Piece], header: Header, known: Known) -> None:
    """Tags, credits, dates, bylines and outlet names that stand as lines of their own."""
    body_seen = False
    for i, piece in enumerate(pieces):
        in_header = not body_seen and i < HEADER_BLOCKS
        text = piece.text
        if piece.kind == "date":
            note_dates(header, find_dates(text), "header_line")
        if piece.kind == "photo_credit":
            piece.kind = "credit"
            if i < 2 * HEADER_BLOCKS:
                _mark_caption(pieces, i)
        if piece.kind or piece.hint == "title":
            continue
        if piece.hint == "heading":
            if in_header and (outlet := known.outlet_named(text)):
                piece.kind = "outlet"
                note_masthead(header, outlet, known)
            continue
        if in_header and (m := LABELLED.fullmatch(text)):
            _read_label(piece, m["label"].lower(), m["value"], header, known)
            continue
        if len(text) <= LONGEST_FURNITURE and TAGS.fullmatch(text):
            piece.kind = "tags"
        elif in_header and len(text) <= LONGEST_LINE and (dates := date_line(text)):
            piece.kind = "date"
            note_dates(header, dates, "header_line")
        elif (
            in_header
            and len(text) <= LONGEST_LINE
            and (m := BYLINE.fullmatch(text))
            and not SENTENCE_END.search(text)
        ):
            piece.kind = "byline"
            header.byline = header.byline or m[1]
            note_byline_outlet(header, m[1], known)
        elif (
            len(text) <= LONGEST_LINE
            and (outlet := known.outlet_named(text))
            and (in_header or i >= len(pieces) - 6)
        ):
            piece.kind = "outlet"
            if in_header:
                note_masthead(header, outlet, known)
            else:
                header.origin_outlet_id = header.origin_outlet_id or outlet
        elif is_sentence(text) and not (i == 0 and not SENTENCE_END.search(text)):
            body_seen = True
    for i, piece in enumerate(pieces[:HEADER_BLOCKS]):
        beside_date = any(p.kind == "date" for p in pieces[max(0, i - 1) : i + 2])
        could_be_title = any(not p.kind for p in pieces[:i])
        unnamed = not header.outlets_seen.keys() & {"masthead", "agency_line"}
        if (
            not piece.kind
            and could_be_title
            and unnamed
            and beside_date
            and len(piece.text.split()) <= 5
            and is_name(piece.text)
        ):
            piece.kind = "outlet"  # a masthead nobody knows yet


def _read_label(piece: Piece, label: str, value: str, header: Header, known: Known) -> None:
    """A header line that says what it is: "URL: https://...", "Title: ..."."""
    kind = LABELS[label]
    piece.kind = kind
    if kind == "title":
        header.title = header.title or value
    elif kind == "date":
        note_dates(header, find_dates(value), "header_line")
    elif kind == "byline":
        header.byline = header.byline or value
    elif kind == "outlet" and (outlet := known.outlet_named(value)):
        note_masthead(header, outlet, known)
    elif label in ("url", "link"):
        header.url = header.url or value


def _mark_caption(pieces: list[Piece], credit: int) -> None:
    """The sentence right before a photo credit is its caption, where no body has begun or only that sentence stands
    between the title and the credit."""
    before = next(
        (p for p in reversed(pieces[max(0, credit - 1) : credit]) if not p.kind and p.hint != "title"), None
    )
    open_sentences = [
        p for p in pieces[:credit] if not p.kind and p.hint != "title" and SENTENCE_END.search(p.text)
    ]
    if before and before.text and len(before.text) <= LONGEST_CAPTION and open_sentences == [before]:
        before.kind = "caption"
