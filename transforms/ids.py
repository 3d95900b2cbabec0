"""The only maker of ids: each is a hash of what its row is made from, so that the same input has the same ids everywhere."""

from __future__ import annotations

from hashlib import blake2b, sha256


def document_id_of(raw: bytes) -> str:
    """The first 32 hex digits of SHA-256 of a document's raw bytes.

    >>> document_id_of(b"")
    'e3b0c44298fc1c149afbf4c8996fb924'
    """
    return sha256(raw).hexdigest()[:32]


def stable_id(*parts: object) -> str:
    """32 hex digits made from what a row is made from; the parts are kept apart, so ("ab", "c") is not ("a", "bc").

    >>> stable_id("ab", "c") == stable_id("a", "bc")
    False
    """
    return blake2b("\x1f".join(map(str, parts)).encode(), digest_size=16).hexdigest()


def article_id_of(document_id: str) -> str:
    """The id of the article that a document holds."""
    return stable_id(document_id, "article")


def span_id(document_id: str, start: int, end: int, *kind: str) -> str:
    """The id of what stands at raw characters `start` to `end` of a document; `kind` is what it is said to be there."""
    return stable_id(document_id, start, end, *kind)
