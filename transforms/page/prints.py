"""Fingerprints of blocks; what repeats is decided over all documents, in warehouse/sql/marks."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import SequenceMatcher
from functools import lru_cache
from hashlib import blake2b
from zlib import crc32

from transforms.language.sentences import find_sentences

WORD = re.compile(r"[^\W_]+")
SPACED = "".join(chr(c) if chr(c).isalnum() else " " for c in range(128))
DIGITS = re.compile(r"\d+")
NUMBER = re.compile(r"\d+(?:[,.]\d{3}(?!\d))*")
INNER_WORD = re.compile(
    r"(?<=[^\s.!?:;“”\"‘(\[] )[^\W\d_a-z][^\W_]*"
)  # not at the head of a sentence or a quote
LENGTH_BITS = 8
LONG = 10  # words; two printings of so long a block may differ in the last one
SAMPLED = 1 << 62  # of the 2**64 hashes of three words, those below: one in four
TURNS = (0x9E3779B97F4A7C15, 0xC2B2AE3D27D4EB4F, 0x165667B19E3779F9)  # odd 64-bit constants, of xxHash


def normalise(text: str) -> str:
    """A text's words in small letters, one space apart: what stays when quotes, dashes, spacing and marks differ.

    >>> normalise("“Deir  ez-Zor”, he said .")
    'deir ez zor he said'
    """
    return " ".join(_words(text))


def _words(text: str) -> list[str]:
    """The runs of letters and digits in a text, in small letters; plain ones by way of a table, which is faster."""
    small = text.casefold()
    return small.translate(SPACED).split() if small.isascii() else WORD.findall(small)


def signature(text: str) -> str:
    """16 hex digits of a block's words; "" for a block without any.

    >>> signature("A  block.") == signature("a block")
    True
    """
    return _hash(normalise(text))


@dataclass(frozen=True)
class Prints:
    """What is kept of a block's words to compare articles by. A word is crc32 * 256 + its length; `shingles` are hashes
    of three words in a row, one in four of them, the same ones everywhere (FracMinHash: Irber et al. 2022)."""

    words: list[int]
    shingles: list[int]
    names: list[int]
    numbers: list[int]


@dataclass(frozen=True)
class Signatures:
    """Hashes of a block's words, "" for a block without any: all of them; with numbers read as 0; less the last one, for
    a block of ten words or more. `word_chars` is their length, for weighing."""

    signature: str
    form_signature: str
    opening_signature: str
    word_chars: int


class _Words(dict[str, tuple[int, int, int, int]]):
    """A word's hash, and its products with the three turns."""

    def __missing__(self, word: str) -> tuple[int, int, int, int]:
        hashed = crc32(word.encode()) << LENGTH_BITS | min(len(word), (1 << LENGTH_BITS) - 1)
        one, two, three = (hashed * turn & (1 << 64) - 1 for turn in TURNS)
        if len(self) < 1 << 16:
            self[word] = hashed, one, two, three
        return hashed, one, two, three


_WORDS = _Words()


@lru_cache(
    maxsize=1 << 13
)  # lines of page furniture come again and again, and every block is asked for twice
def sign(text: str) -> tuple[Signatures, Prints]:
    """A block's signatures and fingerprints; its words are found once for all of them.

    >>> signatures, prints = sign("On Sunday 1,200 men left Hajin, Hajin said.")
    >>> len(prints.words), len(prints.names), len(prints.numbers), signatures.opening_signature
    (9, 2, 1, '')
    """
    words = _words(text)
    joined = " ".join(words)
    opening = " ".join(words[:-1]) if len(words) >= LONG else ""
    hashed, one, two, three = zip(*map(_WORDS.__getitem__, words), strict=True) if words else ((), (), (), ())
    shingles = [h for a, b, c in zip(one, two[1:], three[2:], strict=False) if (h := a ^ b ^ c) < SAMPLED]
    names = {_WORDS[w.casefold()][0] for w in INNER_WORD.findall(text) if w[0].isupper()}
    numbers = {_WORDS[n.replace(",", "").replace(".", "")][0] for n in NUMBER.findall(text)}
    signatures = Signatures(_hash(joined), _hash(DIGITS.sub("0", joined)), _hash(opening), len(joined))
    return signatures, Prints(list(hashed), shingles, sorted(names), sorted(numbers))


def _hash(words: str) -> str:
    return blake2b(words.encode(), digest_size=8).hexdigest() if words else ""


def find_differences(one: str, other: str) -> list[tuple[str, str]]:
    """The sentences two texts do not share, side by side in their order; "" where one has nothing to set against the
    other's. Words that differ between two sentences set side by side stand in »these«.

    >>> find_differences("It rained. Two men left.", "It rained. Three men left. All went.")
    [('»Two« men left.', '»Three« men left.'), ('', 'All went.')]
    """
    left = [one[a:b] for a, b in find_sentences(one)]
    right = [other[a:b] for a, b in find_sentences(other)]
    found = []
    matcher = SequenceMatcher(
        None, [normalise(s) for s in left], [normalise(s) for s in right], autojunk=False
    )
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
    matcher = SequenceMatcher(
        None, [normalise(w) for w in left], [normalise(w) for w in right], autojunk=False
    )
    out: tuple[list[str], list[str]] = ([], [])
    for same, a, b, c, d in matcher.get_opcodes():
        for words, side in ((left[a:b], out[0]), (right[c:d], out[1])):
            if words:
                side.append(" ".join(words) if same == "equal" else f"»{' '.join(words)}«")
    return " ".join(out[0]), " ".join(out[1])
