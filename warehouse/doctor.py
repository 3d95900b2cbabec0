"""What is wrong with a warehouse, and the mending of it."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from transforms.schema import Table
from warehouse import ours
from warehouse.catalog import open_catalog
from warehouse.files import hash_file, link_or_copy, replace_text
from warehouse.lake import Lake
from warehouse.manifest import NO_MANIFEST, SCHEMA_VERSION, Manifest, WarehouseError

ROOM = 0.2  # free space, as a share of the current snapshot's size, below which the next run may not fit


@dataclass(frozen=True)
class Finding:
    """One thing looked at: `state` is ok, mended, or left (with what to do about it)."""

    state: str
    what: str


def examine(lake: Lake, tables: Sequence[Table], grace: float) -> list[Finding]:
    """Look at everything a warehouse is made of and mend what can be mended; never touches rows that are whole, nor what is
    not a warehouse's own. The caller holds the warehouse's lock. Raises WarehouseError where there is none."""
    if not (lake.root / "snapshots").is_dir():
        raise WarehouseError(
            f"no warehouse at {lake.root}; build one with: warwire run INPUT --warehouse {lake.root}"
        )
    found = [_pointer(lake)]
    if lake.current() is not None:
        found += _snapshot(lake)
    found += [*_stage(lake), *_logs(lake, tables), _leftovers(lake, grace)]
    if lake.current() is not None:
        found += [_catalog(lake, tables), _room(lake)]
    return found


def _pointer(lake: Lake) -> Finding:
    """current.json names a snapshot that is there; else the newest whole one is made current."""
    try:
        if (current := lake.current()) and (lake.snapshot_dir(current) / "manifest.json").exists():
            return Finding("ok", f"the current snapshot is {current}")
    except WarehouseError:
        pass
    whole = [
        (path.stat().st_mtime, path.name)
        for path in ours.snapshots(lake.root)
        if (manifest := read_manifest(path)) and manifest.snapshot == path.name and lake.is_whole(manifest)
    ]
    if not whole:
        (lake.root / "current.json").unlink(missing_ok=True)
        return Finding("left", "no snapshot is whole; run warwire with its inputs to build one")
    newest = max(whole)[1]
    replace_text(
        lake.root / "current.json", json.dumps({"snapshot": newest, "path": f"snapshots/{newest}"}) + "\n"
    )
    return Finding(
        "mended", f"current.json was lost or damaged; the newest whole snapshot, {newest}, is current"
    )


def read_manifest(folder: Path) -> Manifest | None:
    """A snapshot's manifest, or None where it cannot be read."""
    try:
        return Manifest.of((folder / "manifest.json").read_text())
    except NO_MANIFEST:
        return None


def _snapshot(lake: Lake) -> Iterator[Finding]:
    """Every file of the current snapshot is there with the bytes it was written with."""
    folder = lake.snapshot_dir(lake.current() or "")
    manifest = read_manifest(folder)
    if manifest is None:
        yield Finding(
            "left", "the current snapshot's manifest is damaged; the next run builds everything anew"
        )
        return
    if manifest.schema_version > SCHEMA_VERSION:
        yield Finding(
            "left", "built by a newer warwire; use that one, or build the warehouse anew with this one"
        )
        return
    bad = [
        (table, name)
        for table, names in manifest.files.items()
        for name, digest in names.items()
        if not (folder / table / name).exists() or hash_file(folder / table / name) != digest
    ]
    lost = [f"{table}/{name}" for table, name in bad if not _restored(lake, manifest, table, name)]
    if not bad:
        yield Finding(
            "ok", f"{sum(map(len, manifest.files.values()))} files have the bytes they were written with"
        )
    if len(bad) > len(lost):
        yield Finding("mended", f"{len(bad) - len(lost)} damaged files are back from an older snapshot")
    if lost:
        replace_text(folder / "manifest.json", Manifest(manifest.files, schema_version=0).to_json())
        yield Finding(
            "left",
            f"{len(lost)} damaged or missing files ({', '.join(lost[:3])}); run warwire with its inputs: it reads everything anew",
        )


def _restored(lake: Lake, manifest: Manifest, table: str, name: str) -> bool:
    """Whether another snapshot had the same file; it is linked back then."""
    wanted = manifest.files[table][name]
    target = lake.snapshot_dir(manifest.snapshot) / table / name
    for other in (
        p for s in ours.snapshots(lake.root) for p in ours.named(s / table, ours.PART_FILE.fullmatch)
    ):
        if (
            other != target
            and not (target.exists() and other.samefile(target))
            and hash_file(other) == wanted
        ):
            target.unlink(missing_ok=True)
            link_or_copy(other, target)
            return True
    return False


def _stage(lake: Lake) -> Iterator[Finding]:
    """What is staged can be read; the next run stages anew what is cleared away."""
    folders = list(ours.parts(lake.root))
    bad = [f for f in folders if not _readable(f.glob("*.parquet"))]
    for folder in bad:
        ours.remove(folder)
    if bad:
        yield Finding(
            "mended", f"{len(bad)} damaged staged parts cleared away; the next run reads their inputs again"
        )
    else:
        yield Finding("ok", f"{len(folders)} staged parts can be read")
    seen = lake.root / "seen.parquet"
    if seen.exists() and not _readable([seen]):
        seen.unlink()
        yield Finding("mended", "seen.parquet was damaged and is gone; the next run hashes every input")


def _logs(lake: Lake, tables: Sequence[Table]) -> Iterator[Finding]:
    """The logs can be read; a damaged file is put aside, so that the others are."""
    bad = 0
    for table in (t for t in tables if t.where == "log"):
        for path in lake.files(table):
            if not _readable([path]):
                aside = lake.root / "damaged" / table.name
                aside.mkdir(parents=True, exist_ok=True)
                path.rename(aside / path.name)
                bad += 1
    if bad:
        yield Finding("mended", f"{bad} damaged log files put aside under {lake.root / 'damaged'}")
    else:
        yield Finding("ok", "the logs of runs can be read")


def _readable(paths: Iterator[Path] | Sequence[Path]) -> bool:
    try:
        for path in paths:
            pq.read_table(path, partitioning=None)
    except (pa.ArrowException, OSError):
        return False
    return True


def _leftovers(lake: Lake, grace: float) -> Finding:
    """What runs that died left, and snapshots past their time."""
    if gone := lake.sweep(grace):
        return Finding(
            "mended", f"{gone} leftovers of runs that did not end, or snapshots past their time, are gone"
        )
    return Finding("ok", "no leftovers")


def _catalog(lake: Lake, tables: Sequence[Table]) -> Finding:
    """warehouse.duckdb opens, reads this folder's current snapshot, and so does the link."""
    before = lake.catalog.stat().st_mtime_ns if lake.catalog.exists() else 0
    link = lake.root / "current"
    linked = link.is_symlink() and os.readlink(link) == f"snapshots/{lake.current()}"
    try:
        open_catalog(lake, lambda: tables).close()
    except Exception as error:
        return Finding("left", f"warehouse.duckdb cannot be made: {error}")
    lake.link()
    if lake.catalog.stat().st_mtime_ns != before or not linked:
        return Finding("mended", "warehouse.duckdb and the link `current` were written anew")
    return Finding("ok", "warehouse.duckdb opens and reads the current snapshot")


def _room(lake: Lake) -> Finding:
    """Space for the next run."""
    size = sum(f.stat().st_size for f in lake.snapshot_dir(lake.current() or "").rglob("*") if f.is_file())
    free = shutil.disk_usage(lake.root).free
    said = f"{free / 1e9:.1f} GB free beside a snapshot of {size / 1e9:.2f} GB"
    if free < ROOM * size:
        return Finding("left", f"{said}; make room before the next run")
    return Finding("ok", said)
