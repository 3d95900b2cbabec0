"""New records of containers, put aside as they stream by, in parts that staging takes."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping, Sequence
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.parse.containers import Record

PART_DOCUMENTS = 1000  # documents a part holds at the most
PART_BYTES = 16 * 10**6  # raw bytes a part holds at the most, but for a single larger document

_SPOOLED: dict[str, pa.DataType] = {
    "document_id": pa.string(),
    "facts_hash": pa.string(),
    "suffix": pa.string(),
    "raw": pa.binary(),
    "said": pa.string(),
}
SPOOLED = pa.schema(_SPOOLED)

Read = tuple[str, str]
"""A document as it is read: its id, and the hash of the facts it is read with."""


def said_of(record: Record, mapping: Mapping[str, str]) -> str:
    """What a container says of a record beside its bytes, and which of its columns the user named, as JSON."""
    said = {"fields": record.fields, "facts": dict(record.facts), "external_id": record.external_id}
    return json.dumps({**said, "mapping": dict(mapping) if record.fields is not None else {}}, sort_keys=True)


def facts_hash(suffix: str, said: str = "") -> str:
    """16 hex digits made of what a source says of a document beside its bytes.

    >>> facts_hash(".txt") == facts_hash(".TXT"), facts_hash(".txt") == facts_hash(".html")
    (True, False)
    """
    return sha256(f"{suffix.lower()}\n{said}".encode()).hexdigest()[:16]


def part_name(prefix: str, reads: Sequence[Read]) -> str:
    """The name of a part, made of the rules and of what is read."""
    return prefix + "-" + sha256(" ".join(sorted(d + f for d, f in reads)).encode()).hexdigest()[:16]


class Spool:
    """Records put aside, each document as its first source by name has it: `done` are the reads that stand staged, `first` the
    first source known of each document; with `only`, nothing but these reads is put aside. No part holds a document twice."""

    def __init__(
        self,
        folder: Path,
        prefix: str,
        done: set[Read],
        first: Mapping[str, str],
        only: set[Read] | None = None,
    ) -> None:
        if only is None:
            shutil.rmtree(folder, ignore_errors=True)
        self.folder = folder
        self.prefix = prefix
        self.done = done
        self.first = dict(first)
        self.only = only
        self.rows: dict[str, dict[str, Any]] = {}
        self.size = 0
        self.parts: list[str] = []
        self.kept: set[Read] = set()

    def add(self, source: str, document_id: str, facts: str, said: str, record: Record) -> None:
        """Put a record aside, unless it is there or a source that comes before this one has the same bytes."""
        read = (document_id, facts)
        if self.only is not None and read not in self.only:
            return
        if self.only is None and self.first.setdefault(document_id, source) < source:
            return
        self.first[document_id] = source
        if read in self.done or read in self.kept:
            return
        if document_id in self.rows:  # read from a later source a moment ago
            self.kept.discard((document_id, self.rows[document_id]["facts_hash"]))
        self.kept.add(read)
        self.size += len(record.raw) + (len(said) if record.fields else 0)
        self.rows[document_id] = {
            "document_id": document_id,
            "facts_hash": facts,
            "suffix": record.suffix,
            "raw": record.raw,
            "said": said,
        }
        if self.size >= PART_BYTES or len(self.rows) >= PART_DOCUMENTS:
            self._write()

    def close(self) -> list[str]:
        """Write what is left; the parts' paths."""
        if self.rows:
            self._write()
        return self.parts

    def _write(self) -> None:
        rows = list(self.rows.values())
        path = (
            self.folder
            / f"{part_name(self.prefix, [(r['document_id'], r['facts_hash']) for r in rows])}.parquet"
        )
        path.parent.mkdir(parents=True, exist_ok=True)
        pq.write_table(pa.Table.from_pylist(rows, SPOOLED), path, compression="zstd")
        self.parts.append(str(path))
        self.rows, self.size = {}, 0
