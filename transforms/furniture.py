"""What is page furniture, and why: patterns from seeds/furniture.csv and seeds/outlet_fingerprints.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from transforms.dedup import signature


@dataclass(frozen=True)
class Judged:
    """What a rule says of a block: its kind and, where the furniture names it, the outlet as printed."""

    kind: str
    outlet: str | None


class Furniture:
    """The furniture patterns, tried all at once."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.rules = [(row["kind"], row["pattern"]) for row in rows]
        unnamed = (pattern.replace("(?P<outlet>", "(?:") for _, pattern in self.rules)
        self._any = re.compile("|".join(f"(?:{p})" for p in unnamed) or r"(?!)", re.I)

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
                self.patterns.append((re.compile(row["value"]), row["outlet_id"], row["kind"]))

    def outlet_of(self, text: str) -> tuple[str, str] | None:
        """(outlet_id, kind of the block) of the outlet that alone prints such a block, or None."""
        if found := self.signatures.get(signature(text)):
            return found
        if len(text) <= 200:
            for pattern, outlet_id, kind in self.patterns:
                if pattern.fullmatch(text):
                    return outlet_id, kind
        return None
