"""Publishing: whole tables, checks, and the new snapshot made current."""

from __future__ import annotations

import json
import shutil
from collections import defaultdict
from collections.abc import Mapping, Sequence
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.mark import reject_rows
from flows.outcome import CheckFailed
from flows.plan import Plan
from flows.settings import Settings
from flows.versions import entities_of
from transforms import tables
from transforms.pipeline import TABLES
from transforms.reading import READ
from warehouse.catalog import replace_catalog, write_catalog, write_stored
from warehouse.checks import PARTS_AT_ONCE, Answer, run_checks
from warehouse.engine import connect
from warehouse.export import describe
from warehouse.files import part_file, replace_text, sync_dir, write_parquet
from warehouse.lake import Lake
from warehouse.manifest import Manifest
from warehouse.marks import Marked


# ------------------------------------------------------------------ publish
def write_whole(
    lake: Lake,
    into: Path,
    marked: Marked,
    plan: Plan,
    unreadable: Mapping[str, tuple[str, str]],
    settings: Settings,
) -> dict[str, dict[str, str]]:
    """Write the tables that are one file a snapshot, an empty file for every table that no part filled, and the views that
    are counted once a snapshot."""
    sources = [
        {"document_id": s.document_id, "source_uri": u, "facts_hash": s.facts_hash}
        for u, s in plan.sources.items()
        if s.document_id not in unreadable
    ]
    sources.sort(key=lambda r: (r["document_id"], r["source_uri"]))
    whole = {
        **marked.whole,
        "document_sources": tables.DOCUMENT_SOURCES.batch(sources),
        "rejects": tables.REJECTS.batch(reject_rows(plan, unreadable)),
        **entities_of(settings.lexicon),
    }
    if not marked.parts:
        whole |= {t.name: t.empty() for t in READ}

    def write(tables: Mapping[str, pa.Table]) -> dict[str, dict[str, str]]:
        return {
            n: {"part-0.parquet": write_parquet(r, into / n / "part-0.parquet")} for n, r in tables.items()
        }

    return write(whole) | write(write_stored(into, TABLES, settings.for_duckdb, lake.stage / ".marks"))


def publish(
    lake: Lake, building: Path, manifest: Manifest, fresh: Sequence[str] | None, settings: Settings
) -> list[Answer]:
    """Check a finished snapshot and make it current; the checks' answers. `fresh` are the parts with rows read anew, None
    where all are. Raises CheckFailed, and then all stays as it was."""
    snapshot = manifest.snapshot
    final = lake.snapshot_dir(snapshot)
    known = lake.is_whole(manifest)  # the same tables were a snapshot before, perhaps are one now
    if known:
        shutil.rmtree(building)
        replace_text(final / "manifest.json", manifest.to_json())
    else:
        replace_text(building / "manifest.json", manifest.to_json())
        package = describe([t for t in TABLES if t.where != "log"], building, "parquet")
        replace_text(building / "datapackage.json", json.dumps(package, indent=1, ensure_ascii=False) + "\n")
        shutil.rmtree(final, ignore_errors=True)
        building.rename(final)
        sync_dir(final.parent)
    _empty_logs(lake)
    catalog = write_catalog(lake, snapshot, TABLES)
    with connect(settings.for_duckdb, lake.stage / ".marks", catalog, read_only=True) as connection:
        new = sorted(manifest.parts if fresh is None else fresh)
        groups = [new[at : at + PARTS_AT_ONCE] for at in range(0, len(new), PARTS_AT_ONCE)]
        files = [{t.name: [final / t.name / part_file(p) for p in parts] for t in READ} for parts in groups]
        answers = run_checks(connection, TABLES, files)
    if any(a.failed for a in answers):
        catalog.unlink()
        if not known:
            shutil.rmtree(final)
        raise CheckFailed(answers)
    lake.commit(snapshot)
    replace_catalog(lake, catalog)
    lake.sweep(settings.grace)
    return answers


def _empty_logs(lake: Lake) -> None:
    """A log without rows still has a file, with the columns declared now, so that its view can be made."""
    for table in (t for t in TABLES if t.where == "log"):
        path = lake.root / "runs" / table.name / "0.parquet"
        if not path.exists() or not pq.read_schema(path).equals(table.schema):
            write_parquet(table.empty(), path)


def merged(files: Sequence[dict[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    """The files of several parts by table, by name."""
    of_table: dict[str, dict[str, str]] = defaultdict(dict)
    for found in files:
        for table, names in found.items():
            of_table[table] |= names
    return {table: dict(sorted(names.items())) for table, names in sorted(of_table.items())}
