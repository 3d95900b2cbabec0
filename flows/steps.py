"""The steps of a run as plain functions over paths: list → stage → mark → read → publish.

Prefect knows nothing of this file and this file nothing of Prefect: `flows.build` calls the same functions as tasks.
"""

from __future__ import annotations

import json
import os
import shutil
import stat
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import lru_cache
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq

import transforms
from flows.settings import Settings, UsageError
from transforms import tables
from transforms.batch import document_id_of
from transforms.lexicon import Lexicon, build_lexicon
from transforms.parse.containers import Broken, Limits, Record, container_suffix, read_container
from transforms.parse.records import Columns
from transforms.pipeline import READ, STAGED, TABLES, Raw, entity_tables, read_batch, stage_batch
from warehouse.catalog import open_catalog, replace_catalog, take_stock, write_catalog
from warehouse.checks import Answer, run_checks
from warehouse.lake import (
    Lake,
    Manifest,
    link_or_copy,
    replace_text,
    staged_documents,
    sync_dir,
    write_parquet,
    write_part,
)
from warehouse.marks import Marked, mark
from warehouse.seeds import read_seeds, seed_folders

PART_DOCUMENTS = 1000  # documents a part holds at the most
PART_BYTES = 16 * 10**6  # raw bytes a part holds at the most, but for a single larger document
STAGE_SEEDS = ("export_columns", "furniture", "outlet_fingerprints", "outlets")


class CheckFailed(RuntimeError):
    """A `fail` check found rows; the old snapshot stays."""

    def __init__(self, answers: list[Answer]) -> None:
        super().__init__("; ".join(f"{a.name}: {a.about} ({a.rows} rows, such as {a.examples[:1]})" for a in answers))


class Caller(Protocol):
    """How steps are called: plainly, or as Prefect tasks."""

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function once."""

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function for each tuple of arguments, in parallel where it pays; the results in order."""


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
    """The inputs as found, the containers among them, and the parts that hold the new records of these."""

    found: list[Found]
    containers: list[str]
    spooled: list[str]


@dataclass(frozen=True)
class Plan:
    """What a run has to do: what stands where after it, what came of each input, what has to be staged."""

    sources: dict[str, str]
    rejects: dict[str, Found]
    outcomes: dict[str, tuple[str | None, str]]
    todo: list[str]
    key: str


@dataclass
class Outcome:
    """What a run did, for people and for the runs table."""

    outcome: str
    snapshot: str
    counts: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    warnings: list[Answer] = field(default_factory=list)
    rejected: list[tuple[str, str, str]] = field(default_factory=list)
    not_read: int = 0


# ------------------------------------------------------------------ versions and the lexicon
@lru_cache
def rules_version() -> str:
    """Hash of the rules themselves: every source file of `transforms`."""
    digest = sha256()
    root = Path(transforms.__file__).parent
    for path in sorted(root.rglob("*.py")):
        digest.update(path.relative_to(root).as_posix().encode() + b"\0" + path.read_bytes())
    return digest.hexdigest()[:16]


@lru_cache(maxsize=4)
def lexicon_of(folders: tuple[Path, ...]) -> Lexicon:
    """The built-in lexicon with the user's folders over it, built once a process."""
    return build_lexicon(read_seeds(seed_folders(folders)))


@lru_cache(maxsize=4)
def entities_of(folders: tuple[Path, ...]) -> dict[str, pa.Table]:
    """The lexicon's own tables; raises LexiconError where a row or a pattern of it cannot be used."""
    lexicon = lexicon_of(folders)
    lexicon.known.furniture.judge("")
    return entity_tables(lexicon.seeds)


def stage_version(lexicon: Lexicon) -> str:
    """Hash of all that staging depends on: the rules, and the seed tables it reads."""
    read: dict[str, Any] = {name: [dict(r) for r in lexicon.seeds[name]] for name in STAGE_SEEDS}
    read["aliases"] = [dict(r) for r in lexicon.seeds["aliases"] if r["entity_type"] == "outlet"]
    return sha256((rules_version() + json.dumps(read, sort_keys=True)).encode()).hexdigest()[:8]


# ------------------------------------------------------------------ list
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
    staged = staged_documents(lake, _STAGED_IDS)
    done = {d for d, parts in staged.items() if any(p.startswith(prefix) for p in parts)}
    stale = {
        container_of(r["source_uri"])
        for r in lake.read(tables.DOCUMENT_SOURCES).to_pylist()
        if r["document_id"] not in done and container_of(r["source_uri"])
    }
    columns = lexicon.columns.with_own(dict(mapping))
    spool = Spool(lake.stage / ".spool", prefix, done, dict(mapping))
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
                found[str(path)] = _look(path, max_document)
    return Listing([found[name] for name in sorted(found)], sorted(containers), spool.close())


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
                source = f"{uri}!{_printable(record.name)}" if record.name else uri
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
        name = _part_name(self.prefix, [r["document_id"] for r in self.rows])
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


def _part_name(prefix: str, document_ids: Sequence[str]) -> str:
    return prefix + "-" + sha256(" ".join(sorted(document_ids)).encode()).hexdigest()[:16]


def _uri(path: Path) -> str:
    return _printable(os.fspath(path))


def _printable(name: str) -> str:
    """A name as text that any tool can store: bytes that are no UTF-8 are written out."""
    return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")


def _walk(path: Path, warehouse: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, inner, files in os.walk(path):
        inner[:] = sorted(n for n in inner if not n.startswith(".") and (Path(folder) / n).resolve() != warehouse)
        yield from (Path(folder) / n for n in sorted(files) if not n.startswith("."))


def _look(path: Path, max_document: int) -> Found:
    uri = _uri(path)
    try:
        status = path.stat()
        if not stat.S_ISREG(status.st_mode):
            return Found(uri, str(path), None, reason="unreadable", detail="not a regular file")
        if status.st_size > max_document:
            detail = f"{status.st_size:,} bytes; --max-document is {max_document:,}"
            return Found(uri, str(path), None, reason="too_large", detail=detail)
        raw = path.read_bytes()
    except FileNotFoundError:
        return Found(uri, str(path), None, reason="missing", detail="no such file or folder")
    except OSError as error:
        return Found(uri, str(path), None, reason="unreadable", detail=error.strerror or str(error))
    return Found(uri, str(path), document_id_of(raw), len(raw))


# ------------------------------------------------------------------ plan
def plan_run(lake: Lake, settings: Settings, listing: Listing, version_key: str) -> Plan:
    """Compare the inputs with what stands: the new state of all sources, and the parts that must be staged for it."""
    before = {r["source_uri"]: r["document_id"] for r in lake.read(tables.DOCUMENT_SOURCES).to_pylist()}
    old_rejects = {
        r["source_uri"]: Found(r["source_uri"], r["source_uri"], r["document_id"], 0, r["reason"], r["detail"])
        for r in lake.read(tables.REJECTS).to_pylist()
    }
    found = listing.found
    known = before | {u: f.document_id for u, f in old_rejects.items()}
    outcomes: dict[str, tuple[str | None, str]] = {}
    sources = {u: d for u, d in known.items() if d is not None}
    rejects = {u: f for u, f in old_rejects.items() if f.document_id is None}
    paths = {u: u for u in sources if not container_of(u)}
    for f in found:
        sources.pop(f.source_uri, None)
        rejects.pop(f.source_uri, None)
        if f.document_id is None:
            rejects[f.source_uri] = f
            outcomes[f.source_uri] = (None, "rejected")
            continue
        sources[f.source_uri] = f.document_id
        if not f.container:
            paths[f.source_uri] = f.path
        same = known.get(f.source_uri) == f.document_id
        outcome = "unchanged" if same else "changed" if known.get(f.source_uri) else "added"
        outcomes[f.source_uri] = (f.document_id, outcome)
    listed = {f.source_uri for f in found}
    gone = tuple(
        c + "!" for c in map(_printable, listing.containers)
    )  # what a container does not hold any more is gone
    roots = tuple(os.path.abspath(i).rstrip("/") for i in settings.inputs) if settings.prune else ()
    for uri in sorted(known):
        pruned = any(uri == r or uri.startswith((r + "/", r + "!")) for r in roots)
        if uri not in listed and (pruned or uri.startswith(gone)):
            outcomes[uri] = (sources.pop(uri, None), "removed")
            rejects.pop(uri, None)
    state = [sorted(sources.items()), sorted((f.source_uri, f.reason, f.detail) for f in rejects.values()), version_key]
    key = sha256(json.dumps(state).encode()).hexdigest()
    sizes = {f.document_id: f.size for f in found if f.document_id}
    todo = [] if key == lake.standing().inputs_key else [*listing.spooled, *_cut(lake, settings, sources, paths, sizes)]
    return Plan(sources, rejects, outcomes, todo, key)


def _cut(
    lake: Lake, settings: Settings, sources: dict[str, str], paths: dict[str, str], sizes: dict[str, int]
) -> list[str]:
    """Write what has to be staged as part files under stage/.todo, and return their paths."""
    prefix = stage_version(lexicon_of(settings.lexicon))
    staged = staged_documents(lake, _STAGED_IDS)
    done = {d for d, parts in staged.items() if any(p.startswith(prefix) for p in parts)}
    first = {d: u for u, d in sorted(sources.items(), key=lambda s: (s[0] in paths, s[0]), reverse=False)}
    waiting = [(d, paths[u]) for d, u in sorted(first.items(), key=lambda x: x[1]) if d not in done and u in paths]
    waiting = [(d, p) for d, p in waiting if d not in staged or os.path.exists(p)]  # old rules where the file is gone
    most = min(PART_DOCUMENTS, max(1, -(-len(waiting) // settings.workers))) if settings.workers > 1 else PART_DOCUMENTS
    parts: list[list[tuple[str, str]]] = []
    held = 0
    for document_id, path in waiting:
        size = sizes.get(document_id, 0)
        if not parts or len(parts[-1]) >= most or held + size > PART_BYTES:
            parts.append([])
            held = 0
        parts[-1].append((document_id, path))
        held += size
    todo = lake.stage / ".todo"
    shutil.rmtree(todo, ignore_errors=True)
    todo.mkdir(parents=True)
    written = []
    for part in parts:
        file = todo / f"{_part_name(prefix, [d for d, _ in part])}.json"
        file.write_text(json.dumps(part), encoding="utf-8", errors="surrogatepass")
        written.append(str(file))
    return written


_STAGED_IDS = (tables.STAGED_DOCUMENTS, tables.STAGED_REJECTS)


# ------------------------------------------------------------------ stage, mark, read
def stage_part(todo: str, lexicon_folders: tuple[Path, ...]) -> str:
    """Read the documents of one part file and stage them beside it; the part's name."""
    path = Path(todo)
    changed: list[dict[str, str]] = []
    documents = _spooled(path) if path.suffix == ".parquet" else _files(path, changed)
    staged = stage_batch(documents, lexicon_of(lexicon_folders))
    if changed:
        rejects = tables.STAGED_REJECTS
        staged[rejects.name] = pa.concat_tables([staged[rejects.name], rejects.batch(changed)])
    write_part(path.parent.parent / path.stem, staged)
    return path.stem


def _files(path: Path, changed: list[dict[str, str]]) -> Iterator[Raw]:
    """The files a part names; those that are not what they were when listed go to `changed`, as rejects."""
    wanted: list[tuple[str, str]] = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    for document_id, name in wanted:
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            raw, detail = b"", f"could be listed and then not read: {error.strerror}"
        else:
            detail = "changed while it was read; run again"
        if document_id_of(raw) == document_id:
            yield Raw(document_id, Path(name).suffix, raw)
        else:
            changed.append({"document_id": document_id, "reason": "unreadable", "detail": detail})


def _spooled(path: Path) -> Iterator[Raw]:
    """The records of containers that a part holds."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
        for row in batch.to_pylist():
            said = json.loads(row["said"])
            yield Raw(row["document_id"], row["suffix"], row["raw"], **said)


def mark_all(lake: Lake, plan: Plan, settings: Settings) -> tuple[Marked, list[dict[str, Any]]]:
    """Mark the plan's documents over all staged parts; the marks, and the rows of `rejects`."""
    prefix = stage_version(lexicon_of(settings.lexicon))
    wanted = set(plan.sources.values())
    where: dict[str, str] = {}
    for document_id, parts in staged_documents(lake, _STAGED_IDS).items():
        if document_id in wanted:
            where[document_id] = min(parts, key=lambda p: (not p.startswith(prefix), p))
    unreadable: dict[str, tuple[str, str]] = {}
    for part in sorted(set(where.values())):
        for row in pq.read_table(lake.stage / part / "staged_rejects.parquet").to_pylist():
            if where.get(row["document_id"]) == part:
                unreadable[row["document_id"]] = (row["reason"], row["detail"])
    first = {d: u for u, d in sorted(plan.sources.items(), reverse=True)}
    readable = {d: p for d, p in sorted(where.items()) if d not in unreadable}
    into = lake.stage / ".marks"
    shutil.rmtree(into, ignore_errors=True)
    marked = mark(
        lake.stage,
        readable,
        first,
        into,
        (tables.BLOCK_MARKS, tables.ARTICLE_MARKS),
        (tables.STORIES, tables.STORY_PAIRS),
        settings.memory,
    )
    rejects = [
        {"source_uri": f.source_uri, "document_id": None, "stage": "list", "reason": f.reason, "detail": f.detail}
        for f in plan.rejects.values()
    ] + [
        {"source_uri": u, "document_id": d, "stage": "parse", "reason": unreadable[d][0], "detail": unreadable[d][1]}
        for u, d in plan.sources.items()
        if d in unreadable
    ]
    return marked, sorted(rejects, key=lambda r: str(r["source_uri"]))


def read_part(root: Path, part: str, into: Path, lexicon_folders: tuple[Path, ...]) -> dict[str, dict[str, str]]:
    """Read one marked part for names and write its tables into a snapshot's folder: {table: {file: hash}}."""
    lake = Lake(root)
    staged = {t.name: pq.read_table(lake.stage / part / f"{t.name}.parquet", schema=t.schema) for t in STAGED}
    marks = lake.stage / ".marks" / part
    block_marks, article_marks = (
        pq.read_table(marks / f"{t.name}.parquet", schema=t.schema) for t in (tables.BLOCK_MARKS, tables.ARTICLE_MARKS)
    )
    read = read_batch(staged, block_marks, article_marks, lexicon_of(lexicon_folders))
    return {name: {_file(part): write_parquet(rows, into / name / _file(part))} for name, rows in read.items()}


def _file(part: str) -> str:
    return f"part-{part}.parquet"


def reuse_part(lake: Lake, manifest: Manifest, part: str, into: Path) -> dict[str, dict[str, str]]:
    """Link a part's tables from the current snapshot into the next one."""
    files: dict[str, dict[str, str]] = {}
    old = lake.snapshot_dir(manifest.snapshot)
    for table in READ:
        link_or_copy(old / table.name / _file(part), into / table.name / _file(part))
        files[table.name] = {_file(part): manifest.files[table.name][_file(part)]}
    return files


# ------------------------------------------------------------------ publish
def write_whole(
    into: Path, marked: Marked, plan: Plan, rejects: list[dict[str, Any]], settings: Settings
) -> dict[str, dict[str, str]]:
    """Write the tables that are one file a snapshot, and an empty file for every table that no part filled."""
    bad = {r["source_uri"] for r in rejects}
    sources = [{"document_id": d, "source_uri": u} for u, d in plan.sources.items() if u not in bad]
    sources.sort(key=lambda r: (r["document_id"], r["source_uri"]))
    whole = {
        **marked.whole,
        "document_sources": tables.DOCUMENT_SOURCES.batch(sources),
        "rejects": tables.REJECTS.batch(rejects),
        **entities_of(settings.lexicon),
    }
    if not marked.parts:
        whole |= {t.name: t.empty() for t in READ}
    return {
        name: {"part-0.parquet": write_parquet(rows, into / name / "part-0.parquet")} for name, rows in whole.items()
    }


def publish(lake: Lake, building: Path, manifest: Manifest, grace: float) -> list[Answer]:
    """Check a finished snapshot and make it current; the checks' warnings. Raises CheckFailed, and then all stays as it was."""
    snapshot = manifest.snapshot
    final = lake.snapshot_dir(snapshot)
    known = lake.is_whole(manifest)  # the same tables were a snapshot before, perhaps are one now
    if known:
        shutil.rmtree(building)
        replace_text(final / "manifest.json", manifest.to_json())
    else:
        replace_text(building / "manifest.json", manifest.to_json())
        shutil.rmtree(final, ignore_errors=True)
        building.rename(final)
        sync_dir(final.parent)
    _empty_logs(lake)
    catalog = write_catalog(lake, snapshot, TABLES)
    with duckdb.connect(str(catalog), read_only=True) as connection:
        answers = run_checks(connection)
    if failed := [a for a in answers if a.failed]:
        catalog.unlink()
        if not known:
            shutil.rmtree(final)
        raise CheckFailed(failed)
    lake.commit(snapshot)
    replace_catalog(lake, catalog)
    lake.sweep(grace)
    return [a for a in answers if a.rows]


def _empty_logs(lake: Lake) -> None:
    """A log without rows still has a file, so that its view can be made."""
    for table in (tables.RUNS, tables.RUN_INPUTS):
        path = lake.root / "runs" / table.name / "0.parquet"
        if not path.exists():
            write_parquet(table.empty(), path)


# ------------------------------------------------------------------ the run
def run_steps(settings: Settings, caller: Caller) -> Outcome:
    """One whole run. Raises UsageError, WarehouseBusy, WarehouseError, SeedError or CheckFailed; nothing is lost then."""
    if not settings.inputs:
        raise UsageError("no input; name files or folders: warwire run FOLDER")
    lake = Lake(settings.warehouse)
    started = datetime.now(UTC)
    clock = _Clock()
    with lake.lock():
        lake.sweep(settings.grace)
        lexicon = lexicon_of(settings.lexicon)
        entities_of(settings.lexicon)  # a lexicon that cannot be used ends the run here
        listing = caller.one(
            "list inputs", list_inputs, settings.inputs, lake, settings.max_document, settings.lexicon, settings.mapping
        )
        found = listing.found
        clock.stage("list")
        plan = plan_run(lake, settings, listing, f"{rules_version()} {lexicon.hash} {_code_version()}")
        before = lake.standing()
        warnings: list[Answer] = []
        read_anew = 0
        staged_anew = 0
        if plan.key == before.inputs_key:
            snapshot = before.snapshot
        else:
            staged_anew = sum(map(_length, plan.todo))
            caller.each("stage part", stage_part, [(t, settings.lexicon) for t in plan.todo])
            clock.stage("stage")
            marked, rejects = caller.one("mark", mark_all, lake, plan, settings)
            clock.stage("mark")
            building = lake.root / "snapshots" / ".building"
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            keys = {
                p: sha256(f"{marks} {rules_version()} {lexicon.hash}".encode()).hexdigest()[:32]
                for p, marks in marked.parts.items()
            }
            anew = [p for p, key in keys.items() if before.parts.get(p) != key]
            read_anew = len(anew)
            files = caller.each("read part", read_part, [(lake.root, p, building, settings.lexicon) for p in anew])
            files += [reuse_part(lake, before, p, building) for p in keys if p not in anew]
            clock.stage("read")
            files.append(caller.one("write whole tables", write_whole, building, marked, plan, rejects, settings))
            manifest = Manifest(_merged(files), keys, inputs_key=plan.key)
            snapshot = manifest.snapshot
            warnings = caller.one("check and publish", publish, lake, building, manifest, settings.grace)
            shutil.rmtree(lake.stage / ".marks", ignore_errors=True)
            shutil.rmtree(lake.stage / ".todo", ignore_errors=True)
            shutil.rmtree(lake.stage / ".spool", ignore_errors=True)
            clock.stage("publish")
        outcome = Outcome(
            "unchanged" if snapshot == before.snapshot and before.files else "published",
            snapshot,
            {},
            clock.seconds,
            warnings,
        )
        outcome.counts |= {"documents_staged": staged_anew, "parts_read": read_anew}
        _count(lake, plan, found, outcome, lexicon.languages)
        _log(lake, started, plan, outcome, lexicon)
    return outcome


def _length(todo: str) -> int:
    """How many documents a part file holds."""
    path = Path(todo)
    if path.suffix == ".parquet":
        return int(pq.read_metadata(path).num_rows)
    return len(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))


@lru_cache
def _code_version() -> str:
    """Hash of what decides over all documents and how tables are written."""
    digest = sha256()
    root = Path(transforms.__file__).parent.parent / "warehouse"
    for path in [*sorted((root / "sql" / "marks").glob("*.sql")), root / "lake.py"]:
        digest.update(path.read_bytes())
    return digest.hexdigest()[:16]


def _merged(files: Sequence[dict[str, dict[str, str]]]) -> dict[str, dict[str, str]]:
    merged: dict[str, dict[str, str]] = defaultdict(dict)
    for found in files:
        for table, names in found.items():
            merged[table] |= names
    return {table: dict(sorted(names.items())) for table, names in sorted(merged.items())}


class _Clock:
    """Seconds by stage."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._last = time.monotonic()

    def stage(self, name: str) -> None:
        now = time.monotonic()
        self.seconds[name] = round(now - self._last, 3)
        self._last = now


def _count(lake: Lake, plan: Plan, found: Sequence[Found], outcome: Outcome, languages: frozenset[str]) -> None:
    """Fill in a run's counts and rejects from the warehouse as it stands now."""
    with open_catalog(lake, TABLES) as connection:
        standing = take_stock(connection, languages)
    listed = {f.source_uri for f in found}
    outcome.counts |= standing.counts
    outcome.not_read = standing.not_read
    outcome.rejected = [(u, r, d) for u, r, d in standing.rejected if u in listed]
    unreadable = {u for u, _, _ in outcome.rejected}
    for uri, (document_id, word) in plan.outcomes.items():
        plan.outcomes[uri] = (document_id, "rejected" if uri in unreadable else word)
    words = Counter(word for _, word in plan.outcomes.values())
    outcome.counts |= {w: words[w] for w in ("added", "changed", "unchanged", "removed", "rejected")}
    outcome.counts["inputs"] = len(found)


def _log(lake: Lake, started: datetime, plan: Plan, outcome: Outcome, lexicon: Lexicon) -> None:
    """Add this run to the logs."""
    ended = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%S.%f}-{os.getpid()}"
    row = {
        "run_id": run_id, "started_at": started, "ended_at": max(ended, started), "outcome": outcome.outcome, "snapshot": outcome.snapshot,
        **outcome.counts, "warwire_version": version("warwire"), "rules_version": rules_version(),
        "lexicon_hash": lexicon.hash, "seconds_by_stage": json.dumps(outcome.seconds),
    }  # fmt: skip
    inputs = [
        {"run_id": run_id, "source_uri": u, "document_id": d, "outcome": o}
        for u, (d, o) in sorted(plan.outcomes.items())
    ]
    for table, rows in ((tables.RUN_INPUTS, inputs), (tables.RUNS, [row])):
        folder = lake.root / "runs" / table.name
        temporary = folder / f".{run_id}.tmp"
        write_parquet(table.batch(rows), temporary)
        temporary.rename(folder / f"{run_id}.parquet")
