"""Containers: archives, crawls, exports and feeds, read as streams, one document a record."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import IO, cast

from transforms.parse.archives import read_gz, read_tar, read_zip
from transforms.parse.block import Unreadable, well_formed
from transforms.parse.crawls import read_warc
from transforms.parse.delimited import read_csv
from transforms.parse.exports import read_json, read_jsonl, read_parquet
from transforms.parse.feeds import read_feed
from transforms.parse.stream import DAMAGE, Broken, Chained, Counted, Limits, Member, Reader, Record

DEEPEST = 3  # containers within containers
MOST_MEMBERS = 1_000_000
LONGEST_DETAIL = 300  # characters

READERS: dict[str, Reader] = {
    ".gz": read_gz,
    ".zip": read_zip,
    ".tar": read_tar,
    ".tar.gz": read_tar,
    ".tgz": read_tar,
    ".tar.bz2": read_tar,
    ".tar.xz": read_tar,
    ".warc": read_warc,
    ".warc.gz": read_warc,
    ".wet": read_warc,
    ".wet.gz": read_warc,
    ".jsonl": read_jsonl,
    ".ndjson": read_jsonl,
    ".json": read_json,
    ".csv": read_csv,
    ".tsv": read_csv,
    ".parquet": read_parquet,
    ".rss": read_feed,
    ".atom": read_feed,
    ".xml": read_feed,
}
"""File name ending → reader: a stream in, records out."""


def container_suffix(name: str) -> str:
    """The ending that says how a container is read, or "" for what is none.

    >>> container_suffix("a.TAR.GZ"), container_suffix("crawl.warc.gz"), container_suffix("x.txt.gz"), container_suffix("x.txt")
    ('.tar.gz', '.warc.gz', '.gz', '')
    """
    lower = name.lower()
    return next((s for s in sorted(READERS, key=len, reverse=True) if lower.endswith(s)), "")


def read_container(stream: IO[bytes], name: str, limits: Limits, depth: int = 0) -> Iterator[Record | Broken]:
    """The records of a container, in order, and where it is damaged: what could be read, then a Broken for the rest. One
    that holds nothing is a Broken too. All text in what comes is well formed; limits.mended counts what was not."""
    found = _read(stream, name, limits, depth)
    return found if depth else (_sound(each, limits) for each in found)


def _read(stream: IO[bytes], name: str, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    is_empty = True
    try:
        first = stream.read(1)
        if not first:
            raise Unreadable("empty", "a file of 0 bytes")
        if stream.seekable():
            stream.seek(0)
        else:
            stream = cast("IO[bytes]", Chained(first, stream))
        for found in READERS[container_suffix(name)](stream, name, limits):
            is_empty = False
            if isinstance(found, Member):
                yield from _inside(found, limits, depth)
            else:
                yield found
        if is_empty:
            raise Unreadable("empty", "no record in it")
    except Unreadable as error:
        yield Broken("", error.reason, error.detail)
    except DAMAGE as error:
        yield Broken("", "damaged", f"cannot be read further: {error or type(error).__name__}")
    except (
        Exception
    ) as error:  # a fault of a reader must cost this container only; the reject says which fault
        yield Broken("", "failed", f"{type(error).__name__}: {error}"[:LONGEST_DETAIL])


def _inside(member: Member, limits: Limits, depth: int) -> Iterator[Record | Broken]:
    """A member of an archive: a document, or a container of its own."""
    name = member.name
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
        inner = cast("IO[bytes]", Counted(member.stream, limits))
        for found in read_container(inner, name, limits, depth + 1):
            yield replace(found, name=f"{name}!{found.name}" if found.name else name)
        return
    try:
        raw = Counted(member.stream, limits).read(limits.max_document + 1)
    except DAMAGE as error:
        yield Broken(name, "damaged", f"cannot be read: {error or type(error).__name__}")
        return
    if len(raw) > limits.max_document:
        yield Broken(name, "too_large", f"more than {limits.max_document:,} bytes")
    else:
        yield Record(name, "." + name.rsplit(".", 1)[-1] if "." in name else "", raw)


def _sound(found: Record | Broken, limits: Limits) -> Record | Broken:
    """What a reader found with every text in it well formed."""
    if isinstance(found, Broken):
        return Broken(_name(found.name), found.reason, well_formed(found.detail))
    name = _name(found.name)
    said = [found.external_id or "", *found.facts.values(), *found.facts]
    if all(well_formed(text) is text for text in said):
        return found if name == found.name else replace(found, name=name)
    limits.mended += 1
    return replace(
        found,
        name=name,
        facts={well_formed(key): well_formed(value) for key, value in found.facts.items()},
        external_id=found.external_id and well_formed(found.external_id),
    )


def _name(name: str) -> str:
    """A member's name as text: bytes that are no UTF-8 are written out, as in the names of files."""
    if name.isascii():
        return name
    written = "".join(f"\\x{ord(c) - 0xDC00:02x}" if "\udc80" <= c <= "\udcff" else c for c in name)
    return well_formed(written)


__all__ = ["READERS", "Broken", "Limits", "Record", "container_suffix", "read_container"]
