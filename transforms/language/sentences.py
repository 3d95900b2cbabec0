"""Sentence spans."""

from __future__ import annotations

import re
from functools import lru_cache

# Abbreviations that end in a full stop and do not end a sentence: titles, ranks, months, measures, U.S. and the like.
ABBREVIATIONS = frozenset(
    [
        "mr",
        "mrs",
        "ms",
        "dr",
        "prof",
        "rev",
        "hon",
        "st",
        "gen",
        "lt",
        "col",
        "maj",
        "capt",
        "cpl",
        "sgt",
        "brig",
        "adm",
        "cmdr",
        "pvt",
        "sen",
        "rep",
        "gov",
        "pres",
        "jan",
        "feb",
        "mar",
        "apr",
        "jun",
        "jul",
        "aug",
        "sep",
        "sept",
        "oct",
        "nov",
        "dec",
        "mon",
        "tue",
        "wed",
        "thu",
        "fri",
        "sat",
        "sun",
        "no",
        "vs",
        "al",
        "etc",
        "inc",
        "ltd",
        "co",
        "corp",
        "u.s",
        "u.k",
        "u.n",
        "e.g",
        "i.e",
        "a.m",
        "p.m",
        "jr",
        "sr",
        "km",
        "ft",
        "approx",
        "dept",
        "est",
        "fig",
    ]
)
LONGEST_ABBREVIATION = 20
BOUNDARY = re.compile(r"""[.!?…]([\"'”’»)\]]*)\s+(?=[\"'“‘«(\[]*[A-Z0-9À-ÖØ-Þ])""")
LAST_WORD = re.compile(r"[\w.]*$")
STARTS_ANEW = {"a.m", "p.m", "u.s", "u.k", "u.n", "inc", "co", "corp", "ltd", "etc"}
SENTENCE_OPENERS = frozenset(
    [
        "the",
        "a",
        "an",
        "it",
        "he",
        "she",
        "they",
        "we",
        "i",
        "but",
        "in",
        "on",
        "at",
        "this",
        "that",
        "these",
        "those",
        "there",
        "his",
        "her",
        "its",
    ]
)
NEXT_WORD = re.compile(r"[A-Za-z]+")


@lru_cache(
    maxsize=256
)  # a paragraph's sentences are asked for by mentions, unknown names and records in turn
def find_sentences(text: str) -> tuple[tuple[int, int], ...]:
    """The spans of a block's sentences, in order; together they cover the block but the spaces between them.

    >>> t = 'Gen. Ali spoke. "We left," he said. U.S. forces stayed.'
    >>> [t[a:b] for a, b in find_sentences(t)]
    ['Gen. Ali spoke.', '"We left," he said.', 'U.S. forces stayed.']
    """
    spans = []
    start = 0
    for m in BOUNDARY.finditer(text):
        stop = m.start()
        if text[stop] == "." and not m[1] and not _ends(text, start, stop, m.end()):
            continue
        spans.append((start, m.end(1)))
        start = m.end()
    if text[start:].strip():
        spans.append((start, len(text.rstrip())))
    return tuple(spans)


def _ends(text: str, start: int, stop: int, after: int) -> bool:
    """Whether the full stop at `stop` ends a sentence and not an abbreviation or an initial."""
    found = LAST_WORD.search(text, max(start, stop - LONGEST_ABBREVIATION), stop)
    word = found[0].lower() if found else ""
    if len(word) == 1 and word.isalpha():
        return False
    if word in STARTS_ANEW:
        following = NEXT_WORD.search(text, after)
        return bool(following and following[0].lower() in SENTENCE_OPENERS)
    return word not in ABBREVIATIONS
