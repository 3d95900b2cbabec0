"""Archives: .gz, .zip, .tar; whole ones, and what is left of damaged ones."""

from __future__ import annotations

import bz2
import gzip
import io
import lzma
import struct
import tarfile
import zipfile
import zlib
from collections.abc import Iterator
from typing import IO, Any, cast

from transforms.parse.stream import DAMAGE, LARGEST_WHOLE, Broken, Chained, Counted, Limits, Member, whole

# What zipfile raises where a directory of an archive is damaged, beside DAMAGE.
NO_DIRECTORY = (
    zipfile.BadZipFile,
    struct.error,
    ValueError,
    LookupError,
    OverflowError,
    NotImplementedError,
    EOFError,
)
LOCAL = b"PK\x03\x04"  # what a member of a .zip begins with
LOCAL_HEADER = struct.Struct(
    "<4x2xHH4xIIIHH"
)  # flags, method, CRC, size packed and unpacked, bytes of name and extra
STORED, DEFLATED = 0, 8


def read_gz(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Broken | Member]:
    """The one file that is packed."""
    member = name.rsplit("/", 1)[-1][: -len(".gz")] or "member"
    with gzip.GzipFile(fileobj=stream) as inner:
        yield Member(member, cast("IO[bytes]", inner))


# ------------------------------------------------------------------ zip
def read_zip(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Broken | Member]:
    """The files of a .zip by name; where its directory is damaged or cut off, those found one by one."""
    held = stream if stream.seekable() else cast("IO[bytes]", whole(stream))
    try:
        archive = zipfile.ZipFile(held)
    except NO_DIRECTORY as error:
        held.seek(0)
        yield from _salvaged(whole(held).getvalue(), limits)
        yield Broken("", "damaged", f"no directory of its members that can be read: {error}")
        return
    with archive:
        for info in sorted(archive.infolist(), key=lambda i: i.filename):
            if info.filename.endswith("/"):
                continue
            if info.flag_bits & 1:
                yield Broken(info.filename, "encrypted", "needs a password")
                continue
            try:
                member = archive.open(info)
            except NotImplementedError as error:
                yield Broken(info.filename, "unsupported", str(error))
            except (*DAMAGE, *NO_DIRECTORY) as error:
                yield Broken(info.filename, "damaged", str(error))
            else:
                with member:
                    yield Member(info.filename, member)


def _salvaged(raw: bytes, limits: Limits) -> Iterator[Broken | Member]:
    """The members of a .zip without a directory, each by what stands before it."""
    at = raw.find(LOCAL)
    while 0 <= at <= len(raw) - LOCAL_HEADER.size:
        flags, method, crc, packed, _, name_length, extra_length = LOCAL_HEADER.unpack_from(raw, at)
        start = at + LOCAL_HEADER.size + name_length + extra_length
        named = raw[at + LOCAL_HEADER.size : start - extra_length]
        name = named.decode("utf-8" if flags & 0x800 else "cp437", "backslashreplace")
        content, end = _unpacked(raw, start, method, packed, limits)
        has_sum = not flags & 8  # else sizes and sum follow the content
        if name.endswith("/"):
            pass
        elif flags & 1:
            yield Broken(name, "encrypted", "needs a password")
        elif content is None or (has_sum and zlib.crc32(content) != crc):
            yield Broken(name, "damaged", "cut off, or not what was packed")
        else:
            yield Member(name, io.BytesIO(content))
        at = raw.find(LOCAL, end)


def _unpacked(raw: bytes, start: int, method: int, packed: int, limits: Limits) -> tuple[bytes | None, int]:
    """(a member's content, or None for what cannot be read; where to look for the next member)."""
    if method == STORED and start + packed <= len(raw):
        return raw[start : start + packed], start + packed
    if method != DEFLATED:
        return None, start
    unpacking = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        content = unpacking.decompress(memoryview(raw)[start:], min(LARGEST_WHOLE, limits.max_document + 1))
    except zlib.error:
        return None, start
    if not unpacking.eof:
        return (content, start) if len(content) > limits.max_document else (None, start)
    return content, len(raw) - len(unpacking.unused_data)


# ------------------------------------------------------------------ tar
class _Noted(tarfile.TarInfo):
    """A tar's header that leaves word with its archive (`said`) of those that are none."""

    @classmethod
    def fromtarfile(cls, archive: Any) -> Any:
        """As TarInfo; with ignore_zeros the archive goes on after what this raises, at the next header that is one."""
        try:
            return super().fromtarfile(archive)
        except tarfile.EOFHeaderError:  # type: ignore[attr-defined]  # tarfile's own, known to typeshed under no name
            archive.said.add("end")
            raise
        except tarfile.EmptyHeaderError:  # type: ignore[attr-defined]
            archive.said.add("no more")
            raise
        except (tarfile.HeaderError, ValueError, LookupError, OverflowError) as error:
            if "end" not in archive.said:  # what follows the end of an archive is padding
                archive.said.add("damaged")
            raise tarfile.InvalidHeaderError(str(error)) from error  # type: ignore[attr-defined]


class _Tar(tarfile.TarFile):
    tarinfo = _Noted
    said: set[str]

    def __init__(self, *given: Any, **more: Any) -> None:
        self.said = set()
        super().__init__(*given, **more)


def read_tar(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Broken | Member]:
    """The files of a .tar in order, read as a stream: also those after a damaged header and of tars one after another."""
    plain = _unpacking(stream)
    with _Tar.open(fileobj=Counted(plain, limits), mode="r|", ignore_zeros=True) as archive:
        said = archive.said
        while (info := archive.next()) is not None:
            archive.members = []  # type: ignore[attr-defined]  # else it remembers a million of them
            if "end" in said:
                said.remove("end")  # another tar follows
            if info.isfile() and (member := archive.extractfile(info)):
                yield Member(info.name, member)
        if "damaged" in said:
            yield Broken("", "damaged", "a header that is none: the files up to the next whole one are lost")
        elif "end" not in said:
            yield Broken("", "damaged", "cut off: the mark at its end is missing")


def _unpacking(stream: IO[bytes]) -> IO[bytes]:
    """A tar's bytes, whatever it is packed with; all the parts of a packed file, where tarfile reads the first alone."""
    head = stream.read(6)
    joined = cast("IO[bytes]", io.BufferedReader(Chained(head, stream)))
    if head.startswith(b"\x1f\x8b"):
        return cast("IO[bytes]", gzip.GzipFile(fileobj=joined))
    if head.startswith(b"BZh"):
        return cast("IO[bytes]", bz2.BZ2File(joined))
    return cast("IO[bytes]", lzma.LZMAFile(joined)) if head.startswith(b"\xfd7zXZ") else joined
