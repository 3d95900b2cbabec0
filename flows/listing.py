"""What a run is given: files, folders, and the records of containers, each with its id or the reason it has none."""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.versions import lexicon_of, stage_version
from transforms import tables
from transforms.batch import document_id_of
from transforms.parse.containers import Broken, Limits, Record, container_suffix, read_container
from transforms.parse.records import Columns
from warehouse.lake import Lake, staged_documents

PART_DOCUMENTS = 1000  # documents a part holds at the most
PART_BYTES = 16 * 10**6  # raw bytes a part holds at the most, but for a single larger document
STAGED_IDS = (tables.STAGED_DOCUMENTS, tables.STAGED_REJECTS)


@dataclass(frozen=True)
class Found:
    """An input as listed: its id, or why it could not be read; `container` is the file it is a record of, or ""."""

    source_uri: str
    path: str
    document_id: str | None
    size: int = 0
    reason: str = ""
    detail: str = ""
    container: str = ""


@dataclass(frozen=True)
class Listing:
    """The inputs as found, the containers among them, the parts that hold the new records of these,
    and what was staged before: {document_id: parts}."""

    found: list[Found]
    containers: list[str]
    spooled: list[str]
    staged: dict[str, tuple[str, ...]]


def list_inputs(
    inputs: Sequence[str],
    lake: Lake,
    max_document: int,
    lexicon_folders: tuple[Path, ...],
    mapping: tuple[tuple[str, str], ...],
) -> Listing:
    """Every file of the inputs and every record of the containers among them, each with its id or the reason it has
    none. Folders are walked, hidden files left out. The bytes of new records are put aside, in parts, as they stream by;
    a container that holds staged documents read by old rules is listed too, though it is no input."""
    lexicon = lexicon_of(lexicon_folders)
    prefix = stage_version(lexicon)
    staged = staged_documents(lake, STAGED_IDS)
    done = {d for d, parts in staged.items() if any(p.startswith(prefix) for p in parts)}
    stale = {
        container_of(r["source_uri"])
        for r in lake.read(tables.DOCUMENT_SOURCES).to_pylist()
        if r["document_id"] not in done and container_of(r["source_uri"])
    }
    columns = lexicon.columns.with_own(dict(mapping))
    spool = Spool(lake.stage / ".spool", prefix, done, dict(mapping))
    seen = Seen(lake.root / "seen.parquet")
    found: dict[str, Found] = {}
    containers: list[str] = []
    for given in [*inputs, *sorted(p for p in stale if os.path.exists(p))]:
        if not given:
            found[""] = Found("", "", None, reason="missing", detail="an input without a name")
            continue
        for path in _walk(Path(os.path.abspath(given)), lake.root.resolve()):
            if str(path) in found or str(path) in containers:
                continue
            if container_suffix(path.name) and path.is_file():
                containers.append(str(path))
                for record in _records(path, max_document, columns, spool):
                    found[record.source_uri] = record
            else:
                found[str(path)] = _look(path, max_document, seen)
    seen.keep()
    return Listing([found[name] for name in sorted(found)], sorted(containers), spool.close(), staged)


def container_of(source_uri: str) -> str:
    """The file of a record's source, or "" for a source that is a file itself."""
    path, mark, _ = source_uri.partition("!")
    return path if mark and not os.path.exists(source_uri) else ""


def _records(path: Path, max_document: int, columns: Columns, spool: Spool) -> Iterator[Found]:
    """The records of a container, as they stream by."""
    uri = _uri(path)
    try:
        stored = path.stat().st_size
        with path.open("rb") as stream:
            for record in read_container(stream, path.name, Limits(max_document, stored, columns)):
                source = f"{uri}!{printable(record.name)}" if record.name else uri
                if isinstance(record, Broken):
                    yield Found(source, str(path), None, 0, record.reason, record.detail, str(path))
                else:
                    document_id = document_id_of(record.raw)
                    spool.add(document_id, record)
                    yield Found(source, str(path), document_id, len(record.raw), container=str(path))
    except OSError as error:
        yield Found(uri, str(path), None, 0, "unreadable", error.strerror or str(error))


class Spool:
    """New records put aside as they stream by, in parts that staging takes."""

    def __init__(self, folder: Path, prefix: str, done: set[str], mapping: dict[str, str]) -> None:
        shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        self.prefix = prefix
        self.seen = set(done)
        self.mapping = mapping
        self.rows: list[dict[str, Any]] = []
        self.size = 0
        self.parts: list[str] = []

    def add(self, document_id: str, record: Record) -> None:
        """Put a record aside, once."""
        if document_id in self.seen:
            return
        self.seen.add(document_id)
        said = {
            "fields": record.fields,
            "facts": dict(record.facts),
            "external_id": record.external_id,
            "mapping": self.mapping,
        }
        self.rows.append(
            {"document_id": document_id, "suffix": record.suffix, "raw": record.raw, "said": json.dumps(said)}
        )
        self.size += len(record.raw) * (2 if record.fields else 1)
        if self.size >= PART_BYTES or len(self.rows) >= PART_DOCUMENTS:
            self._write()

    def close(self) -> list[str]:
        """Write what is left; the parts' paths."""
        if self.rows:
            self._write()
        return self.parts

    def _write(self) -> None:
        name = part_name(self.prefix, [r["document_id"] for r in self.rows])
        path = self.folder / f"{name}.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(self.rows, SPOOLED), path, compression="zstd")
        self.parts.append(str(path))
        self.rows, self.size = [], 0


_SPOOLED: dict[str, pa.DataType] = {
    "document_id": pa.string(),
    "suffix": pa.string(),
    "raw": pa.binary(),
    "said": pa.string(),
}
SPOOLED = pa.schema(_SPOOLED)


def part_name(prefix: str, document_ids: Sequence[str]) -> str:
    return prefix + "-" + sha256(" ".join(sorted(document_ids)).encode()).hexdigest()[:16]


def _uri(path: Path) -> str:
    return printable(os.fspath(path))


def printable(name: str) -> str:
    """A name as text that any tool can store: bytes that are no UTF-8 are written out."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(path: Path, warehouse: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, inner, files in os.walk(path):
        inner[:] = sorted(n for n in inner if not n.startswith(".") and (Path(folder) / n).resolve() != warehouse)
        yield from (Path(folder) / n for n in sorted(files) if not n.startswith("."))


_SEEN: dict[str, pa.DataType] = {
    "path": pa.string(),
    "size": pa.int64(),
    "changed": pa.int64(),
    "inode": pa.int64(),
    "document_id": pa.string(),
}
SETTLED = 2 * 10**9  # nanoseconds after which a file system tells a later write from an earlier one


class Seen:
    """The files hashed before, with what the file system said of them then: one that it says the same of is not read again. As
    git's index, it trusts no file that was written just before it was looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now: dict[str, tuple[int, int, int, str]] = {}
        try:
            known = pq.read_table(path, schema=pa.schema(_SEEN)).to_pydict()
        except (OSError, pa.ArrowException):  # none yet, or damaged: everything is read
            known = {name: [] for name in _SEEN}
        self.before = dict(zip(known["path"], zip(*list(known.values())[1:], strict=True), strict=True))

    def known(self, path: str, status: os.stat_result) -> str | None:
        """The id of a file that is as it was."""
        size, changed, inode, document_id = self.before.get(path, (-1, -1, -1, ""))
        if (size, changed, inode) != (status.st_size, status.st_ctime_ns, status.st_ino):
            return None
        self.now[path] = (size, changed, inode, document_id)
        return str(document_id)

    def add(self, path: str, status: os.stat_result, document_id: str) -> None:
        """Remember a file just hashed, unless it was written so late that the next write might look the same."""
        if time.time_ns() - status.st_ctime_ns > SETTLED:
            self.now[path] = (status.st_size, status.st_ctime_ns, status.st_ino, document_id)

    def keep(self) -> None:
        """Write down what is known now; files not looked at this time stay known."""
        if all(self.before.get(p) == v for p, v in self.now.items()):
            return
        rows = self.before | self.now
        columns = zip(*((p, *v) for p, v in sorted(rows.items())), strict=True)
        temporary = self.path.with_name(f"{self.path.name}.tmp")
        arrays = [pa.array(c, t) for c, t in zip(columns, _SEEN.values(), strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(_SEEN)), temporary, compression="zstd")
        temporary.replace(self.path)


def _look(path: Path, max_document: int, seen: Seen) -> Found:
    uri = _uri(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Found(uri, str(path), None, reason="unreadable", detail="not a regular file")
        if status.st_size > max_document:
            detail = f"{status.st_size:,} bytes; --max-document is {max_document:,}"
            return Found(uri, str(path), None, reason="too_large", detail=detail)
        if document_id := seen.known(uri, status):
            return Found(uri, str(path), document_id, status.st_size)
        raw = path.read_bytes()
    except FileNotFoundError:
        return Found(uri, str(path), None, reason="missing", detail="no such file or folder")
    except OSError as error:
        return Found(uri, str(path), None, reason="unreadable", detail=error.strerror or str(error))
    document_id = document_id_of(raw)
    seen.add(uri, status, document_id)
    return Found(uri, str(path), document_id, len(raw))
