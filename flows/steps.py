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
from transforms.pipeline import READ, STAGED, TABLES, Raw, entity_tables, read_batch, stage_batch
from warehouse.catalog import open_catalog, replace_catalog, write_catalog
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
STAGE_SEEDS = ("furniture", "outlet_fingerprints", "outlets")


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
    """An input as listed: its id, or why it could not be read."""

    source_uri: str
    path: str
    document_id: str | None
    size: int = 0
    reason: str = ""
    detail: str = ""


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
    not_english: int = 0


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


def stage_version(lexicon: Lexicon) -> str:
    """Hash of all that staging depends on: the rules, and the seed tables it reads."""
    read: dict[str, Any] = {name: [dict(r) for r in lexicon.seeds[name]] for name in STAGE_SEEDS}
    read["aliases"] = [dict(r) for r in lexicon.seeds["aliases"] if r["entity_type"] == "outlet"]
    return sha256((rules_version() + json.dumps(read, sort_keys=True)).encode()).hexdigest()[:8]


# ------------------------------------------------------------------ list
def list_inputs(inputs: Sequence[str], warehouse: Path, max_document: int) -> list[Found]:
    """Every file of the inputs, each with its id or the reason it has none; folders are walked, hidden files left out."""
    found: dict[str, Found] = {}
    for given in inputs:
        for path in _walk(Path(os.path.abspath(given)), warehouse.resolve()):
            found.setdefault(str(path), _look(path, max_document))
    return [found[name] for name in sorted(found)]


def _walk(path: Path, warehouse: Path) -> Iterator[Path]:
    if not path.is_dir():
        yield path
        return
    for folder, inner, files in os.walk(path):
        inner[:] = sorted(n for n in inner if not n.startswith(".") and (Path(folder) / n).resolve() != warehouse)
        yield from (Path(folder) / n for n in sorted(files) if not n.startswith("."))


def _look(path: Path, max_document: int) -> Found:
    uri = os.fsencode(path).decode("utf-8", "backslashreplace")
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
def plan_run(lake: Lake, settings: Settings, found: Sequence[Found], version_key: str) -> Plan:
    """Compare the inputs with what stands: the new state of all sources, and the parts that must be staged for it."""
    before = {r["source_uri"]: r["document_id"] for r in lake.read(tables.DOCUMENT_SOURCES).to_pylist()}
    old_rejects = {
        r["source_uri"]: Found(r["source_uri"], r["source_uri"], r["document_id"], 0, r["reason"], r["detail"])
        for r in lake.read(tables.REJECTS).to_pylist()
    }
    known = before | {u: f.document_id for u, f in old_rejects.items()}
    outcomes: dict[str, tuple[str | None, str]] = {}
    sources = {u: d for u, d in known.items() if d is not None}
    rejects = {u: f for u, f in old_rejects.items() if f.document_id is None}
    paths = {u: u for u in sources}
    for f in found:
        sources.pop(f.source_uri, None)
        rejects.pop(f.source_uri, None)
        if f.document_id is None:
            rejects[f.source_uri] = f
            outcomes[f.source_uri] = (None, "rejected")
            continue
        sources[f.source_uri] = f.document_id
        paths[f.source_uri] = f.path
        same = known.get(f.source_uri) == f.document_id
        outcome = "unchanged" if same else "changed" if known.get(f.source_uri) else "added"
        outcomes[f.source_uri] = (f.document_id, outcome)
    if settings.prune:
        listed = {f.source_uri for f in found}
        roots = tuple(os.path.abspath(i) for i in settings.inputs)
        for uri in sorted(known):
            if uri not in listed and any(uri == r or uri.startswith(r.rstrip("/") + "/") for r in roots):
                outcomes[uri] = (sources.pop(uri, None), "removed")
                rejects.pop(uri, None)
    state = [sorted(sources.items()), sorted((f.source_uri, f.reason, f.detail) for f in rejects.values()), version_key]
    key = sha256(json.dumps(state).encode()).hexdigest()
    sizes = {f.document_id: f.size for f in found if f.document_id}
    todo = [] if key == lake.manifest().inputs_key else _cut(lake, settings, sources, paths, sizes)
    return Plan(sources, rejects, outcomes, todo, key)


def _cut(
    lake: Lake, settings: Settings, sources: dict[str, str], paths: dict[str, str], sizes: dict[str, int]
) -> list[str]:
    """Write what has to be staged as part files under stage/.todo, and return their paths."""
    prefix = stage_version(lexicon_of(settings.lexicon))
    staged = staged_documents(lake, _STAGED_IDS)
    done = {d for d, parts in staged.items() if any(p.startswith(prefix) for p in parts)}
    first = {d: u for u, d in sorted(sources.items(), reverse=True)}
    waiting = [(d, paths[u]) for d, u in sorted(first.items(), key=lambda x: x[1]) if d not in done]
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
        name = prefix + "-" + sha256(" ".join(sorted(d for d, _ in part)).encode()).hexdigest()[:16]
        file = todo / f"{name}.json"
        file.write_text(json.dumps(part), encoding="utf-8", errors="surrogatepass")
        written.append(str(file))
    return written


_STAGED_IDS = (tables.STAGED_DOCUMENTS, tables.STAGED_REJECTS)


# ------------------------------------------------------------------ stage, mark, read
def stage_part(todo: str, lexicon_folders: tuple[Path, ...]) -> str:
    """Read the documents of one part file and stage them beside it; the part's name."""
    path = Path(todo)
    wanted: list[tuple[str, str]] = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    changed: list[dict[str, str]] = []

    def documents() -> Iterator[Raw]:
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

    staged = stage_batch(documents(), lexicon_of(lexicon_folders))
    if changed:
        rejects = tables.STAGED_REJECTS
        staged[rejects.name] = pa.concat_tables([staged[rejects.name], rejects.batch(changed)])
    write_part(path.parent.parent / path.stem, staged)
    return path.stem


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
        **entity_tables(lexicon_of(settings.lexicon).seeds),
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
    known = final.exists()  # the same tables were a snapshot before, perhaps are one now
    if known:
        shutil.rmtree(building)
        replace_text(final / "manifest.json", manifest.to_json())
    else:
        replace_text(building / "manifest.json", manifest.to_json())
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
        found = caller.one("list inputs", list_inputs, settings.inputs, settings.warehouse, settings.max_document)
        clock.stage("list")
        plan = plan_run(lake, settings, found, f"{rules_version()} {lexicon.hash} {_code_version()}")
        before = lake.manifest()
        warnings: list[Answer] = []
        read_anew = 0
        staged_anew = 0
        if plan.key == before.inputs_key:
            snapshot = before.snapshot
        else:
            staged_anew = sum(len(json.loads(Path(t).read_text(errors="surrogatepass"))) for t in plan.todo)
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
            clock.stage("publish")
        outcome = Outcome(
            "unchanged" if snapshot == before.snapshot and before.files else "published",
            snapshot,
            {},
            clock.seconds,
            warnings,
        )
        _count(lake, plan, found, outcome, staged_anew, read_anew)
        _log(lake, started, plan, outcome, lexicon)
    return outcome


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


def _count(lake: Lake, plan: Plan, found: Sequence[Found], outcome: Outcome, staged: int, read: int) -> None:
    """Fill in a run's counts and rejects from the warehouse as it stands now."""
    counted = Counter(o for _, o in plan.outcomes.values())
    with open_catalog(lake, TABLES) as connection:

        def number(sql: str) -> int:
            return int(connection.sql(sql).fetchall()[0][0])

        for name in ("documents", "paragraphs", "articles", "stories", "mentions"):
            outcome.counts[name] = number(f"select count(*) from {name}")
        outcome.counts["paragraphs_kept"] = number("select count(*) from paragraphs where kept")
        outcome.not_english = number("select count(*) from articles where language <> 'en'")
        rows = connection.sql("select source_uri, reason, detail from rejects order by source_uri").fetchall()
    listed = {f.source_uri for f in found}
    outcome.rejected = [(u, r, d) for u, r, d in rows if u in listed]
    parsed_badly = {u for u, _, _ in outcome.rejected}
    counted.clear()
    for uri, (document_id, word) in plan.outcomes.items():
        plan.outcomes[uri] = (document_id, "rejected" if uri in parsed_badly else word)
        counted[plan.outcomes[uri][1]] += 1
    outcome.counts |= {o: counted[o] for o in ("added", "changed", "unchanged", "removed", "rejected")}
    outcome.counts |= {"inputs": len(found), "documents_staged": staged, "parts_read": read}


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
