"""What is page furniture, and why: patterns from seeds/furniture.csv and seeds/outlet_fingerprints.csv."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import re2

from transforms.page.prints import sign

FURNITURE_KINDS = (
    "advertisement",
    "caption",
    "comment_policy",
    "copyright",
    "credit",
    "furniture",
    "navigation",
    "photo_credit",
    "related",
    "share",
)


OTHER = re.compile(r"[^\W\x00-\x7f]|[^\S\x00-\x7f]")
NOT_ASCII = re.compile(r"[^\W\x00-\x7f]")
# The pieces of a pattern that are read one by one: what stands as it is, classes by name, escapes, where a class begins.
TOKEN = re.compile(r"\\Q.*?(?:\\E|\Z)|\\[pPx](?:\{[^}]{0,40}\}|.)|\\.|\[:\^?\w+:\]|\[\^?\]?|.", re.S)
SAME = {
    "İ": "i",
    "ı": "i",
    "ſ": "s",
    "\u212a": "k",
}  # what a pattern in any case takes for these (re.IGNORECASE)
PLAIN = "q"  # in the place of a letter that is none of ASCII: the one that fewest patterns have
# RE2's words, digits and spaces are those of ASCII; these are Unicode's, as what a class holds.
_OTHERS = r"\pM\p{Pd}\p{Ps}\p{Pe}\p{Pi}\p{Pf}\p{Po}\pS"
_SPACES = r"\t-\r\x{1c}-\x{1f}\x{85}\pZ"
UNICODE = {
    r"\w": r"\pL\pN_",
    r"\d": r"\p{Nd}",
    r"\s": _SPACES,
    r"\W": rf"{_OTHERS}\pZ\pC‿⁀⁔︳︴﹍-﹏＿",
    r"\D": rf"\pL\p{{Nl}}\p{{No}}{_OTHERS}\p{{Pc}}\pZ\pC",
    r"\S": rf"\pL\pN{_OTHERS}\p{{Pc}}\p{{Cf}}\p{{Co}}\x{{0}}-\x{{8}}\x{{e}}-\x{{1b}}\x{{7f}}-\x{{84}}\x{{86}}-\x{{9f}}",
}
LONGEST_FINGERPRINT = 200  # characters of a block that the patterns of outlets are tried on
MEMORY = 32 << 20  # bytes that RE2 may use for what it has learned of texts


def _options(any_case: bool) -> Any:
    options = re2.Options()
    options.case_sensitive = not any_case
    options.log_errors = False
    options.max_mem = MEMORY
    return options


def pattern_fault(pattern: str) -> str:
    """Why RE2 does not take a pattern, or "".

    >>> pattern_fault("a+"), pattern_fault("a(?=b)")
    ('', 'invalid perl operator: (?=')
    """
    try:
        re2.compile(pattern, _options(True))
        re2.compile(_exact(pattern), _options(True))
    except re2.error as error:
        said = error.args[0]
        return said.decode("utf-8", "replace") if isinstance(said, bytes) else str(said)
    return ""


def _exact(pattern: str) -> str:
    """A pattern with Unicode's words, digits and spaces, and without word boundaries, which RE2 knows for ASCII only.

    >>> _exact(r"\\w+\\b [\\d,]")
    '[\\\\pL\\\\pN_]+(?:) [\\\\p{Nd},]'
    """
    out: list[str] = []
    in_class = False
    for m in TOKEN.finditer(pattern):
        token = m[0]
        if in_class:
            in_class = token != "]"
            token = UNICODE.get(token, rf"\{token}" if token == "[" else token)
        elif token[0] == "[" and token[-1] != ":":
            in_class = True
        elif token in (r"\b", r"\B"):
            token = "(?:)"
        elif token in UNICODE:
            token = f"[{UNICODE[token]}]"
        out.append(token)
    return "".join(out)


class Rules:
    """Patterns over one whole block, in RE2 (Cox 2010), whose work grows with the block alone, whatever the pattern.

    Words, digits, spaces and word boundaries are Unicode's, which RE2 has not. A block is matched with one letter of ASCII
    in the place of all others, in the pattern too, so that boundaries are right; and where there are others, the block as
    it is must fit the pattern without its boundaries, so that letters are.
    """

    def __init__(self, table: str, patterns: Sequence[str], any_case: bool) -> None:
        """Raises ValueError, with table and pattern, where RE2 does not take one."""
        self._patterns, self._any_case = patterns, any_case
        self._options = _options(any_case)
        self._set = re2.Set.FullMatchSet(self._options)
        for pattern in patterns:
            try:
                self._set.Add(self._plain(pattern))
            except re2.error:
                fault = pattern_fault(pattern)
                raise ValueError(
                    f"{table}: the pattern {pattern!r} is none that RE2 takes: {fault}"
                ) from None
        self._set.Compile()
        self._compiled: dict[tuple[int, bool], Any] = {}

    def fitting(self, text: str) -> Iterator[tuple[int, dict[str, str | None]]]:
        """(number of a pattern that fits the whole text, its named groups), in order."""
        plain = text if text.isascii() else self._plain(text)
        for number in sorted(self._set.Match(plain) or ()):
            m = self._of(number, False).fullmatch(plain)
            if m and (self._is_exact(number, text) or self._of(number, True).fullmatch(self._same(text))):
                places = {name: m.span(group) for name, group in m.re.groupindex.items()}
                yield number, {name: text[a:b] if a >= 0 else None for name, (a, b) in places.items()}

    def _is_exact(self, number: int, text: str) -> bool:
        return text.isascii() and not NOT_ASCII.search(self._patterns[number])

    def _of(self, number: int, exact: bool) -> Any:
        """A pattern, compiled when it is first met."""
        if (known := self._compiled.get((number, exact))) is None:
            pattern = self._patterns[number]
            source = _exact(self._same(pattern)) if exact else self._plain(pattern)
            known = self._compiled[number, exact] = re2.compile(source, self._options)
        return known

    def _same(self, text: str) -> str:
        return NOT_ASCII.sub(lambda m: SAME.get(m[0], m[0]), text) if self._any_case else text

    def _plain(self, text: str) -> str:
        """A letter, digit or space of ASCII for every other one."""
        return OTHER.sub(self._plain_one, text)

    def _plain_one(self, other: re.Match[str]) -> str:
        if self._any_case and (same := SAME.get(other[0])):
            return same
        return " " if other[0].isspace() else "0" if other[0].isdecimal() else PLAIN


@dataclass(frozen=True)
class Judged:
    """What a rule says of a block: its kind and, where the furniture names it, the outlet as printed."""

    kind: str
    outlet: str | None


class Furniture:
    """The furniture patterns, tried all at once: RE2's set says in one pass which of them can fit a block."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.rules = [(row["kind"], row["pattern"]) for row in rows]
        for kind, _ in self.rules:
            if kind not in FURNITURE_KINDS:
                raise ValueError(f"furniture: {kind!r} is no kind; these are: {' '.join(FURNITURE_KINDS)}")
        self._rules = Rules("furniture", [pattern for _, pattern in self.rules], any_case=True)

    def judge(self, text: str) -> Judged | None:
        """The first rule that fits the whole block, or None.

        >>> Furniture([{"kind": "copyright", "pattern": "© \\\\d{4} (?P<outlet>.+)"}]).judge("© 2017 The Wire")
        Judged(kind='copyright', outlet='The Wire')
        """
        for number, groups in self._rules.fitting(text):
            return Judged(self.rules[number][0], groups.get("outlet"))
        return None


class Fingerprints:
    """What only one outlet prints: a block's form (a pattern) or its words (a signature, so that no outlet's text is
    kept here), from seeds/outlet_fingerprints.csv."""

    def __init__(self, rows: Iterable[Mapping[str, str]]) -> None:
        self.signatures: dict[str, tuple[str, str]] = {}
        self.patterns: list[tuple[str, str, str]] = []
        for row in rows:
            if row["form"] == "signature":
                self.signatures[row["value"]] = (row["outlet_id"], row["kind"])
            else:
                self.patterns.append((row["value"], row["outlet_id"], row["kind"]))
        self._rules = Rules(
            "outlet_fingerprints", [pattern for pattern, _, _ in self.patterns], any_case=False
        )

    def outlet_of(self, text: str) -> tuple[str, str] | None:
        """(outlet_id, kind of the block) of the outlet that alone prints such a block, or None."""
        if found := self.signatures.get(sign(text)[0].signature):
            return found
        if self.patterns and len(text) <= LONGEST_FINGERPRINT:
            for number, _ in self._rules.fitting(text):
                return self.patterns[number][1:]
        return None
