"""Bytes to text: which encoding, and how we know."""

from __future__ import annotations

import codecs
import re

from charset_normalizer import from_bytes

from transforms.parse.block import Unreadable

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROL = re.compile(rb"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
MOST_CONTROL = 0.002  # share of control bytes above which bytes are no text in a one-byte encoding
NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape"}
)  # Python's own, not of text files
SAMPLE = 65_536  # bytes looked at to tell text from binary and to detect an encoding


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str, str]:
    """Text less a byte order mark and otherwise unchanged, its encoding, and the basis for it.

    The basis is bom, declared (by the document itself), valid (strict UTF-8) or detected (charset-normalizer).
    Raises Unreadable: `binary` for bytes that are no text, `encoding` where no encoding fits.

    >>> decode("Сирия".encode())
    ('Сирия', 'utf-8', 'valid')
    >>> decode(b"caf\\xe9", declared="iso-8859-1")
    ('café', 'cp1252', 'declared')
    """
    for mark, marked in BOMS:
        if raw.startswith(mark):
            return _strictly(raw[len(mark) :], marked), marked, "bom"
    if b"\x00" in raw[:SAMPLE]:
        raise Unreadable("binary", "NUL bytes and no byte order mark: not a text")
    if declared and (known := _known(declared)):
        try:
            return raw.decode(known), known, "declared"
        except UnicodeError:
            pass  # a page that does not keep its own word: look at the bytes
    try:
        return raw.decode("utf-8"), "utf-8", "valid"
    except UnicodeDecodeError:
        pass
    sample = raw[:SAMPLE]
    if len(CONTROL.findall(sample)) > MOST_CONTROL * len(sample):
        raise Unreadable("binary", "control bytes: not a text")
    if _mostly_utf8(raw):
        return raw.decode("utf-8", "replace"), "utf-8", "damaged"
    best = from_bytes(sample).best()
    for encoding in (best.encoding if best else "cp1252", "cp1252", "latin-1"):
        try:
            return raw.decode(encoding), encoding, "detected"
        except (UnicodeError, LookupError):
            continue
    raise Unreadable("encoding", "no encoding fits these bytes")


def _mostly_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8 with a few broken places (a cut download), not a one-byte encoding."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("�")
    good = sum(1 for c in text if c > "\x7f") - broken
    return good > 4 * broken


def _known(name: str) -> str | None:
    """Python's name of a declared encoding; browsers read Latin-1 as Windows-1252 (WHATWG Encoding Standard)."""
    try:
        codec = codecs.lookup(name.strip("'\" "))
    except LookupError:
        return None
    found = codec.name
    if found in NO_CHARSETS or not codec._is_text_encoding:
        return None
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _strictly(raw: bytes, encoding: str) -> str:
    try:
        return raw.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", f"marked as {encoding} and is not: {error.reason}") from error
