"""Mending blocks: each cleaner knows one defect, and every change can be traced back to the character it came from."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from html import unescape
from html.entities import html5

Edit = tuple[int, int, str]
"""text[start:end] becomes the string."""


@dataclass(frozen=True)
class Cleaned:
    """A block's clean text and the way back: from clean offset `shifts[2i]` on, raw offset = clean + `shifts[2i+1]`."""

    text: str
    shifts: list[int] = field(default_factory=list)
    fired: list[str] = field(default_factory=list)


Cleaner = Callable[[str], list[Edit]]
LOOKS_FOR: dict[Cleaner, str] = {}


def looks_for(pattern: str) -> Callable[[Cleaner], Cleaner]:
    """Declares the characters without which a cleaner has nothing to mend: a block with none of any cleaner's is clean."""

    def declare(cleaner: Cleaner) -> Cleaner:
        LOOKS_FOR[cleaner] = pattern
        return cleaner

    return declare


@looks_for(r"[^\S ]|  ")
def clean_breaks(text: str) -> list[Edit]:
    r"""White space of any kind or length becomes one space; a word hyphenated over a line break stays hyphenated.

    >>> apply(clean_breaks, "Abu \r\n  Kamal")
    'Abu Kamal'
    >>> apply(clean_breaks, "US-\nled")
    'US-led'
    """
    edits: list[Edit] = []
    for m in re.finditer(r"(?<=\w)(-)[ \t]*[\r\n]+\s*|\s+", text):
        at_edge = m.start() == 0 or m.end() == len(text)
        new = m[1] or ("" if at_edge else " ")
        if new != m[0]:
            edits.append((*m.span(), new))
    return edits


@looks_for(r"[\x00-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]")
def clean_invisible(text: str) -> list[Edit]:
    r"""Characters that print nothing go: zero-width, soft hyphen, direction marks, a byte order mark, controls. Joiners
    between letters of the Arabic and Indic scripts stay: they are spelling there (Unicode Standard Annex 31, 2.3).

    >>> apply(clean_invisible, "Deir\u200b ez\u00ad-Zor\ufeff")
    'Deir ez-Zor'
    """
    return [(m.start(), m.end(), "") for m in INVISIBLE.finditer(text)]


@looks_for(r"[ﬀﬁﬂﬃﬄ]")
def clean_ligatures(text: str) -> list[Edit]:
    """Typesetters' ligatures become letters.

    >>> apply(clean_ligatures, "ﬁghters oﬀ")
    'fighters off'
    """
    return [(m.start(), m.end(), LIGATURES[m[0]]) for m in re.finditer("[ﬀﬁﬂﬃﬄ]", text)]


@looks_for(r"[Â-ô][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ]")
def clean_mojibake(text: str) -> list[Edit]:
    """Runs of letters that are UTF-8 read in a one-byte encoding become what they were, where the evidence is clear:
    ftfy's own test (R. Speer, ftfy 6) must find the run implausible as it stands and plain when read again.

    >>> apply(clean_mojibake, "Syriaâ€™s army, a cafÃ© in SÃ£o Paulo, São Paulo")
    'Syria’s army, a café in São Paulo, São Paulo'
    """
    from ftfy import fix_encoding  # slow to load, and few blocks need it

    edits: list[Edit] = []
    for m in NOT_ASCII.finditer(text):
        if len(m[0]) > 1 and (mended := fix_encoding(m[0])) != m[0]:
            edits.append((*m.span(), mended))
    return edits


@looks_for(r"&#?\w{1,32};")
def clean_entities(text: str) -> list[Edit]:
    """Entities that nobody turned back become their characters, also those of entities (`&amp;quot;`). What HTML knows no
    character for stays.

    >>> apply(clean_entities, "Mills &amp; markets: Syria&#8217;s &amp;quot;north&amp;quot; &unknown; AT&T;")
    'Mills & markets: Syria’s "north" &unknown; AT&T;'
    """
    edits: list[Edit] = []
    for m in ENTITY.finditer(text):
        if m["name"] is None or f"{m['name']};" in html5:
            edits.append((*m.span(), unescape(f"&{m['last']};")))
        elif m.start("last") > m.start() + 1:
            edits.append((m.start(), m.start("last"), "&"))
    return edits


@looks_for(r"[\x80-\x9f]")
def clean_controls(text: str) -> list[Edit]:
    r"""Control characters of the second set become what their numbers mean in windows-1252, as browsers read them (WHATWG
    HTML, 13.2.5.80): mostly quotation marks and dashes. U+0085 is a line end (Unicode Standard, 5.8).

    >>> apply(clean_controls, "\x93Syria\x92s army\x94 \x96 it left")
    '“Syria’s army” – it left'
    """
    return [(m.start(), m.end(), CONTROLS[m[0]]) for m in SECOND_CONTROL.finditer(text) if m[0] in CONTROLS]


def clean_markdown(text: str) -> list[Edit]:
    """Markdown's marks go: heading and quotation marks, emphasis, the address behind a link.

    >>> apply(clean_markdown, "## The **river** [town](https://wire.example/a)")
    'The river town'
    """
    edits: list[Edit] = []
    closes, ends = _Next("]", text), _Next(")", text)
    at = 0
    while m := MARKDOWN.search(text, at):
        at, words = m.end(), ""
        if m["link"]:
            close = closes.after(at)
            end = ends.after(close + 2) if close and text.startswith("(", close + 1) else None
            if not end:
                continue
            words, at = text[at:close], end + 1
        edits.append((m.start(), at, words))
    return edits


class _Next:
    """Where a mark stands next on the same line; asked for places in order, so that each stretch is looked through once."""

    def __init__(self, mark: str, text: str) -> None:
        self._mark, self._text = mark, text
        self._ends = re.compile(rf"[{re.escape(mark)}\n]")
        self._from, self._found = 0, -1

    def after(self, at: int) -> int | None:
        """Its offset, or None where the line ends before."""
        if not self._from <= at <= self._found:
            self._from = at
            m = self._ends.search(self._text, at)
            self._found = m.start() if m else len(self._text)
        return self._found if self._text.startswith(self._mark, self._found) else None


ENTITY = re.compile(
    r"&(?:amp;|#0*38;)*(?P<last>#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|(?P<name>[A-Za-z][A-Za-z0-9]{1,31}));"
)
SECOND_CONTROL = re.compile("[\x80-\x84\x86-\x9f]")
CONTROLS = {
    chr(n): c for n in range(0x80, 0xA0) if n != 0x85 and (c := bytes([n]).decode("cp1252", "ignore"))
}
NOT_ASCII = re.compile(r"[^\x00-\x7f]+")
MARKDOWN = re.compile(
    r"^(?:#{1,6}\s+|>\s+|[*+-]\s+)|(?P<link>!?\[)|\*\*|__|(?<!\w)[*_](?=\w)|(?<=\w)[*_](?!\w)"
)
INVISIBLE = re.compile(
    "(?:[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\xad\u200b\u200e\u200f\u202a-\u202e\u2060-\u2064\u2066-\u2069\ufeff]"
    "|(?<![\u0600-\u0dff])[\u200c\u200d]|[\u200c\u200d](?![\u0600-\u0dff]))+"
)
LIGATURES = {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl"}
CLEANERS: tuple[Cleaner, ...] = (
    clean_entities,
    clean_mojibake,
    clean_controls,
    clean_invisible,
    clean_ligatures,
    clean_breaks,
)
DEFECT = re.compile("|".join(LOOKS_FOR[cleaner] for cleaner in CLEANERS))


def apply(cleaner: Cleaner, text: str) -> str:
    """A text after one cleaner alone."""
    return _edited(text, list(range(len(text))), cleaner(text))[0]


def clean(text: str, more: Sequence[Cleaner] = ()) -> Cleaned:
    r"""A block after all cleaners, in order, those of its own format (`more`) first.

    >>> clean("Abu\n\u200bKamal")
    Cleaned(text='Abu Kamal', shifts=[4, 1], fired=['clean_invisible', 'clean_breaks'])
    """
    if not more and not DEFECT.search(text):
        return Cleaned(text)
    origins = list(range(len(text)))
    fired = []
    for cleaner in (*more, *CLEANERS):
        if edits := cleaner(text):
            text, origins = _edited(text, origins, edits)
            fired.append(cleaner.__name__)
    shifts: list[int] = []
    shift = 0
    for offset, origin in enumerate(origins):
        if origin - offset != shift:
            shift = origin - offset
            shifts += [offset, shift]
    return Cleaned(text, shifts, fired)


def raw_offset(shifts: Sequence[int], offset: int) -> int:
    """The offset in the block's raw text of the character at a clean offset.

    >>> raw_offset([4, 1], 3), raw_offset([4, 1], 4)
    (3, 5)
    """
    if not shifts:
        return offset
    i = bisect_right(range(0, len(shifts), 2), offset, key=shifts.__getitem__)
    return offset + (shifts[2 * i - 1] if i else 0)


def _edited(text: str, origins: list[int], edits: list[Edit]) -> tuple[str, list[int]]:
    """The text after the edits, and for each of its characters the raw one it came from."""
    out: list[str] = []
    came_from: list[int] = []
    at = 0
    for start, end, new in edits:
        out += [text[at:start], new]
        came_from += origins[at:start]
        came_from += [origins[min(start + i, end - 1)] for i in range(len(new))]
        at = end
    return "".join([*out, text[at:]]), came_from + origins[at:]
