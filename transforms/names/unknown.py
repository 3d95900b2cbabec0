"""Capitalised names that no lexicon entry covers: what `unresolved_names` asks people to look at."""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence

from transforms.language.dates import MONTHS, WEEKDAYS
from transforms.language.sentences import find_sentences
from transforms.layout import BREAK
from transforms.schema import ARTICLE_ID, SPANS, Column, Table

UNKNOWN_NAMES = Table(
    "unknown_names",
    "One capitalised name that no lexicon entry covers.",
    ("unknown_name_id",),
    (
        Column("unknown_name_id", "string", "Hash of document and span.", null=False),
        ARTICLE_ID,
        *SPANS,
    ),
)

_ARTICLE = r"(?:(?:al|el)[- ]|(?:as|ar|ad|ash|an|at|az|ez|ed|edh)-)"
_WORD = r"[A-ZÀ-ÖØ-Þ][\w’']*"
NAME = re.compile(rf"\b{_ARTICLE}?{_WORD}(?:[- ](?:{_ARTICLE}|(?:bin|ibn|of|de|for)[- ])?{_WORD})*")
ORDINARY = (
    frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(["i", "mr", "mrs", "ms", "dr", "gen", "col", "maj", "lt", "sgt", "capt", "tags"])
)
OPENING = re.compile(
    r"(?:The|A|An|On|In|At|But|And|For|From|To|With|By|As|After|Before|Since|While|When|If|Of|It|He|She|They|We|His|Her|"
    r"Their|Its|This|That|These|Those|There|Last|Most|Many|Some|Between|Under|Over|Near|Both|All|No|One|Two|Three)\b ?"
)


def _openings(text: str) -> Iterator[int]:
    """Where paragraphs and sentences begin."""
    at = 0
    for paragraph in text.split(BREAK):
        yield at
        yield from (at + start for start, _ in find_sentences(paragraph))
        at += len(paragraph) + len(BREAK)


def find_unknown_names(
    text: str, taken: Sequence[tuple[int, int]], known_words: Container[str]
) -> list[tuple[int, int]]:
    """Spans of capitalised names outside the taken spans (in order, apart). No name: a lone word that opens a sentence or a quotation,
    a lone word that is part of known names (Syrian, Kurdish), days and months. `known_words` are in small letters.

    >>> t = "Fighters took Umm Hajra. On Monday the Syrian envoy left with Karim."
    >>> [t[a:b] for a, b in find_unknown_names(t, [], {"syrian"})]
    ['Umm Hajra', 'Karim']
    """
    openings = set(_openings(text))
    found = []
    nearest = 0  # the first taken span that does not end before this name
    for m in NAME.finditer(text):
        start, end = m.span()
        if start in openings and (first := OPENING.match(m[0])):
            start += first.end()  # "The Hague" loses its article, "On Friday" its preposition
        words = text[start:end].removesuffix("'s").removesuffix("’s")
        end = start + len(words)
        while nearest < len(taken) and taken[nearest][1] <= start:
            nearest += 1
        if len(words) < 2 or words.lower() in ORDINARY or (nearest < len(taken) and taken[nearest][0] < end):
            continue
        alone = " " not in words and "-" not in words
        opens = start in openings or (start > 0 and text[start - 1] in "“\"‘'([")
        if alone and (opens or words.lower() in known_words):
            continue
        found.append((start, end))
    return found
