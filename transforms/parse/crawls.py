"""Crawls (WARC): the pages and texts among their records; a damaged record costs itself only."""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import IO, Literal, cast

import pyarrow as pa

from transforms.parse.block import Unreadable
from transforms.parse.decode import known_encoding
from transforms.parse.frames import Entry, headers_of, parted, read_entries
from transforms.parse.stream import DAMAGE, Broken, Counted, Limits, Record

LOOKS_LIKE_HTML = (b"<!doctype html", b"<html", b"<head", b"<body", b"<?xml")
CHUNK_SIZE = re.compile(rb"([0-9a-fA-F]{1,12})[ \t]*(?:;[^\r\n]*)?\r?\n")
ARROW_CODINGS: dict[str, Literal["brotli", "zstd"]] = {
    "br": "brotli",
    "zstd": "zstd",
}  # Content-Encoding → Arrow's name
# What else can be an article, and is not read: named in rejects as a file of its own would be.
DOCUMENTS = (
    "application/pdf",
    "application/msword",
    "application/rtf",
    "application/vnd.openxmlformats",
    "application/epub",
)
NO_ARTICLES = (
    "/robots.txt",
    "/ads.txt",
    "/app-ads.txt",
    "/security.txt",
    "/humans.txt",
)  # a site's words to machines (RFC 9309)


@dataclass(frozen=True)
class _Answer:
    """What a server answered: its status, its headers by name in small letters, and what came after them."""

    status: str
    headers: Mapping[str, str]
    body: bytes


def read_warc(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Record | Broken]:
    """The pages and plain texts of a crawl: answers of servers with a status of 2xx, and records of the types resource and
    conversion (a .wet file). What could have been an article and is not taken in is a Broken; redirects, images, requests and
    the like are passed over."""
    for entry in read_entries(cast("IO[bytes]", Counted(stream, limits)), limits.max_document):
        name = f"#{entry.number}"
        if entry.fault:
            yield Broken(name, "damaged", entry.fault)
            continue
        try:
            found = _found(entry, limits)
        except Unreadable as error:
            if error.reason == "bomb":
                raise
            yield Broken(name, error.reason, error.detail)
        except DAMAGE as error:
            yield Broken(name, "damaged", f"its body cannot be unpacked: {error or type(error).__name__}")
        else:
            if found:
                yield found


def _found(entry: Entry, limits: Limits) -> Record | None:
    """The document in a record of a crawl, or None where none was to be expected. Raises Unreadable."""
    kind = entry.headers.get("content-type", "").lower()
    if entry.type == "response" and kind.startswith("application/http"):
        answer = _answer(entry.body)
        if not answer.status.startswith("2"):
            return None
        kind = answer.headers.get("content-type", "").lower()
    elif entry.type in ("resource", "conversion"):
        answer = _Answer("", {}, entry.body)
    else:
        return None
    url = entry.headers.get("warc-target-uri", "").strip("<>")
    suffix = _suffix(kind, url, answer, entry)
    if not suffix:
        return None
    if entry.is_too_long:
        raise Unreadable("too_large", f"more than {limits.max_document:,} bytes")
    raw = _decoded(answer, limits)
    if len(raw) > limits.max_document:
        raise Unreadable("too_large", f"more than {limits.max_document:,} bytes")
    if not raw.strip():
        raise Unreadable("empty", "a page without a body")
    facts = {"url": url}
    if "charset=" in kind:
        facts["charset"] = kind.split("charset=", 1)[1].split(";")[0].strip(" \"'")
    return Record(f"#{entry.number}", suffix, raw, None, facts, entry.headers.get("warc-record-id"))


def _suffix(kind: str, url: str, answer: _Answer, entry: Entry) -> str:
    """How the body of a record is read, or "" for what is no article. Raises Unreadable for what may be one and is not read."""
    plain = kind.split(";")[0].split(",")[0].strip()
    if "html" in plain:
        return ".html"
    if plain == "text/plain":
        path = url.split("?")[0].lower()
        return "" if path.endswith(NO_ARTICLES) else ".txt"
    if plain.startswith(DOCUMENTS):
        raise Unreadable("unknown_format", f"{plain} is not read")
    if plain and plain != "application/octet-stream":
        return ""
    body = answer.body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if body.startswith(LOOKS_LIKE_HTML) or answer.headers.get("content-encoding"):
        return ".html"
    return ""


def _answer(raw: bytes) -> _Answer:
    """An HTTP answer in its parts. Raises Unreadable where it has no headers."""
    lines, body = parted(raw) or ([], b"")
    first = lines[0].split(None, 2) if lines else []
    if len(first) < 2 or not first[0].upper().startswith(("HTTP/", "ICY")):
        raise Unreadable("damaged", "an answer without HTTP headers")
    return _Answer(first[1], headers_of(lines[1:]), body)


def _decoded(answer: _Answer, limits: Limits) -> bytes:
    """The body of an answer as it was before it was packed for its way. Raises Unreadable `unsupported`, `damaged`."""
    body = answer.body
    content, transfer = (_codings(answer.headers.get(f"{of}-encoding", "")) for of in ("content", "transfer"))
    if "chunked" in transfer:
        body = _joined(body)
    for coding in [c for c in reversed([*content, *transfer]) if c != "chunked"]:
        body = _unpacked(body, coding, limits)
    said = answer.headers.get("content-length", "")
    if said.isdecimal() and len(said) < 16 and int(said) > len(body) and not content and not transfer:
        raise Unreadable("damaged", f"cut: {len(body):,} of {int(said):,} bytes")
    return body


def _codings(said: str) -> list[str]:
    """The names of a header's codings, in the order they were applied (RFC 9110, 8.4)."""
    return [name for part in said.lower().split(",") if (name := part.strip()) and name != "identity"]


def _joined(body: bytes) -> bytes:
    """A body sent in chunks (RFC 9112, 7.1) in one; one that is not in chunks, though its headers say so, as it is."""
    pieces: list[bytes] = []
    at = 0
    while at < len(body):
        size = CHUNK_SIZE.match(body, at)
        if not size:
            return b"".join([*pieces, body[at:]])
        length, at = int(size[1], 16), size.end()
        if not length:
            break
        if at + length > len(body):
            raise Unreadable("damaged", f"cut: {len(body) - at:,} of {length:,} bytes of a chunk")
        pieces.append(body[at : at + length])
        at += length + 2
    return b"".join(pieces)


def _unpacked(body: bytes, coding: str, limits: Limits) -> bytes:
    """A body unpacked; one that its crawler has unpacked already as it is."""
    if not body or body[:1024].lstrip(b"\xef\xbb\xbf \t\r\n").lower().startswith(LOOKS_LIKE_HTML):
        return body
    if coding in ("gzip", "x-gzip"):
        unpacked = _inflated(body, 32 + zlib.MAX_WBITS, limits) if body.startswith(b"\x1f\x8b") else body
    elif coding == "deflate":  # some servers send zlib's form, as they should, some the bare one
        try:
            unpacked = _inflated(body, zlib.MAX_WBITS, limits)
        except zlib.error:
            unpacked = _inflated(body, -zlib.MAX_WBITS, limits)
    elif coding in ARROW_CODINGS:
        with pa.CompressedInputStream(pa.BufferReader(body), ARROW_CODINGS[coding]) as stream:
            unpacked = stream.read(limits.max_document + 1)
    elif known_encoding(coding):  # a charset, which some servers put there
        return body
    else:
        raise Unreadable("unsupported", f"Content-Encoding: {coding}")
    limits.count(len(unpacked))
    return unpacked


def _inflated(body: bytes, bits: int, limits: Limits) -> bytes:
    unpacking = zlib.decompressobj(bits)
    unpacked = unpacking.decompress(body, limits.max_document + 1)
    if not unpacking.eof and len(unpacked) <= limits.max_document:
        raise Unreadable("damaged", "its packed body is cut off")
    return unpacked
