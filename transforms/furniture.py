"""What is page furniture, and why: patterns from seeds/furniture.csv and seeds/outlet_fingerprints.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

import re2

from transforms.dedup import sign

FURNITURE_KINDS = (
    "advertisement", "caption", "comment_policy", "copyright", "credit", "furniture", "navigation", "photo_credit",
    "related", "share",
)  # fmt: skip


OTHER = re.compile(r"[^\W\x00-\x7f]|[^\S\x00-\x7f]")
# What RE2 reads another way: letters that are made plain in the text, escapes beyond the usual ones, classes by name.
ONLY_RE = re.compile(r"[^\W\x00-\x7f]|\\[^\W_bBdDsSwW]|\[\[:")
SAME = {"İ": "i", "ı": "i", "ſ": "s", "\u212a": "k"}  # what a pattern in any case takes for these (re.IGNORECASE)
MEMORY = 32 << 20  # bytes that the set may use for what it has learned of texts


@lru_cache(maxsize=1 << 10)
def _compiled(table: str, pattern: str) -> re.Pattern[str]:
    """A pattern of a seed table, in any case for furniture; raises ValueError, with the pattern, where it is none."""
    try:
        return re.compile(pattern, re.I if table == "furniture" else 0)
    except re.error as error:
        raise ValueError(f"{table}: the pattern {pattern!r} is no regular expression: {error}") from None


@dataclass(frozen=True)
class Judged:
    """What a rule says of a block: its kind and, where the furniture names it, the outlet as printed."""

    kind: str
    outlet: str | None


class Furniture:
    """The furniture patterns, tried all at once: RE2's set (Cox 2010) says in one pass which of them can fit a block, and
    each of those is then tried by itself. Patterns that RE2 does not take, such as those that look ahead, are always tried."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.rules = [(row["kind"], row["pattern"]) for row in rows]
        options = re2.Options()
        options.case_sensitive = options.log_errors = False
        options.max_mem = MEMORY
        self._set = re2.Set.FullMatchSet(options)
        self._in_set: list[int] = []
        self._apart: list[int] = []
        for number, (kind, pattern) in enumerate(self.rules):
            if kind not in FURNITURE_KINDS:
                raise ValueError(f"furniture: {kind!r} is no kind; these are: {' '.join(FURNITURE_KINDS)}")
            try:
                if ONLY_RE.search(pattern):
                    raise re2.error("what it says means something else to RE2")
                self._set.Add(pattern)
                self._in_set.append(number)
            except re2.error:
                _compiled("furniture", pattern)
                self._apart.append(number)
        self._set.Compile()

    def judge(self, text: str) -> Judged | None:
        """The first rule that fits the whole block, or None.

        >>> Furniture([{"kind": "copyright", "pattern": "© \\\\d{4} (?P<outlet>.+)"}]).judge("© 2017 The Wire")
        Judged(kind='copyright', outlet='The Wire')
        """
        plain = text if text.isascii() else OTHER.sub(_plain, text)
        for number in sorted([*(self._in_set[n] for n in self._set.Match(plain) or ()), *self._apart]):
            kind, pattern = self.rules[number]
            if m := _compiled("furniture", pattern).fullmatch(text):
                return Judged(kind, m.groupdict().get("outlet"))
        return None


def _plain(other: re.Match[str]) -> str:
    """A letter, digit or space of ASCII for another one: RE2's words, digits and spaces are those of ASCII."""
    return " " if other[0].isspace() else "0" if other[0].isdecimal() else SAME.get(other[0], "a")


class Fingerprints:
    """What only one outlet prints: a block's form (a pattern) or its words (a signature, so that no outlet's text is
    kept here), from seeds/outlet_fingerprints.csv."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.patterns: list[tuple[re.Pattern[str], str, str]] = []
        self.signatures: dict[str, tuple[str, str]] = {}
        for row in rows:
            if row["form"] == "signature":
                self.signatures[row["value"]] = (row["outlet_id"], row["kind"])
            else:
                self.patterns.append((_compiled("outlet_fingerprints", row["value"]), row["outlet_id"], row["kind"]))

    def outlet_of(self, text: str) -> tuple[str, str] | None:
        """(outlet_id, kind of the block) of the outlet that alone prints such a block, or None."""
        if found := self.signatures.get(sign(text)[0].signature):
            return found
        if len(text) <= 200:
            for pattern, outlet_id, kind in self.patterns:
                if pattern.fullmatch(text):
                    return outlet_id, kind
        return None
