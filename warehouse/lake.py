"""Parquet on disk: parts, snapshots, and how one becomes current whole or not at all.

DIR/snapshots/<snapshot>/<table>/*.parquet   rows; a snapshot never changes once it is current
DIR/snapshots/<snapshot>/manifest.json       its files with their hashes, and the key of every part
DIR/warwire-warehouse.txt                    says that the folder is a warehouse; nothing is written into another one
DIR/current.json                             which snapshot is current: the moment this is replaced, it is
DIR/current                                  a symbolic link to the same, for tools that read folders
DIR/stage/<part>/<table>.parquet             documents read, each by itself; kept, so that a run costs what is new
DIR/runs/<table>/*.parquet                   one file a run, only ever added
"""

from __future__ import annotations

import errno
import fcntl
import json
import os
import shutil
import stat
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.schema import Table
from warehouse import ours

ROW_GROUP = 131_072  # rows; DuckDB's own size, and the one that pruned best when measured
_MENDED = "restore it, let `warwire doctor` look, or build the warehouse anew"
NO_MANIFEST = (OSError, ValueError, KeyError, TypeError, AttributeError)  # what a file that is none makes `Manifest.of` raise
GRACE_SECONDS = 3600.0  # how long a snapshot outlives its successor, so that open readers can finish
SCHEMA_VERSION = 1


class WarehouseBusy(RuntimeError):
    """Another run holds the warehouse."""


class WarehouseError(RuntimeError):
    """The warehouse cannot be used; the message says the remedy."""


class NotAWarehouse(WarehouseError):
    """The folder holds something else and is left as it is."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds: {table: {file name: SHA-256}}, {part: hash of the marks it was read under}, the key of all the
    inputs and rules it was built from, the version of the rules it was read by, which columns of exports were named for which
    INPUT ({path: {field: column}}), and the code that declared its tables. Raises ValueError for a name that is none of our own: names are joined to paths."""

    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs_key: str = ""
    read_by: str = ""
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    built_by: str = ""
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        for form, names in (
            (ours.TABLE, self.files),
            (ours.PART_FILE, [name for files in self.files.values() for name in files]),
            (ours.DIGEST, [digest for files in self.files.values() for digest in files.values()]),
            (ours.PART, self.parts),
        ):
            odd = [n for n in names if not form.fullmatch(n)]
            if odd:
                raise ValueError(f"{odd[0]!r} is no name of a warehouse")

    def to_json(self) -> str:
        """As text, the same for the same content."""
        body = {
            "schema_version": self.schema_version,
            "inputs_key": self.inputs_key,
            "read_by": self.read_by,
            "built_by": self.built_by,
            "maps": self.maps,
            "files": self.files,
            "parts": self.parts,
        }
        return json.dumps(body, indent=1, sort_keys=True) + "\n"

    @classmethod
    def of(cls, text: str) -> Manifest:
        """The manifest that `to_json` wrote. Raises ValueError, KeyError, TypeError or AttributeError where the text is none."""
        body: dict[str, Any] = json.loads(text)
        return cls(
            body["files"],
            body["parts"],
            body["inputs_key"],
            body.get("read_by", ""),
            body.get("maps", {}),
            body.get("built_by", ""),
            int(body["schema_version"]),
        )

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
            snapshot = json.loads(path.read_text())["snapshot"]
            if not isinstance(snapshot, str) or not ours.SNAPSHOT.fullmatch(snapshot):
                raise ValueError(f"{snapshot!r} is no snapshot's name")
        except (FileNotFoundError, NotADirectoryError):
            return None
        except (ValueError, KeyError, TypeError, OSError) as error:
            raise WarehouseError(f"{path} cannot be read ({error}); {_MENDED}") from error
        return snapshot

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
            manifest = Manifest.of(path.read_text())
        except NO_MANIFEST as error:
            raise WarehouseError(f"{path} cannot be read ({error}); {_MENDED}") from error
        if manifest.schema_version > SCHEMA_VERSION:
            raise WarehouseError(f"{self.root} was built by a newer warwire; use that one, or choose another --warehouse")
        return manifest

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

    def is_ours(self) -> bool:
        """Whether the folder is a warehouse: by its marker, or, built before there was one, by a snapshot with its manifest."""
        if ours.is_marked(self.root):
            return True
        for folder in ours.snapshots(self.root):
            try:
                if Manifest.of((folder / "manifest.json").read_text()).snapshot == folder.name:
                    return True
            except NO_MANIFEST:
                continue
        return False

    def refuse_odd_path(self) -> None:
        """Raise WarehouseError for a folder whose name DuckDB cannot be told: it takes a backslash beside a pattern's characters
        for a separator."""
        path = str(self.root.resolve())
        if "\\" in path and any(c in path for c in "*?["):
            raise WarehouseError(f"{path} has a backslash beside one of * ? [, which DuckDB cannot open; choose another --warehouse")

    def claim(self) -> None:
        """Mark the folder as a warehouse, made where it is missing. Raises NotAWarehouse, and leaves it as it is, where it
        holds anything that does not show it to be one."""
        self.refuse_odd_path()
        self.root.mkdir(parents=True, exist_ok=True)
        if not self.is_ours() and next(self.root.iterdir(), None):
            raise NotAWarehouse(
                f"{self.root} is not empty and no warehouse of ours, so nothing is written there; name an empty or a new folder: --warehouse DIR"
            )
        if not ours.is_marked(self.root):
            ours.put_marker(self.root)

    @contextmanager
    def lock(self) -> Iterator[None]:
        """Hold the warehouse for writing, its folder made where it is missing. Raises WarehouseBusy where another process holds
        it, NotAWarehouse where the folder is something else. A process that dies lets go."""
        try:
            self.claim()
            if link := ours.first_link(self.root):
                raise WarehouseError(
                    f"{link} is a symbolic link, and nothing is written through one; put back what it stands for (DIR itself may be a link)"
                )
            held = os.open(self.root / "lock", os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_CLOEXEC, 0o666)
        except OSError as error:
            raise WarehouseError(
                f"{self.root} cannot be written ({error.strerror}); choose another --warehouse"
            ) from error
        try:
            if not stat.S_ISREG(os.fstat(held).st_mode):
                raise WarehouseError(f"{self.root / 'lock'} is no regular file; remove it and run again")
            try:
                fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise WarehouseBusy(f"another run holds {self.root}; wait for it to end and run again") from None
            yield
        finally:
            os.close(held)

    def sweep(self, grace: float = GRACE_SECONDS) -> int:
        """Remove unfinished snapshots, and finished ones that were replaced longer than `grace` seconds ago; how many things
        are gone. What has no name of ours stays."""
        current = self.current()
        old = [p for p in ours.snapshots(self.root) if p.name != current and time.time() - p.stat().st_mtime > grace]
        gone = [*old, *ours.leftovers(self.root)]
        for path in gone:
            ours.remove(path)
        return len(gone)

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
            temporary = ours.unfinished(link)
            temporary.symlink_to(f"snapshots/{snapshot}")
            temporary.replace(link)


def part_file(part: str) -> str:
    """The file name of a part's rows in a snapshot."""
    return f"part-{part}.parquet"


def write_parquet(table: pa.Table, path: Path) -> str:
    """Write an Arrow table and return the file's SHA-256; the same rows make the same bytes, in whatever chunks. Ids, which `explain` looks rows up
    by, get Bloom filters: a reader then opens the one part that has the row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sought = {*(table.schema.metadata or {}).get(b"key", b"").decode().split(","), "article_id", "document_id"}
    strings = [f.name for f in table.schema if f.name in sought and f.name.endswith("_id") and f.type == pa.string()]
    temporary = ours.unfinished(path)
    pq.write_table(
        table.combine_chunks(), temporary, compression="zstd", compression_level=3, row_group_size=ROW_GROUP, write_page_index=True,
        bloom_filter_options={name: {"ndv": len(table), "fpp": 0.01} for name in strings} if len(table) else None,
    )  # fmt: skip
    sync_file(temporary)
    digest = hash_file(temporary)
    temporary.replace(path)
    return digest


def hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def write_part(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write a part's tables into a folder that appears whole or not at all; where it is there, it holds the same already."""
    temporary = ours.unfinished(folder)
    for name, table in tables.items():
        write_parquet(table, temporary / f"{name}.parquet")
    try:
        temporary.rename(folder)
    except OSError as error:  # left by a run that did not end, or written by another worker in the meantime
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        shutil.rmtree(temporary)
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
    temporary = ours.unfinished(path)
    with temporary.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_dir(path.parent)


def sync_file(path: Path) -> None:
    """Make what a file holds last through a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_dir(path: Path) -> None:
    """Make renames in a folder last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def staged_documents(lake: Lake, tables: Iterable[Table]) -> dict[str, tuple[tuple[str, str], ...]]:
    """{document_id: ((part it is staged in, hash of the facts it was read with), ...)}, from the tables that name staged
    documents. A part that is damaged on disk is removed: its documents are staged anew."""
    tables = list(tables)
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for folder in ours.parts(lake.root):
        try:
            staged = [
                pq.read_table(folder / f"{t.name}.parquet", schema=t.schema, columns=["document_id", "facts_hash"])
                for t in tables
            ]
        except (pa.ArrowInvalid, OSError) as error:
            if getattr(error, "errno", None) not in (None, errno.ENOENT):
                raise  # the disk, not the file
            shutil.rmtree(folder)
            continue
        for table in staged:
            for document_id, facts in zip(*(column.to_pylist() for column in table.columns), strict=True):
                found[document_id] = (*found.get(document_id, ()), (folder.name, facts or ""))
    return found
