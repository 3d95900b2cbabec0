"""Where the records of a crawl (WARC, ISO 28500) begin and end, also after damage."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import IO, Any, cast

from transforms.parse.stream import CHUNK, DAMAGE, Chained

GZIP = b"\x1f\x8b\x08"
OPENING = b"WARC/"
MARK = b"\n" + OPENING  # what a record begins with after the end of another
END = (bytearray(b"\r"), bytearray(b"\n"))
BLANK = re.compile(rb"\r?\n\r?\n")
END_OF_HEAD = re.compile(
    rb"\n(?:(?P<end>\r?\n)|(?=WARC/))"
)  # or the beginning of another record, where it has no end
LENGTH = re.compile(r"\d{1,15}")
LONGEST_HEAD = (
    1 << 20
)  # bytes of a record's headers; also of those of the answer within it, beside a document's own
PIECE = 1 << 16  # packed bytes read at once: what follows a member in them is copied
ROOM = 8  # bytes looked at after a record, which hold the line ends there and the beginning of the next


@dataclass(frozen=True)
class Entry:
    """A record of a crawl by its number from 1: its type, its headers by name in small letters, its body; or what is wrong
    with it. A body that is too long is left out."""

    number: int
    type: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    fault: str = ""
    is_too_long: bool = False


def read_entries(stream: IO[bytes], longest: int) -> Iterator[Entry]:
    """The records in order. One that is damaged is told of, and reading goes on at the next part of a packed file that begins
    with a record, or at the next line that begins one. Bodies are held up to `longest` bytes and LONGEST_HEAD."""
    head = stream.read(PIECE)
    stream = cast("IO[bytes]", Chained(head, stream))
    is_packed = head.startswith(GZIP)
    if _opening(head, 16).startswith(b"filedesc:") if is_packed else head.startswith(b"filedesc:"):
        yield from _arc_entries(stream)
        return
    tape = _Tape(_unpacked(stream) if is_packed else iter(lambda: stream.read(CHUNK), b""))
    number = 0
    while tape.go_on():
        while tape.has_record():
            number += 1
            yield _entry(tape, number, longest)
        if tape.fault:
            number += 1
            yield Entry(number, fault=tape.fault)


def headers_of(lines: Sequence[str]) -> dict[str, str]:
    """Headers by name in small letters, the first of a name; a line that begins with a space goes on with the one before."""
    pairs: list[tuple[str, list[str]]] = []
    for line in lines:
        if line[:1] in (" ", "\t") and pairs:
            pairs[-1][1].append(line.strip())
        elif ":" in line:
            name, value = line.split(":", 1)
            pairs.append((name.strip().lower(), [value.strip()]))
    return {name: " ".join(parts) for name, parts in reversed(pairs)}


def parted(raw: bytes) -> tuple[list[str], bytes] | None:
    """(the lines of headers, what comes after the blank line that ends them), or None where there is no such line."""
    blank = BLANK.search(raw, 0, LONGEST_HEAD)
    if not blank:
        return None
    head = raw[: blank.start()]
    try:
        text = head.decode()
    except UnicodeDecodeError:
        text = head.decode("latin-1")
    return text.replace("\r\n", "\n").split("\n"), raw[blank.end() :]


class _Tape:
    """The unpacked bytes of a crawl as they stream by, in stretches that no record crosses."""

    def __init__(self, pieces: Iterator[bytes | _Break]) -> None:
        self.pieces = pieces
        self.held = bytearray()
        self.is_over = False  # nothing of this stretch comes after what is held
        self.fault = ""  # why it ended, if that is no good reason
        self.is_last = False

    def go_on(self) -> bool:
        """Begin the next stretch, if there is one."""
        self.held.clear()
        self.is_over, self.fault = self.is_last, ""
        return not self.is_last

    def has_record(self) -> bool:
        """Whether anything but line ends is left of the stretch; these are let go."""
        while not self.held and not self.is_over:
            self.fill(1)
            self.drop(0)
        return bool(self.held)

    def fill(self, size: int) -> None:
        """Hold so many bytes, or as many as are left of the stretch."""
        while len(self.held) < size and not self.is_over:
            piece = next(self.pieces, None)
            if isinstance(piece, bytes):
                self.held += piece
            else:
                self.is_over, self.is_last = True, piece is None
                self.fault = piece.fault if piece else ""

    def drop(self, size: int) -> None:
        """Let go of bytes, and of the line ends after them."""
        while self.held[size : size + 1] in END:
            size += 1
        del self.held[:size]

    def drop_to_record(self) -> None:
        """Let go of everything up to the next line that begins a record, or to the end of the stretch."""
        while (at := self.held.find(MARK, 1)) < 0 and not self.is_over:
            del self.held[: -len(MARK)]
            self.fill(CHUNK)
        self.drop(at + 1 if at >= 0 else len(self.held))

    def ends_at(self, size: int) -> bool:
        """Whether a record may end after so many bytes: its end is there, or another begins, or nothing comes."""
        self.fill(size + ROOM)
        after = bytes(self.held[size : size + ROOM])
        if len(self.held) < size:
            return False
        if after.startswith(b"\r\n\r\n"):  # its end, by the standard, whatever comes then
            return True
        after = after.lstrip(b"\r\n")
        return OPENING.startswith(after[: len(OPENING)]) and not (self.fault and not after)


def _entry(tape: _Tape, number: int, longest: int) -> Entry:
    """The record that begins what a tape holds."""
    tape.fill(PIECE)
    blank = END_OF_HEAD.search(tape.held)
    if not blank and tape.held.startswith(OPENING):
        tape.fill(LONGEST_HEAD)
        blank = END_OF_HEAD.search(tape.held, 0, LONGEST_HEAD)
    if not blank or not blank["end"] or not tape.held.startswith(OPENING):
        return _lost(tape, number, tape.fault or "no headers of a record")
    lines, _ = parted(bytes(tape.held[: blank.end()])) or ([], b"")
    headers = headers_of(lines[1:])
    said = headers.get("content-length", "")
    if not LENGTH.fullmatch(said):
        return _lost(tape, number, f"Content-Length: {said[:60] or 'none'}")
    del tape.held[: blank.end()]
    body, fault = _body(tape, int(said), longest + LONGEST_HEAD)
    if fault:
        return _lost(tape, number, fault)
    return Entry(number, headers.get("warc-type", "").lower(), headers, body or b"", is_too_long=body is None)


def _lost(tape: _Tape, number: int, fault: str) -> Entry:
    """A damaged record; what is left of it is let go, and the fault of its stretch with it where it is its own."""
    tape.drop_to_record()
    if not tape.held:
        tape.fault = ""
    return Entry(number, fault=fault)


def _body(tape: _Tape, length: int, most: int) -> tuple[bytes | None, str]:
    """(the next bytes, None where there are more than `most`; what is wrong with them)."""
    left = length
    while left > most:  # passed over as it streams by
        tape.fill(CHUNK)
        if MARK in tape.held or (tape.is_over and len(tape.held) < left):
            return None, tape.fault or f"no record of {length:,} bytes"
        passed = min(left, len(tape.held) - len(MARK))
        del tape.held[:passed]
        left -= passed
    if not tape.ends_at(left):
        held = len(tape.held)
        return None, tape.fault or (
            f"cut: {held:,} of {length:,} bytes" if held < left else f"no record of {length:,} bytes"
        )
    body = bytes(tape.held[:left]) if left == length else None
    tape.drop(left)
    return body, ""


# ------------------------------------------------------------------ packed with gzip, most often each record by itself
@dataclass(frozen=True)
class _Break:
    """A place that no record crosses; `fault` says what is lost there."""

    fault: str = ""


def _unpacked(stream: IO[bytes]) -> Iterator[bytes | _Break]:
    """The bytes of a gzip file's members, with a break before each that begins with a record, and after a damaged one, after
    which it goes on at the next of these."""
    raw = stream.read(PIECE)
    while raw := raw.lstrip(b"\0") or stream.read(PIECE):
        unpacking = zlib.decompressobj(zlib.MAX_WBITS + 16)
        since = raw  # of this member
        opening: bytes | None = b""
        try:
            while not unpacking.eof:
                if not raw:
                    raw = stream.read(PIECE)
                    since = (since + raw)[-16 * PIECE :]
                    if not raw:
                        raise zlib.error("cut off")
                piece = unpacking.decompress(raw, CHUNK)
                raw = unpacking.unconsumed_tail
                if opening is not None:
                    piece, opening = opening + piece, opening + piece
                    if len(piece) < len(OPENING) and not unpacking.eof:
                        continue
                    opening = None
                    if piece.startswith(OPENING):
                        yield _Break()
                yield piece
            raw = unpacking.unused_data
        except zlib.error as error:
            if opening is not None:  # nothing of it has been seen: the record before is none of its
                yield _Break()
            yield _Break(f"packed data is damaged: {error}")
            raw = _resumed(since, stream)


def _resumed(since: bytes, stream: IO[bytes]) -> bytes:
    """Packed bytes from the next member on that begins with a record; of a member that is damaged from where it begins."""
    window, at = since, since.find(GZIP, 1)
    while True:
        while at >= 0:
            if len(window) < at + PIECE // 16:
                window += stream.read(PIECE)
            if _opening(window[at : at + PIECE // 16], len(OPENING)) == OPENING:
                return window[at:]
            at = window.find(GZIP, at + 1)
        following = stream.read(PIECE)
        if not following:
            return b""
        window = window[-len(GZIP) + 1 :] + following
        at = window.find(GZIP)


def _opening(packed: bytes, size: int) -> bytes:
    """The first bytes of what is packed, b"" where it is damaged."""
    try:
        return zlib.decompressobj(zlib.MAX_WBITS + 16).decompress(packed, size)
    except zlib.error:
        return b""


# ------------------------------------------------------------------ ARC, the format before
def _arc_entries(stream: IO[bytes]) -> Iterator[Entry]:
    """The records of an ARC file, as if they were of a WARC."""
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for record in ArchiveIterator(stream, no_record_parse=True, arc2warc=True):
            number += 1
            headers: dict[str, Any] = {name.lower(): value for name, value in record.rec_headers.headers}
            yield Entry(number, record.rec_type, headers, record.raw_stream.read())
    except (ArchiveLoadFailed, *DAMAGE, ValueError) as error:
        yield Entry(number + 1, fault=f"cannot be read from here on: {error or type(error).__name__}")
