"""Fingerprints of blocks; what repeats is decided over all documents, in warehouse/sql/marks."""

from __future__ import annotations

import re
from hashlib import blake2b

WORD = re.compile(r"[^\W_]+")
DIGITS = re.compile(r"\d+")


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
