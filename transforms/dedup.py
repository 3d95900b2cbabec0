"""Fingerprints of blocks; what repeats is decided over all documents, in warehouse/sql/marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from transforms.sentences import find_sentences

WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\d+")
NUMBER = re.compile(r"\d+(?:[,.]\d{3}(?!\d))*")
INNER_WORD = re.compile(r"(?<=[^\s.!?:;“”\"‘(\[] )[^\W\d_][^\W_]*")  # not at the head of a sentence or a quote
LENGTH_BITS = 8
SAMPLED = 1 << 62  # of the 2**64 hashes of three words, those below: one in four
TURNS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd 64-bit constants, of xxHash


def normalise(text: str) -> str:
    """A text's words in small letters, one space apart: what stays when quotes, dashes, spacing and marks differ.

    >>> normalise("“Deir  ez-Zor”, he said .")
    'deir ez zor he said'
    """
    return " ".join(WORD.findall(text.casefold()))


def signature(text: str) -> str:
    """16 hex digits of a block's words; "" for a block without any.

    >>> signature("A  block.") == signature("a block")
    True
    """
    words = normalise(text)
    return blake2b(words.encode(), digest_size=8).hexdigest() if words else ""


def form_signature(text: str) -> str:
    """As `signature`, with every number read as 0: what an outlet prints everywhere may count (views, dates).

    >>> form_signature("Viewed 12 times") == form_signature("Viewed 9836 times")
    True
    """
    words = normalise(DIGITS.sub("0", text))
    return blake2b(words.encode(), digest_size=8).hexdigest() if words else ""


@dataclass(frozen=True)
class Prints:
    """What is kept of a block's words to compare articles by. A word is crc32 * 256 + its length; `shingles` are hashes
    of three words in a row, one in four of them, the same ones everywhere (FracMinHash: Irber et al. 2022)."""

    words: list[int]
    shingles: list[int]
    names: list[int]
    numbers: list[int]


def prints(text: str) -> Prints:
    """The fingerprints of a block: its words in order, and its names and numbers once each.

    >>> p = prints("On Sunday 1,200 men left Hajin, Hajin said.")
    >>> len(p.words), len(p.names), len(p.numbers)
    (9, 2, 1)
    """
    words = [_word(w) for w in WORD.findall(text.casefold())]
    one, two, three = TURNS
    mixed = [
        (a * one ^ b * two ^ c * three) & 0xFFFFFFFFFFFFFFFF
        for a, b, c in zip(words, words[1:], words[2:], strict=False)
    ]
    names = {_word(m[0].casefold()) for m in INNER_WORD.finditer(text) if m[0][0].isupper()}
    numbers = {_word(m[0].replace(",", "").replace(".", "")) for m in NUMBER.finditer(text)}
    return Prints(words, [h for h in mixed if h < SAMPLED], sorted(names), sorted(numbers))


@lru_cache(1 << 16)
def _word(word: str) -> int:
    return crc32(word.encode()) << LENGTH_BITS | min(len(word), (1 << LENGTH_BITS) - 1)


def opening_signature(text: str) -> str:
    """As `signature`, less the last word, for a block of ten words or more; "" for a shorter one.

    >>> opening_signature("one two three four five six seven eight nine ten") == signature("one two three four five six seven eight nine")
    True
    """
    words = normalise(text).split()
    return signature(" ".join(words[:-1])) if len(words) >= 10 else ""


def find_differences(one: str, other: str) -> list[tuple[str, str]]:
    """The sentences two texts do not share, side by side in their order; "" where one has nothing to set against the
    other's. Words that differ between two sentences set side by side stand in »these«.

    >>> find_differences("It rained. Two men left.", "It rained. Three men left. All went.")
    [('»Two« men left.', '»Three« men left.'), ('', 'All went.')]
    """
    left = [one[a:b] for a, b in find_sentences(one)]
    right = [other[a:b] for a, b in find_sentences(other)]
    found = []
    matcher = SequenceMatcher(None, [normalise(s) for s in left], [normalise(s) for s in right], autojunk=False)
    for same, a, b, c, d in matcher.get_opcodes():
        if same != "equal":
            found += [_marked(x, y) for x, y in _side_by_side(left[a:b], right[c:d])]
    return found


def _side_by_side(left: list[str], right: list[str]) -> Iterator[tuple[str, str]]:
    """Sentences in order, each with the first one opposite that shares half of the shorter one's words, or with ""."""
    bags = [set(normalise(s).split()) for s in right]
    at = 0
    for sentence in left:
        words = set(normalise(sentence).split())
        near = (j for j in range(at, len(right)) if 2 * len(words & bags[j]) > min(len(words), len(bags[j])))
        match = next(near, None)
        if match is None:
            yield sentence, ""
            continue
        yield from (("", s) for s in right[at:match])
        yield sentence, right[match]
        at = match + 1
    yield from (("", s) for s in right[at:])


def _marked(one: str, other: str) -> tuple[str, str]:
    if not one or not other:
        return one, other
    left, right = one.split(), other.split()
    matcher = SequenceMatcher(None, [normalise(w) for w in left], [normalise(w) for w in right], autojunk=False)
    out: tuple[list[str], list[str]] = ([], [])
    for same, a, b, c, d in matcher.get_opcodes():
        for words, side in ((left[a:b], out[0]), (right[c:d], out[1])):
            if words:
                side.append(" ".join(words) if same == "equal" else f"»{' '.join(words)}«")
    return " ".join(out[0]), " ".join(out[1])
