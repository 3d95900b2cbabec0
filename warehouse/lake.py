"""Parquet on disk: parts, snapshots, and how one becomes current whole or not at all.

DIR/snapshots/<snapshot>/<table>/*.parquet   rows; a snapshot never changes once it is current
DIR/snapshots/<snapshot>/manifest.json       its files with their hashes, and the key of every part
DIR/current.json                             which snapshot is current: the moment this is replaced, it is
DIR/current                                  a symbolic link to the same, for tools that read folders
DIR/stage/<part>/<table>.parquet             documents read, each by itself; kept, so that a run costs what is new
DIR/runs/<table>/*.parquet                   one file a run, only ever added
"""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import IO, Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.schema import Table

ROW_GROUP = 131_072  # rows; DuckDB's own size, and the one that pruned best when measured
GRACE_SECONDS = 3600.0  # how long a snapshot outlives its successor, so that open readers can finish
SCHEMA_VERSION = 1


class WarehouseBusy(RuntimeError):
    """Another run holds the warehouse."""


class WarehouseError(RuntimeError):
    """The warehouse cannot be used; the message says the remedy."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds: {table: {file name: SHA-256}}, {part: hash of the marks it was read under}, the version of the
    rules it was read by, and the key of all the inputs and rules it was built from."""

    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs_key: str = ""
    read_by: str = ""
    schema_version: int = SCHEMA_VERSION

    def to_json(self) -> str:
        """As text, the same for the same content."""
        body = {
            "schema_version": self.schema_version,
            "inputs_key": self.inputs_key,
            "read_by": self.read_by,
            "files": self.files,
            "parts": self.parts,
        }
        return json.dumps(body, indent=1, sort_keys=True) + "\n"

    @classmethod
    def of(cls, text: str) -> Manifest:
        """The manifest that `to_json` wrote. Raises ValueError or KeyError where the text is none."""
        body: dict[str, Any] = json.loads(text)
        return cls(body["files"], body["parts"], body["inputs_key"], body.get("read_by", ""), body["schema_version"])

    @property
    def snapshot(self) -> str:
        """The snapshot's name: a hash of its tables' content."""
        return sha256(json.dumps(self.files, sort_keys=True).encode()).hexdigest()[:16]


@dataclass(frozen=True)
class Lake:
    """A warehouse's folder."""

    root: Path

    @property
    def catalog(self) -> Path:
        """The DuckDB file."""
        return self.root / "warehouse.duckdb"

    @property
    def stage(self) -> Path:
        """Where staged parts lie."""
        return self.root / "stage"

    def current(self) -> str | None:
        """The current snapshot's name, or None before the first."""
        path = self.root / "current.json"
        try:
            return str(json.loads(path.read_text())["snapshot"])
        except FileNotFoundError:
            return None
        except (ValueError, KeyError, OSError) as error:
            raise WarehouseError(f"{path} cannot be read ({error}); restore it or build the warehouse anew") from error

    def snapshot_dir(self, snapshot: str) -> Path:
        """A snapshot's folder."""
        return self.root / "snapshots" / snapshot

    def manifest(self) -> Manifest:
        """The current snapshot's manifest; an empty one before the first."""
        snapshot = self.current()
        if snapshot is None:
            return Manifest()
        path = self.snapshot_dir(snapshot) / "manifest.json"
        try:
            return Manifest.of(path.read_text())
        except (ValueError, KeyError, OSError) as error:
            raise WarehouseError(f"{path} cannot be read ({error}); restore it or build the warehouse anew") from error

    def standing(self) -> Manifest:
        """The current manifest where all its files are there; else an empty one, so that everything is built again."""
        manifest = self.manifest()
        return manifest if self.is_whole(manifest) else Manifest()

    def is_whole(self, manifest: Manifest) -> bool:
        """Whether a snapshot is there with all its files."""
        folder = self.snapshot_dir(manifest.snapshot)
        return folder.exists() and all(
            (folder / t / name).exists() for t, names in manifest.files.items() for name in names
        )

    def files(self, table: Table) -> list[Path]:
        """The Parquet files a table's rows are in now."""
        if table.where == "log":
            return sorted((self.root / "runs" / table.name).glob("*.parquet"))
        snapshot = self.current()
        return sorted((self.snapshot_dir(snapshot) / table.name).glob("*.parquet")) if snapshot else []

    def read(self, table: Table, part: str | None = None) -> pa.Table:
        """A table's rows as they stand, all or those of one part."""
        files = [f for f in self.files(table) if part is None or f.name == part_file(part)]
        found = [pq.read_table(path, schema=table.schema, partitioning=None) for path in files]
        return pa.concat_tables(found) if found else table.empty()

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the warehouse for writing; raises WarehouseBusy where another process does. A process that dies lets go."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            file: IO[str] = (self.root / "lock").open("w")
        except OSError as error:
            raise WarehouseError(
                f"{self.root} cannot be written ({error.strerror}); choose another --warehouse"
            ) from error
        with file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WarehouseBusy(f"another run holds {self.root}; wait for it to end and run again") from None
            yield

    def sweep(self, grace: float = GRACE_SECONDS) -> None:
        """Remove unfinished snapshots, and finished ones that were replaced longer than `grace` seconds ago."""
        current = self.current()
        for path in (self.root / "snapshots").glob("*"):
            unfinished = path.name.startswith(".")
            if path.name != current and (unfinished or time.time() - path.stat().st_mtime > grace):
                shutil.rmtree(path, ignore_errors=True)
        for path in (*self.root.glob(".*.tmp*"), *self.root.glob("*.tmp"), *self.root.glob("runs/*/.*.tmp")):
            path.unlink(missing_ok=True)
        for path in self.stage.glob(".*"):
            shutil.rmtree(path, ignore_errors=True)

    def commit(self, snapshot: str) -> None:
        """Make a finished snapshot current, in one step; then let the link follow."""
        before = self.current()
        replace_text(
            self.root / "current.json", json.dumps({"snapshot": snapshot, "path": f"snapshots/{snapshot}"}) + "\n"
        )
        if before and before != snapshot:
            os.utime(self.snapshot_dir(before))  # its grace time begins now
        self.link()

    def link(self) -> None:
        """Point DIR/current at the current snapshot."""
        snapshot = self.current()
        link = self.root / "current"
        if snapshot and (not link.is_symlink() or os.readlink(link) != f"snapshots/{snapshot}"):
            temporary = self.root / ".current.tmp"
            temporary.unlink(missing_ok=True)
            temporary.symlink_to(f"snapshots/{snapshot}")
            temporary.replace(link)


def part_file(part: str) -> str:
    """The file name of a part's rows in a snapshot."""
    return f"part-{part}.parquet"


def write_parquet(table: pa.Table, path: Path) -> str:
    """Write an Arrow table and return the file's SHA-256; the same rows make the same bytes. Ids, which `explain` looks rows up
    by, get Bloom filters: a reader then opens the one part that has the row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sought = {*(table.schema.metadata or {}).get(b"key", b"").decode().split(","), "article_id", "document_id"}
    strings = [f.name for f in table.schema if f.name in sought and f.name.endswith("_id") and f.type == pa.string()]
    pq.write_table(
        table, path, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, write_page_index=True,
        bloom_filter_options={name: {"ndv": len(table), "fpp": 0.01} for name in strings} if len(table) else None,
    )  # fmt: skip
    with path.open("rb") as file:
        os.fsync(file.fileno())
    return hash_file(path)


def hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def write_part(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write a part's tables into a folder that appears whole or not at all."""
    temporary = folder.with_name(f".{folder.name}.{os.getpid()}")
    shutil.rmtree(temporary, ignore_errors=True)
    for name, table in tables.items():
        write_parquet(table, temporary / f"{name}.parquet")
    if folder.exists():  # the same content under the same name, left by a run that did not end
        shutil.rmtree(temporary)
    else:
        temporary.rename(folder)
    sync_dir(folder.parent)


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system has no hard links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def replace_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    temporary = path.with_name(f".{path.name}.tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_dir(path.parent)


def sync_dir(path: Path) -> None:
    """Make renames in a folder last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def staged_documents(lake: Lake, tables: Iterable[Table]) -> dict[str, tuple[str, ...]]:
    """{document_id: the parts it is staged in}, from the tables that name staged documents."""
    parts: dict[str, tuple[str, ...]] = {}
    for folder in sorted(lake.stage.glob("[!.]*")):
        try:
            found = [
                pq.read_table(folder / f"{t.name}.parquet", columns=["document_id"])["document_id"] for t in tables
            ]
        except (pa.ArrowInvalid, OSError):
            shutil.rmtree(folder)  # damaged on disk: its documents are staged anew
            continue
        for document_id in (str(d) for column in found for d in column.to_pylist()):
            parts[document_id] = (*parts.get(document_id, ()), folder.name)
    return parts
