"""Lines of large text files, as stored and as text, each in the encoding it is in."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from transforms.parse.block import Unreadable
from transforms.parse.decode import BOMS, CONTROL, MOST_CONTROL, SAMPLE, is_mostly_utf8, wide_encoding
from transforms.parse.stream import CHUNK

ENDS = re.compile(r"(?<=\n)|(?<=\r)(?!\n)")
FEWEST_CONTROL = 8  # runs of control bytes in a sample from which it may be no text


@dataclass(frozen=True, slots=True)
class Line:
    """A line with its end: the bytes of the file, their text, and how many of the bytes are its end. `is_damaged`: some bytes
    were no text and are U+FFFD in it. Of a line longer than what was asked for (`is_too_long`) there is neither."""

    raw: bytes
    text: str
    end: int = 0
    is_damaged: bool = False
    is_too_long: bool = False

    @property
    def bare(self) -> bytes:
        """The bytes without the line's end."""
        return self.raw[: len(self.raw) - self.end]


TOO_LONG = Line(b"", "", is_too_long=True)


def read_lines(stream: IO[bytes], longest: int) -> Iterator[Line]:
    """The lines of a text file that may be of any size; none longer than `longest` bytes is held. Lines end in CR, LF or both.

    A byte order mark decides the encoding and belongs to no line; then NULs in every other place (UTF-16); else each line
    is UTF-8 where it can be and otherwise in what its fellows are detected to be in. Raises Unreadable `binary`.
    """
    head = _filled(stream, SAMPLE)
    mark, encoding = next(
        ((m, e) for m, e in BOMS if head.startswith(m)), (b"", wide_encoding(head) or "utf-8")
    )
    if encoding != "utf-8":
        yield from _wide_lines(stream, head[len(mark) :], encoding, longest)
    else:
        _refuse_binary(head)
        yield from _narrow_lines(stream, head[len(mark) :], longest)


def _refuse_binary(head: bytes) -> None:
    found = len(CONTROL.findall(head))
    if not head.strip(b"\x00") or found > max(FEWEST_CONTROL, MOST_CONTROL * len(head)):
        raise Unreadable("binary", "control bytes: not a text")


def _filled(stream: IO[bytes], size: int) -> bytes:
    """The next `size` bytes, fewer only at the end."""
    pieces = []
    while size > 0 and (piece := stream.read(size)):
        pieces.append(piece)
        size -= len(piece)
    return b"".join(pieces)


def _narrow_lines(stream: IO[bytes], head: bytes, longest: int) -> Iterator[Line]:
    """Lines in an encoding that writes line ends as ASCII does."""
    reading = _Reading()
    for batch in _batches(stream, head, longest):
        reading.look(batch)
        for raw in batch:
            yield TOO_LONG if raw is None else reading.line(raw)


def _batches(stream: IO[bytes], head: bytes, longest: int) -> Iterator[list[bytes | None]]:
    """Whole lines, about a megabyte of them at once; None for one longer than `longest`."""
    held: list[bytes] = []  # pieces of a line whose end has not come yet
    size = 0
    chunk = head
    while chunk:
        following = stream.read(CHUNK)
        if following and chunk.endswith(b"\r"):  # its line feed may be in the next piece
            chunk += following
            following = stream.read(CHUNK)
        batch: list[bytes | None] = []
        for piece in chunk.splitlines(keepends=True):
            size += len(piece)
            if size <= longest:
                held.append(piece)
            else:
                held.clear()
            if piece.endswith((b"\n", b"\r")):
                batch.append(b"".join(held) if size <= longest else None)
                held, size = [], 0
        yield batch
        chunk = following
    if size:
        yield [b"".join(held) if size <= longest else None]


class _Reading:
    """What is known of a file's encoding so far."""

    def __init__(self) -> None:
        self.other = ""  # the encoding of lines that are no UTF-8, once such have been met
        self.is_other_alone = (
            False  # it writes letters as two bytes: a short line may look like UTF-8 and be none
        )

    def look(self, lines: Sequence[bytes | None]) -> None:
        """Detect the encoding of lines that are no UTF-8, from the first batch that holds any."""
        if self.other:
            return
        if odd := b"".join(line for line in lines if line and not line.isascii() and _is_other(line)):
            from transforms.parse.detect import MULTIBYTE, detect

            self.other = detect(odd)
            self.is_other_alone = self.other in MULTIBYTE

    def line(self, raw: bytes) -> Line:
        """A line read: in UTF-8 where it can be."""
        end = len(raw) - len(raw.rstrip(b"\r\n"))
        if not self.is_other_alone:
            try:
                return Line(raw, raw.decode(), end)
            except UnicodeDecodeError:
                if not self.other or is_mostly_utf8(raw):
                    return Line(raw, raw.decode("utf-8", "replace"), end, is_damaged=True)
        from transforms.parse.detect import in_encoding

        text = in_encoding(raw, self.other)
        return Line(raw, text, end, "\ufffd" in text)


def _is_other(line: bytes) -> bool:
    """Whether a line is neither UTF-8 nor UTF-8 with a few broken places."""
    try:
        line.decode()
    except UnicodeDecodeError:
        return not is_mostly_utf8(line)
    return False


def _wide_lines(stream: IO[bytes], head: bytes, encoding: str, longest: int) -> Iterator[Line]:
    """Lines in UTF-16 or UTF-32. Their bytes are those of the file: halves of surrogate pairs come back as they were."""
    errors = "surrogatepass" if encoding.startswith("utf-16") else "replace"
    decoder = codecs.getincrementaldecoder(encoding)(errors)
    held: list[str] = []
    size = 0

    unit = len("a".encode(encoding))

    def line() -> Line:
        text = "".join(held)
        end = unit * (len(text) - len(text.rstrip("\r\n")))
        return Line(text.encode(encoding, errors), text, end) if size <= longest else TOO_LONG

    chunk = head
    while chunk:
        following = stream.read(CHUNK)
        text = decoder.decode(chunk)
        if following and text.endswith("\r"):
            text += decoder.decode(following)
            following = stream.read(CHUNK)
        for piece in ENDS.split(text):
            size += len(piece) * 2
            if size <= longest:
                held.append(piece)
            else:
                held.clear()
            if piece.endswith(("\n", "\r")):
                yield line()
                held.clear()
                size = 0
        chunk = following
    if decoder.getstate()[0]:  # the file is cut within a character
        held.append("\ufffd")
        size += 2
    if size:
        yield line()
