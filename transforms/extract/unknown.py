"""Capitalised names that no lexicon entry covers: what `unresolved_names` asks people to look at."""

from __future__ import annotations

import re
from collections.abc import Sequence

from transforms.dates import MONTHS, WEEKDAYS
from transforms.schema import SPANS, Column, Table
from transforms.sentences import find_sentences

UNKNOWN_NAMES = Table(
    "unknown_names",
    "One capitalised name that no lexicon entry covers.",
    ("unknown_name_id",),
    (
        Column("unknown_name_id", "string", "Hash of document and span.", null=False),
        Column("article_id", "string", "The article it stands in.", null=False),
        *SPANS,
    ),
)

NAME = re.compile(
    r"(?:\b(?:al|el|as|ar|ad|ash|an|at|az|ez|ed|abu|ibn|bin)[- ])?\b[A-ZÀ-ÖØ-Þ][\w’']*(?:[- ](?:(?:al|el|as|ar|ad|ash|an|at|az|ez|ed|bin|of|de|for)[- ])?[A-ZÀ-ÖØ-Þ][\w’']*)*"
)
ORDINARY = (
    frozenset(MONTHS)
    | frozenset(WEEKDAYS)
    | frozenset(["i", "mr", "mrs", "ms", "dr", "gen", "col", "maj", "lt", "sgt", "capt"])
)


def find_unknown_names(text: str, taken: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Spans of capitalised names outside the taken spans; a lone word that opens a sentence or a quotation is none.

    >>> t = "Fighters took Umm Hajra. They left on Monday with Karim."
    >>> [t[a:b] for a, b in find_unknown_names(t, [])]
    ['Umm Hajra', 'Karim']
    """
    openings = {start for start, _ in find_sentences(text)}
    found = []
    for m in NAME.finditer(text):
        start, end = m.span()
        if any(s < end and start < e for s, e in taken) or m[0].lower() in ORDINARY:
            continue
        opens = start in openings or (start and text[start - 1] in "“\"‘'([")
        if opens and not re.search(r"[ -]", m[0]):
            continue
        if end - start > 1:
            found.append((start, len(m[0].removesuffix("'s").removesuffix("’s")) + start))
    return found
