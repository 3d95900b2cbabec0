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
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.schema import Table
from warehouse import ours
from warehouse.files import part_file, replace_text
from warehouse.manifest import (
    MENDED,
    NO_MANIFEST,
    SCHEMA_VERSION,
    Manifest,
    NotAWarehouse,
    WarehouseBusy,
    WarehouseError,
)

GRACE_SECONDS = 3600.0  # how long a snapshot outlives its successor, so that open readers can finish


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
            raise WarehouseError(f"{path} cannot be read ({error}); {MENDED}") from error
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
            raise WarehouseError(f"{path} cannot be read ({error}); {MENDED}") from error
        if manifest.schema_version > SCHEMA_VERSION:
            raise WarehouseError(
                f"{self.root} was built by a newer warwire; use that one, or choose another --warehouse"
            )
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
            raise WarehouseError(
                f"{path} has a backslash beside one of * ? [, which DuckDB cannot open; choose another --warehouse"
            )

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
                raise WarehouseBusy(
                    f"another run holds {self.root}; wait for it to end and run again"
                ) from None
            yield
        finally:
            os.close(held)

    def sweep(self, grace: float = GRACE_SECONDS) -> int:
        """Remove unfinished snapshots, and finished ones that were replaced longer than `grace` seconds ago; how many things
        are gone. What has no name of ours stays."""
        current = self.current()
        old = [
            p
            for p in ours.snapshots(self.root)
            if p.name != current and time.time() - p.stat().st_mtime > grace
        ]
        gone = [*old, *ours.leftovers(self.root)]
        for path in gone:
            ours.remove(path)
        return len(gone)

    def commit(self, snapshot: str) -> None:
        """Make a finished snapshot current, in one step; then let the link follow."""
        before = self.current()
        replace_text(
            self.root / "current.json",
            json.dumps({"snapshot": snapshot, "path": f"snapshots/{snapshot}"}) + "\n",
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


def staged_documents(lake: Lake, tables: Iterable[Table]) -> dict[str, tuple[tuple[str, str], ...]]:
    """{document_id: ((part it is staged in, hash of the facts it was read with), ...)}, from the tables that name staged
    documents. A part that is damaged on disk is removed: its documents are staged anew."""
    tables = list(tables)
    found: dict[str, tuple[tuple[str, str], ...]] = {}
    for folder in ours.parts(lake.root):
        try:
            staged = [
                pq.read_table(
                    folder / f"{t.name}.parquet", schema=t.schema, columns=["document_id", "facts_hash"]
                )
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
