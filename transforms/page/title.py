"""The headline: which block it is, less the site that stands beside it."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache

from transforms.language.dates import find_dates
from transforms.page.dateline import match_dateline
from transforms.page.piece import HEADER_BLOCKS, LONGEST_TITLE, SENTENCE_END, Header, Known, Piece
from transforms.page.prints import normalise

LONGEST_STATED = 1000  # characters of a title that a site's name is looked for in
TITLE_TAIL = re.compile(r"(?<!\s)\s*(?:\s[|–—-]|\||[–—-]\s)\s?(?P<name>[^|–—]{2,40})$")
TITLE_HEAD = re.compile(r"(?P<name>[^|–—]{2,40}?)\s[|–—-]\s")


def find_title(pieces: list[Piece], header: Header, facts: Mapping[str, str], known: Known) -> None:
    """The title. On a page: what two of its headline, its JSON-LD and its Open Graph title agree on, else what the
    metadata say, else the headline. In a text: the first line before the text that is no sentence and no dateline.
    A site's name before or after it is left out and shows who published it."""
    said = {
        n: _bare_title(facts[n], header, known)
        for n in ("headline", "og_title", "page_title")
        if facts.get(n)
    }
    if header.title:  # a line labelled as the title
        return
    stated = [said[name] for name in ("headline", "og_title") if name in said]
    if printed := _printed_title(pieces, stated):
        printed.kind = "title"
        stated.append(_bare_title(printed.text, header, known))
    agreed = [s for s in stated if sum(_likeness(s, other) == 1.0 for other in stated) > 1]
    by_weight = [
        *agreed,
        *filter(None, [said.get("og_title")]),
        *stated,
        *filter(None, [said.get("page_title")]),
    ]
    header.title = next(iter(by_weight), None)
    for piece in pieces:
        if piece.hint == "title" and not piece.kind:
            piece.kind = "furniture"


def _printed_title(pieces: list[Piece], stated: list[str]) -> Piece | None:
    """The block that prints the title: of a page's main headings the one most like what its metadata state, else any
    heading that says the same; else the first line that could be one."""
    headlines = [p for p in pieces if p.hint == "title" and not p.kind]
    if headlines:
        return max(headlines, key=lambda p: _likeness(p.text, *stated))
    for piece in pieces if stated else []:
        if piece.hint in ("heading", "furniture", "related") and _likeness(piece.text, stated[0]) == 1.0:
            return piece
    first = next((p for p in pieces if not p.kind and p.hint != "heading"), None)
    fits = first is not None and pieces.index(first) < HEADER_BLOCKS and _could_be_title(first, pieces)
    return first if fits else None


def _likeness(text: str, *others: str) -> float:
    """The share of words two titles have in common (Jaccard); 0 against none."""
    own = _title_words(text)
    shares = []
    for theirs in map(_title_words, others):
        shared = len(own & theirs)
        shares.append(shared / max(1, len(own) + len(theirs) - shared))
    return max(shares, default=0.0)


@lru_cache(maxsize=32)  # a page's title is compared with every heading
def _title_words(title: str) -> frozenset[str]:
    return frozenset(normalise(title).split())


def _bare_title(title: str, header: Header, known: Known) -> str:
    """A title without the names of its site around it: "Convoy leaves | The Wire" → "Convoy leaves"."""
    while len(title) <= LONGEST_STATED:
        for m in (TITLE_TAIL.search(title), TITLE_HEAD.match(title)):
            if m and (outlet := known.outlet_named(m["name"])):
                header.outlets_seen.setdefault("title", outlet)
                title = (title[: m.start()] if m.start() else title[m.end() :]).strip()
                break
        else:
            break
    return title


def _could_be_title(piece: Piece, pieces: list[Piece]) -> bool:
    text = piece.text
    after = [p for p in pieces[pieces.index(piece) + 1 :] if not p.kind]
    if not after or len(text) > LONGEST_TITLE or match_dateline(text):
        return False
    dated = [d for p in after[:1] for d in find_dates(p.text[:40]) if d.start == 0]
    if SENTENCE_END.search(text) and not text.endswith(("?", "!", "...", "…")) and not dated:
        return False
    leading = find_dates(text[:40])
    return not (leading and leading[0].start == 0)
