"""Containers: archives, crawls, exports and feeds, read as streams, one document a record."""

from __future__ import annotations

import csv
import gzip
import io
import json
import lzma
import tarfile
import zipfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.parse.block import Unreadable
from transforms.parse.decode import SAMPLE, decode
from transforms.parse.records import Columns

DEEPEST = 3  # containers within containers
MOST_MEMBERS = 1_000_000
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


@dataclass
class Limits:
    """What a container may cost: bytes of one document, and of all of it against its size on disk."""

    max_document: int
    stored: int
    columns: Columns
    unpacked: int = 0
    members: int = 0

    def count(self, size: int) -> None:
        """Take note of unpacked bytes; raises Unreadable for a bomb."""
        self.unpacked += size
        if self.unpacked > BOMB_BYTES and self.unpacked > BOMB_RATIO * max(self.stored, 1):
            raise Unreadable("bomb", f"unpacks to over {self.unpacked:,} bytes from {self.stored:,}")


Reader = Callable[[IO[bytes], str, Limits, int], Iterator[Record | Broken]]


def container_suffix(name: str) -> str:
    """The ending that says how a container is read, or "" for what is none.

    >>> container_suffix("a.TAR.GZ"), container_suffix("crawl.warc.gz"), container_suffix("x.txt.gz"), container_suffix("x.txt")
    ('.tar.gz', '.warc.gz', '.gz', '')
    """
    lower = name.lower()
    return next((s for s in sorted(READERS, key=len, reverse=True) if lower.endswith(s)), "")


def read_container(stream: IO[bytes], name: str, limits: Limits, depth: int = 0) -> Iterator[Record | Broken]:
    """The records of a container, in order, and where it is damaged: what could be read, then a Broken for the rest."""
    try:
        yield from READERS[container_suffix(name)](stream, name, limits, depth)
    except Unreadable as error:
        yield Broken("", error.reason, error.detail)
    except DAMAGE as error:
        yield Broken("", "damaged", f"cannot be read further: {error or type(error).__name__}")
    except Exception as error:  # a fault of a reader must cost this container only; the reject says which fault
        yield Broken("", "failed", f"{type(error).__name__}: {error}"[:300])


def _inside(stream: IO[bytes], name: str, limits: Limits, depth: int, prefix: str) -> Iterator[Record | Broken]:
    """A member of an archive: a document, or a container of its own."""
    limits.members += 1
    if limits.members > MOST_MEMBERS:
        raise Unreadable("bomb", f"more than {MOST_MEMBERS:,} members")
    if ".." in name.replace("\\", "/").split("/") or name.startswith(("/", "\\")):
        yield Broken(name, "unsafe_path", "a member's path leads outside its archive")
        return
    if container_suffix(name):
        if depth >= DEEPEST:
            yield Broken(name, "nested", f"more than {DEEPEST} containers deep")
            return
        inner = cast("IO[bytes]", _Counted(stream, limits))
        for found in read_container(inner, name, limits, depth + 1):
            yield _renamed(found, f"{prefix}{name}!{found.name}" if found.name else f"{prefix}{name}")
        return
    raw = _Counted(stream, limits).read(limits.max_document + 1)
    if len(raw) > limits.max_document:
        yield Broken(f"{prefix}{name}", "too_large", f"more than {limits.max_document:,} bytes")
    else:
        yield Record(f"{prefix}{name}", "." + name.rsplit(".", 1)[-1] if "." in name else "", raw)


def _renamed(found: Record | Broken, name: str) -> Record | Broken:
    if isinstance(found, Broken):
        return Broken(name, found.reason, found.detail)
    return Record(name, found.suffix, found.raw, found.fields, found.facts, found.external_id)


class _Counted(io.RawIOBase):
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


def _whole(stream: IO[bytes]) -> io.BytesIO:
    """All of a stream in memory, where a reader has to jump about in it; bounded."""
    raw = stream.read(LARGEST_WHOLE + 1)
    if len(raw) > LARGEST_WHOLE:
        raise Unreadable("too_large", f"more than {LARGEST_WHOLE:,} bytes, which this format needs in memory")
    return io.BytesIO(raw)


# ------------------------------------------------------------------ archives
def _read_gz(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    member = name.rsplit("/", 1)[-1][: -len(".gz")] or "member"
    with gzip.GzipFile(fileobj=stream) as inner:
        yield from _inside(cast("IO[bytes]", inner), member, limits, depth, "")


def _read_zip(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    with zipfile.ZipFile(stream if stream.seekable() else _whole(stream)) as archive:
        for info in sorted(archive.infolist(), key=lambda i: i.filename):
            if info.is_dir():
                continue
            if info.flag_bits & 1:
                yield Broken(info.filename, "encrypted", "needs a password")
                continue
            try:
                with archive.open(info) as member:
                    yield from _inside(member, info.filename, limits, depth, "")
            except DAMAGE as error:
                yield Broken(info.filename, "damaged", str(error))


def _read_tar(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    with tarfile.open(fileobj=_Counted(stream, limits), mode="r|*") as archive:  # a stream: members in order
        for info in archive:
            if info.isfile() and (member := archive.extractfile(info)):
                yield from _inside(member, info.name, limits, depth, "")


# ------------------------------------------------------------------ crawls
def _read_warc(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    from warcio.archiveiterator import ArchiveIterator
    from warcio.exceptions import ArchiveLoadFailed

    number = 0
    try:
        for record in ArchiveIterator(_Counted(stream, limits), arc2warc=True):
            number += 1
            if record.rec_type != "response" or record.http_headers is None:
                continue
            kind = record.http_headers.get_header("Content-Type", "").lower()
            if "html" not in kind or not (record.http_headers.get_statuscode() or "").startswith("2"):
                continue
            raw = record.content_stream().read(limits.max_document + 1)
            if len(raw) > limits.max_document:
                yield Broken(f"#{number}", "too_large", f"more than {limits.max_document:,} bytes")
                continue
            said = int(record.http_headers.get_header("Content-Length", "0") or 0)
            coded = record.http_headers.get_header("Content-Encoding") or record.http_headers.get_header(
                "Transfer-Encoding"
            )
            if said > len(raw) and not coded:
                yield Broken(f"#{number}", "damaged", f"cut: {len(raw):,} of {said:,} bytes")
                continue
            facts = {"url": record.rec_headers.get_header("WARC-Target-URI", "")}
            if "charset=" in kind:
                facts["charset"] = kind.split("charset=", 1)[1].split(";")[0].strip(" \"'")
            yield Record(f"#{number}", ".html", raw, None, facts, record.rec_headers.get_header("WARC-Record-ID"))
    except (ArchiveLoadFailed, *DAMAGE, ValueError) as error:
        yield Broken(f"#{number + 1}", "damaged", f"cannot be read from here on: {error or type(error).__name__}")


# ------------------------------------------------------------------ exports
def _row(number: int, raw: bytes, row: object, limits: Limits) -> Record | Broken:
    """A row of an export as a record."""
    name = f"#{number}"
    if not isinstance(row, dict):
        return Broken(name, "damaged", "is no object with named columns")
    if len(raw) > limits.max_document:
        return Broken(name, "too_large", f"more than {limits.max_document:,} bytes")
    fields = {str(k): _as_text(v) for k, v in row.items() if v is not None}
    if not limits.columns.of("text", fields) and not limits.columns.of("html", fields):
        missing = not ({c.lower() for c in fields} & limits.columns.names("text", "html"))
        detail = (
            f"no column of text among {', '.join(fields) or 'none'}; name it: --map text=COLUMN"
            if missing
            else "no text in it"
        )
        return Broken(name, "no_text_column" if missing else "empty", detail)
    return Record(name, ".record", raw, fields, {}, limits.columns.of("key", fields) or None)


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ", ".join(value)
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)


def _read_jsonl(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    number = 0
    while line := stream.readline(limits.max_document + 1):
        number += 1
        if len(line) > limits.max_document and not line.endswith(b"\n"):
            yield Broken(f"#{number}", "too_large", f"a line of more than {limits.max_document:,} bytes")
            while (rest := stream.readline(CHUNK)) and not rest.endswith(b"\n"):
                pass
            continue
        if not line.strip():
            continue
        try:
            row = json.loads(decode(line)[0])
        except (ValueError, RecursionError, Unreadable) as error:
            yield Broken(f"#{number}", "damaged", f"no JSON: {error}")
            continue
        yield _row(number, line.rstrip(b"\r\n"), row, limits)


def _read_json(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    """A list of records, an object that holds one (under any name), or one record; where it is none of these, JSON Lines."""
    raw = _whole(stream).getvalue()
    text = decode(raw)[0]
    try:
        whole = json.loads(text)
    except (ValueError, RecursionError):
        yield from _read_jsonl(io.BytesIO(raw), name, limits, depth)
        return
    rows = whole if isinstance(whole, list) else [whole]
    if isinstance(whole, dict) and not any(limits.columns.of(f, dict.fromkeys(whole, "x")) for f in ("text", "html")):
        lists = [v for v in whole.values() if isinstance(v, list) and v and isinstance(v[0], dict)]
        rows = max(lists, key=len, default=rows)
    for number, row in enumerate(rows, 1):
        yield _row(number, json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass"), row, limits)


def _read_csv(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    head = stream.read(SAMPLE)
    encoding = decode(head.rsplit(b"\n", 1)[0] or head)[1]
    if head.startswith(b"\xef\xbb\xbf"):
        encoding = "utf-8-sig"
    lines = io.TextIOWrapper(io.BufferedReader(_Chained(head, stream)), encoding, errors="replace", newline="")
    consumed: list[str] = []

    def noted() -> Iterator[str]:
        while line := lines.readline(limits.max_document + 1):
            consumed.append(line)
            yield line

    csv.field_size_limit(max(limits.max_document, 131_072))
    delimiter = "\t" if ".tsv" in name.lower() else _delimiter(head.decode(encoding, "replace").split("\n", 1)[0])
    reader = csv.reader(noted(), delimiter=delimiter)
    header: list[str] = []
    number = 0
    while True:
        consumed.clear()
        try:
            row = next(reader, None)
        except csv.Error as error:
            yield Broken(f"#{number + 1}", "damaged", f"line {reader.line_num}: {error}")
            continue
        if row is None:
            return
        if not row:
            continue
        if not header:
            header = [c.strip() for c in row]
            continue
        number += 1
        if len(row) != len(header):
            yield Broken(
                f"#{number}", "damaged", f"line {reader.line_num}: {len(row)} fields, the header has {len(header)}"
            )
            continue
        raw = "".join(consumed).rstrip("\r\n").encode("utf-8", "surrogatepass")
        yield _row(number, raw, dict(zip(header, row, strict=True)), limits)


def _delimiter(line: str) -> str:
    return max(",;\t|", key=line.count) if any(line.count(d) for d in ",;\t|") else ","


class _Chained(io.RawIOBase):
    """A stream after bytes that were read of it."""

    def __init__(self, head: bytes, rest: IO[bytes]) -> None:
        self._head = head
        self._rest = rest

    def readable(self) -> bool:
        """It can be read."""
        return True

    def readinto(self, buffer: Any) -> int:
        """As RawIOBase asks."""
        if not self._head:
            piece = self._rest.read(len(buffer))
        else:
            piece, self._head = self._head[: len(buffer)], self._head[len(buffer) :]
        buffer[: len(piece)] = piece
        return len(piece)


def _read_parquet(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    table = pq.ParquetFile(stream if stream.seekable() else _whole(stream))
    number = 0
    for batch in table.iter_batches(batch_size=256):
        for row in batch.to_pylist():
            number += 1
            yield _row(
                number, json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass"), row, limits
            )


# ------------------------------------------------------------------ feeds
def _read_feed(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    """The items of an RSS or Atom feed with their text."""
    from lxml import etree

    number = 0
    try:
        for _, item in etree.iterparse(stream, events=("end",), resolve_entities=False, no_network=True, recover=False):
            if etree.QName(item).localname not in ("item", "entry") or not isinstance(item.tag, str):
                continue
            number += 1
            raw = etree.tostring(item, encoding="utf-8", with_tail=False)
            fields: dict[str, str] = {}
            for child in item:
                if isinstance(child.tag, str):
                    text = "".join(child.itertext()).strip() or child.get("href", "")
                    fields.setdefault(etree.QName(child).localname, text)
            yield _row(number, raw, fields, limits)
            item.clear()
    except etree.XMLSyntaxError as error:
        yield Broken(f"#{number + 1}", "damaged", f"no XML from here on: {error}")
    else:
        if not number:
            raise Unreadable("unknown_format", "XML without feed items")


READERS: dict[str, Reader] = {
    ".gz": _read_gz,
    ".zip": _read_zip,
    ".tar": _read_tar,
    ".tar.gz": _read_tar,
    ".tgz": _read_tar,
    ".tar.bz2": _read_tar,
    ".tar.xz": _read_tar,
    ".warc": _read_warc,
    ".warc.gz": _read_warc,
    ".jsonl": _read_jsonl,
    ".ndjson": _read_jsonl,
    ".json": _read_json,
    ".csv": _read_csv,
    ".tsv": _read_csv,
    ".parquet": _read_parquet,
    ".rss": _read_feed,
    ".atom": _read_feed,
    ".xml": _read_feed,
}
"""File name ending → reader: a stream in, records out."""
