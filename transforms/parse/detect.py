"""Which encoding bytes are in that are text, are not UTF-8 and say nothing of it."""

from __future__ import annotations

import re

from transforms.parse.decode import CP1252, SAMPLE

HIGH = re.compile(rb"[\x80-\xff]+")
TAGS = re.compile(rb"<(script|style)\b.*?</\1\s*>|<[^<>]*>", re.I | re.S)
ASCII_WORD = re.compile(rb"(?<![A-Za-z\x80-\xff])[A-Za-z]+(?![A-Za-z\x80-\xff])")
LONGEST_LATIN = (
    2  # high bytes in a row in the words of a text in Latin letters; other scripts have whole words of them
)
MOST_LONG = 0.15  # share of longer runs up to which a text is one in Latin letters
BY_LANGUAGE = {
    "tr": ("cp1254",),
    "az": ("cp1254",),
    "ku": ("cp1254",),
    **dict.fromkeys(("pl", "cs", "sk", "hu", "hr", "sl", "bs", "sr", "ro", "sq"), ("cp1250", "iso8859-2")),
    **dict.fromkeys(("lt", "lv", "et"), ("cp1257", "iso8859-4")),
    "vi": ("cp1258",),
}
"""A language written in Latin letters → its encodings, the commonest first; for all others WESTERN."""
WESTERN = ("cp1252", "mac-roman", "cp850")
OTHERS = [
    "cp1251",
    "koi8_r",
    "koi8_u",
    "iso8859_5",
    "cp866",
    "cp1256",
    "iso8859_6",
    "cp1253",
    "iso8859_7",
    "cp1255",
    "cp1252",
    "cp1250",
    "cp1254",
    "cp1257",
    "iso8859_2",
    "cp874",
    "gb18030",
    "big5",
    "cp932",
    "euc_jp",
    "euc_kr",
    "cp949",
]
"""What charset-normalizer may choose from: encodings that news was ever stored in."""
MULTIBYTE = frozenset(
    {"gb18030", "gbk", "gb2312", "big5", "big5hkscs", "cp932", "shift_jis", "euc_jp", "euc_kr", "cp949"}
)


def detect(raw: bytes) -> str:
    """The likeliest encoding of text: one for Latin letters by the language that its plain words show, any other by
    charset-normalizer.

    >>> detect("The mayor of Kobanê said so on Tuesday: “Nobody comes.”".encode("cp1252"))
    'cp1252'
    """
    sample = TAGS.sub(b" ", raw[:SAMPLE])
    if not HIGH.search(sample):
        sample = TAGS.sub(b" ", raw)
    runs = HIGH.findall(sample) or HIGH.findall(raw)
    if sum(len(run) > LONGEST_LATIN for run in runs) <= MOST_LONG * len(runs):
        among = _latin(sample)
        return min(among, key=lambda encoding: _faults(in_encoding(sample, encoding)))
    from charset_normalizer import from_bytes  # slow to load, and few files need it

    best = from_bytes(sample, cp_isolation=OTHERS).best()
    return best.encoding if best else "cp1252"


def in_encoding(raw: bytes, encoding: str) -> str:
    """Bytes read in an encoding; what it has no character for is a control character in cp1252 (as the Encoding
    Standard has it) and U+FFFD in others."""
    if encoding == "cp1252":
        return raw.decode("latin-1").translate(CP1252)
    return raw.decode(encoding, "replace")


def _latin(sample: bytes) -> tuple[str, ...]:
    """The encodings of the language of a text in Latin letters: of its words in ASCII letters, which are the same in all
    of them; where these show none, the language that shows when it is read in its own encoding."""
    if language := _language(b" ".join(ASCII_WORD.findall(sample)).decode("ascii")):
        return BY_LANGUAGE.get(language, WESTERN)
    for first in ("cp1254", "cp1250", "cp1257"):
        encodings = BY_LANGUAGE.get(_language(sample.decode(first, "ignore")), WESTERN)
        if encodings[0] == first:
            return encodings
    return WESTERN


def _language(text: str) -> str:
    """The code of the language that a text is in, or "" where that does not show."""
    from pycld2 import detect as languages

    plain = "".join(c if c.isprintable() else " " for c in text)  # it refuses control characters
    _, _, found = languages(plain, isPlainText=True)
    return "" if found[0][1] == "un" else str(found[0][1])


def _faults(text: str) -> int:
    """How often a text has what no word has: a sign between letters, a capital after a small letter."""
    return len(ODD.findall(text))


LETTER, SMALL = r"[^\W\d_]", "[a-zß-öø-ÿāăąćčďđēěęėğģīįıķļľłńňņőœřśšşťţūůűųźżž]"
ODD = re.compile(
    rf"(?<={LETTER})[^\x00-\x7f\w\s’‘”“–—…»«\xad·](?={LETTER})|[\x80-\x9f�]|(?<={SMALL})(?=[^\x00-\x7f])(?!{SMALL}){LETTER}"
)
