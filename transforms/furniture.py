"""What is page furniture, and why: patterns from seeds/furniture.csv and seeds/outlet_fingerprints.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.dedup import signature

FURNITURE_KINDS = (
    "advertisement", "caption", "comment_policy", "copyright", "credit", "furniture", "navigation", "photo_credit",
    "related", "share",
)  # fmt: skip


def _compiled(table: str, pattern: str) -> re.Pattern[str]:
    """A pattern of a seed table; raises ValueError, with the pattern, where it is none."""
    try:
        return re.compile(pattern)
    except re.error as error:
        raise ValueError(f"{table}: the pattern {pattern!r} is no regular expression: {error}") from None


@dataclass(frozen=True)
class Judged:
    """What a rule says of a block: its kind and, where the furniture names it, the outlet as printed."""

    kind: str
    outlet: str | None


class Furniture:
    """The furniture patterns, tried all at once."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.rules = [(row["kind"], row["pattern"]) for row in rows]
        for kind, _ in self.rules:
            if kind not in FURNITURE_KINDS:
                raise ValueError(f"furniture: {kind!r} is no kind; these are: {' '.join(FURNITURE_KINDS)}")
        unnamed = (pattern.replace("(?P<outlet>", "(?:") for _, pattern in self.rules)
        try:
            self._any = re.compile("|".join(f"(?:{p})" for p in unnamed) or r"(?!)", re.I)
        except re.error:
            for _, pattern in self.rules:
                _compiled("furniture", pattern)
            raise

    def judge(self, text: str) -> Judged | None:
        """The first rule that fits the whole block, or None.

        >>> Furniture([{"kind": "copyright", "pattern": "© \\\\d{4} (?P<outlet>.+)"}]).judge("© 2017 The Wire")
        Judged(kind='copyright', outlet='The Wire')
        """
        if not self._any.fullmatch(text):
            return None
        for kind, pattern in self.rules:
            if m := re.fullmatch(pattern, text, re.I):
                return Judged(kind, m.groupdict().get("outlet"))
        return None


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
        if found := self.signatures.get(signature(text)):
            return found
        if len(text) <= 200:
            for pattern, outlet_id, kind in self.patterns:
                if pattern.fullmatch(text):
                    return outlet_id, kind
        return None
