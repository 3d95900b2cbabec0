"""What the readers of containers share: what they hand back, what a container may cost, and streams."""

from __future__ import annotations

import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any

import pyarrow as pa

from transforms.parse.block import Unreadable
from transforms.parse.columns import Columns

BOMB_BYTES, BOMB_RATIO = (
    100 * 10**6,
    200,
)  # an archive that unpacks to this much, and this many times its size, is a bomb
LARGEST_WHOLE = 512 * 10**6  # bytes of a .json file or an inner archive, which are held in memory
CHUNK = 1 << 20
# What a damaged file makes the readers raise.
DAMAGE = (
    EOFError,
    OSError,
    zlib.error,
    lzma.LZMAError,
    zipfile.BadZipFile,
    tarfile.TarError,
    struct.error,
    pa.ArrowException,
    RuntimeError,
)


@dataclass(frozen=True)
class Record:
    """One record of a container: its name inside (member, #number), how to read it, its bytes as stored, and what the
    container says about it. `fields` is set for a row of an export: its columns as text."""

    name: str
    suffix: str
    raw: bytes
    fields: Mapping[str, str] | None = None
    facts: Mapping[str, str] = field(default_factory=dict)
    external_id: str | None = None


@dataclass(frozen=True)
class Broken:
    """A record or the rest of a container that cannot be read."""

    name: str
    reason: str
    detail: str


@dataclass(frozen=True)
class Member:
    """A file inside an archive, by its name there, to be read before the archive is asked for the next."""

    name: str
    stream: IO[bytes]


@dataclass
class Limits:
    """What a container may cost: bytes of one document, and of all of it against its size on disk; and what is counted
    of it on the way: `mended` records are those taken in with a letter or a mark put right."""

    max_document: int
    stored: int
    columns: Columns
    unpacked: int = 0
    members: int = 0
    mended: int = 0

    def count(self, size: int) -> None:
        """Take note of unpacked bytes; raises Unreadable for a bomb."""
        self.unpacked += size
        if self.unpacked > BOMB_BYTES and self.unpacked > BOMB_RATIO * max(self.stored, 1):
            raise Unreadable("bomb", f"unpacks to over {self.unpacked:,} bytes from {self.stored:,}")


Reader = Callable[[IO[bytes], str, Limits], Iterator[Record | Broken | Member]]
"""A stream, its name and the limits in; what it holds out."""


class Counted(io.RawIOBase):
    """A stream that notes what is read of it."""

    def __init__(self, stream: IO[bytes], limits: Limits) -> None:
        self._stream = stream
        self._limits = limits

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes, counted."""
        pieces: list[bytes] = []
        left = size
        while left != 0:
            piece = self._stream.read(min(CHUNK, left) if left > 0 else CHUNK)
            if not piece:
                break
            self._limits.count(len(piece))
            pieces.append(piece)
            left = left - len(piece) if left > 0 else left
        return b"".join(pieces)

    def readinto(self, buffer: Any) -> int:
        """As RawIOBase asks."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


class Chained(io.RawIOBase):
    """A stream after bytes that were read of it."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = memoryview(head)
        self._rest = rest

    def readable(self) -> bool:
        """It can be read."""
        return True

    def read(self, size: int = -1) -> bytes:
        """Up to `size` bytes; fewer only where the rest gives fewer."""
        piece = bytes(self._head if size < 0 else self._head[:size])
        self._head = self._head[len(piece) :]
        return (
            piece + self._rest.read(size - len(piece) if size >= 0 else -1) if len(piece) != size else piece
        )

    def readinto(self, buffer: Any) -> int:
        """As RawIOBase asks."""
        piece = self.read(len(buffer))
        buffer[: len(piece)] = piece
        return len(piece)


def whole(stream: IO[bytes]) -> io.BytesIO:
    """All of a stream in memory, where a reader has to jump about in it; bounded."""
    raw = stream.read(LARGEST_WHOLE + 1)
    if len(raw) > LARGEST_WHOLE:
        raise Unreadable("too_large", f"more than {LARGEST_WHOLE:,} bytes, which this format needs in memory")
    return io.BytesIO(raw)
