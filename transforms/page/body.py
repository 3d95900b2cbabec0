"""Which blocks are the text, and whether it is English."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import groupby

from transforms.page.dateline import match_dateline
from transforms.page.piece import HEADER_BLOCKS, Piece, is_sentence

LONGEST_CROSSHEAD = 70
LINK_LIST = 3  # headings in a row that make a list of links
FEWEST_WORDS = 20  # words a text must have for its language to be told
LANGUAGE_REACH = 3000  # characters looked at for it
ENGLISH = frozenset(
    [
        "the",
        "of",
        "to",
        "and",
        "in",
        "a",
        "that",
        "is",
        "was",
        "for",
        "on",
        "with",
        "as",
        "by",
        "at",
        "from",
        "it",
        "he",
        "said",
        "has",
        "have",
        "been",
        "were",
        "are",
        "had",
        "an",
        "be",
        "his",
        "their",
        "not",
        "which",
        "after",
    ]
)


def find_bodies(pieces: list[Piece]) -> None:
    """What is left is the text: body, standfirst where header lines follow, crosshead where it is a short line."""
    left = [i for i, p in enumerate(pieces) if not p.kind]
    on_page = any(p.hint == "main" for p in pieces)
    for i in left:
        piece = pieces[i]
        if on_page and piece.hint == "" and piece.kind == "":
            piece.kind = "furniture" if not is_sentence(piece.text) else "related"
    left = [i for i in left if not pieces[i].kind]
    last = left[-1] if left else -1
    for i in left:
        text = pieces[i].text
        in_header = i < HEADER_BLOCKS
        lines_follow = in_header and any(
            p.kind in ("date", "outlet", "byline") for p in pieces[i + 1 : i + 4]
        )
        title_before = in_header and any(p.kind == "title" for p in pieces[:i])
        short = len(text) <= LONGEST_CROSSHEAD and not re.search(r"[.!?…:;,][\"'”’)]*$", text)
        if lines_follow and title_before and i == left[0] and not match_dateline(text) and len(left) > 1:
            pieces[i].kind = "standfirst"
        elif (pieces[i].hint == "heading" and not is_sentence(text)) or (
            short and i != left[0] and i != last and len(text.split()) <= 9
        ):
            pieces[i].kind = "crosshead"
        else:
            pieces[i].kind = "body"
    _drop_link_lists([pieces[i] for i in left])


def _drop_link_lists(text: list[Piece]) -> None:
    """Headings in a row head nothing: they are a list of links to other articles."""
    for kind, group in groupby([*text, Piece("", kind="end")], key=lambda p: p.kind):
        run = list(group)
        if kind == "crosshead" and len(run) >= LINK_LIST and all(p.hint == "heading" for p in run):
            for piece in run:
                piece.kind = "related"


def told_language(pieces: list[Piece], facts: Mapping[str, str]) -> str | None:
    """The page's own word (BCP 47, the first part); else "en" where a twelfth of the words are English function words;
    else what CLD2 finds (ISO 639-1); None for a text too short to tell."""
    if said := facts.get("language"):
        return said.split("-")[0].split("_")[0].strip().lower() or None
    text = " ".join(p.text for p in pieces[:40])
    words = text.lower().split()
    if words and sum(map(ENGLISH.__contains__, words)) >= len(words) / 12:
        return "en"
    if len(words) < FEWEST_WORDS:
        return None
    import pycld2  # most texts are plainly English and never need it

    try:
        is_reliable, _, found = pycld2.detect(text[:LANGUAGE_REACH])
    except pycld2.error:  # bytes that are no UTF-8 for it, such as control characters
        return None
    return str(found[0][1]) if is_reliable else None
