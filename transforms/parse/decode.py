"""Bytes to text: which encoding, and how we know."""

from __future__ import annotations

import codecs
import re

from transforms.parse.block import Unreadable, well_formed

BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
CONTROL = re.compile(rb"\x00+|[\x01-\x08\x0e-\x1a\x1c-\x1f]")
MOST_CONTROL = 0.002  # share of control bytes above which bytes are no text in a one-byte encoding
PLAIN = re.compile(rb"[\t\n\r\x20-\x7e]")
WIDE_SHARE = 0.7  # of the units of a text in UTF-16 whose high byte is NUL: Latin letters, spaces, line ends
NO_CHARSETS = frozenset(
    {"idna", "punycode", "raw-unicode-escape", "undefined", "unicode-escape", "utf-7"}
)  # Python's own and one no browser reads: not of text files
LABELS = {
    "x-sjis": "cp932",
    "windows-31j": "cp932",
    "ms_kanji": "cp932",
    "windows-874": "cp874",
    "dos-874": "cp874",
    "x-cp1250": "cp1250",
    "x-cp1251": "cp1251",
    "x-cp1252": "cp1252",
    "x-gbk": "gb18030",
    "x-x-big5": "big5hkscs",
    "iso-8859-8-i": "iso8859-8",
    "unicode-1-1-utf-8": "utf-8",
    "x-mac-roman": "mac-roman",
    "macintosh": "mac-roman",
    "x-mac-cyrillic": "mac-cyrillic",
    "utf8mb4": "utf-8",
    "x-unicode20utf8": "utf-8",
    "ks_c_5601-1987": "cp949",
}
"""Labels of the WHATWG Encoding Standard (and of databases) that Python has no codec for, by what they mean."""
SAMPLE = 65_536  # bytes looked at to tell text from binary and to detect an encoding
CP1252 = {n: bytes([n]).decode("cp1252", "ignore") or chr(n) for n in range(0x80, 0xA0)}
"""What the bytes (and the characters) 0x80 to 0x9F are in windows-1252, by the Encoding Standard: five stay controls."""


def decode(raw: bytes, declared: str | None = None) -> tuple[str, str, str]:
    """Text less a byte order mark and otherwise unchanged, its encoding, and the basis for it.

    The basis is bom, declared (by the document itself), valid (strict UTF-8), damaged (UTF-8 with broken places) or
    detected (see transforms.parse.detect). Raises Unreadable: `binary` for bytes that are no text, `encoding` where
    they are not what their mark says.

    >>> decode("Сирия".encode())
    ('Сирия', 'utf-8', 'valid')
    >>> decode(b"caf\\xe9", declared="iso-8859-1")
    ('café', 'cp1252', 'declared')
    >>> decode(b"<p>caf\\xc3\\xa9", declared="utf-16")
    ('<p>café', 'utf-8', 'valid')
    """
    for mark, marked in BOMS:
        if raw.startswith(mark):
            return _marked(raw[len(mark) :], marked), marked, "bom"
    if b"\x00" in raw[:SAMPLE]:
        if wide := wide_encoding(raw):
            return _marked(raw, wide), wide, "detected"
        raise Unreadable("binary", "NUL bytes and no byte order mark: not a text")
    known = known_encoding(declared) if declared else None
    if known and known.startswith(("utf-16", "utf-32")):
        known = (
            None  # a text that says so in ASCII is not what it says (HTML Standard, 13.2.3.2, asks for UTF-8)
        )
    if known:
        try:
            return raw.decode(known), known, "declared"
        except UnicodeError:
            pass  # a page that does not keep its own word: look at the bytes
    try:
        return raw.decode("utf-8"), "utf-8", "valid"
    except UnicodeDecodeError:
        pass
    if is_binary(raw[:SAMPLE]):
        raise Unreadable("binary", "control bytes: not a text")
    if is_mostly_utf8(raw):
        return raw.decode("utf-8", "replace"), "utf-8", "damaged"
    from transforms.parse.detect import detect, in_encoding  # slow to load, and few files need it

    found = "cp1252" if known == "cp1252" else detect(raw)
    return in_encoding(raw, found), found, "declared" if known == "cp1252" else "detected"


def wide_encoding(raw: bytes) -> str | None:
    """The UTF-16 that bytes without a mark plainly are: NULs in every other place, and letters between them.

    >>> wide_encoding("A text".encode("utf-16-be")), wide_encoding(b"A text"), wide_encoding(bytes(12))
    ('utf-16-be', None, None)
    """
    sample = raw[: SAMPLE // 16]
    for first, encoding in ((1, "utf-16-le"), (0, "utf-16-be")):
        high, low = sample[first::2], sample[1 - first :: 2]
        if not high or high.count(0) < WIDE_SHARE * len(high) or low.count(0) > 0.01 * len(low):
            continue
        letters = bytes(b for a, b in zip(high, low, strict=False) if not a)
        if len(PLAIN.findall(letters)) >= 0.95 * len(letters):
            return encoding
    return None


def is_binary(sample: bytes) -> bool:
    """Whether bytes of an ASCII-compatible encoding hold more control bytes than damaged text does; a run of NULs, as a
    crash leaves it, is one."""
    return len(CONTROL.findall(sample)) > MOST_CONTROL * len(sample)


def is_mostly_utf8(raw: bytes) -> bool:
    """Whether the bytes are UTF-8 with a few broken places (a cut download), not a one-byte encoding."""
    text = raw.decode("utf-8", "replace")
    broken = text.count("�")
    good = sum(1 for c in text if c > "\x7f") - broken
    return good > 4 * broken


def known_encoding(name: str) -> str | None:
    """Python's name of a declared encoding, or None for what is none; browsers read Latin-1 as Windows-1252 (WHATWG
    Encoding Standard)."""
    label = name.strip("'\" \t\r\n").lower()
    try:
        codec = codecs.lookup(LABELS.get(label, label))
    except (LookupError, ValueError):  # ValueError: a NUL or half a surrogate pair in a name
        return None
    found = codec.name
    if found in NO_CHARSETS or not codec._is_text_encoding:
        return None
    return "cp1252" if found in ("iso8859-1", "ascii") else found


def _marked(raw: bytes, encoding: str) -> str:
    """Bytes in the encoding their mark says; half a surrogate pair in UTF-16 becomes U+FFFD."""
    try:
        return well_formed(
            raw.decode(encoding, "surrogatepass" if encoding.startswith("utf-16") else "strict")
        )
    except UnicodeDecodeError as error:
        raise Unreadable("encoding", f"marked as {encoding} and is not: {error.reason}") from error
