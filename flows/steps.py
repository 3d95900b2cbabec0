"""The steps of a run as plain functions over paths: list → stage → mark → read → publish.

Prefect knows nothing of this file and this file nothing of Prefect: `flows.build` calls the same functions as tasks.
"""

from __future__ import annotations

import json
import os
import shutil
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any, Protocol

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.inputs import (
    MOST_REJECTS,
    STAGED_IDS,
    Input,
    container_of,
    enclosing,
    list_inputs,
    printable,
    spool_again,
    the_rest,
)
from flows.parts import clear_parts, compact_parts
from flows.plan import DISK_FAILED, MANY, Plan, maps_for, plan_run, without_failed
from flows.settings import Settings, UsageError
from flows.versions import code_version, entities_of, lexicon_of, notes_on, read_by, rules_version, stage_version
from transforms import tables
from transforms.ids import document_id_of
from transforms.names.entities import ENTITIES
from transforms.names.lexicon import Lexicon
from transforms.pipeline import MARKED, TABLES
from transforms.reading import READ, read_batch
from transforms.staging import Raw, stage_batch
from transforms.unchanged import (
    AS_STAGED,
    UNDER_MARKS,
    ChangedNames,
    changed_names,
    together,
    touched,
    under_marks,
    unread,
    without,
)
from warehouse.catalog import declared_hash, open_catalog, replace_catalog, take_stock, write_catalog, write_stored
from warehouse.checks import PARTS_AT_ONCE, Answer, Measure, run_checks, take_measures
from warehouse.engine import connect
from warehouse.export import describe
from warehouse.lake import (
    Lake,
    Manifest,
    WarehouseError,
    link_or_copy,
    part_file,
    replace_text,
    staged_documents,
    sync_dir,
    write_parquet,
    write_part,
)
from warehouse.marks import Marked, mark
from warehouse.ours import BUILDING


class CheckFailed(RuntimeError):
    """A `fail` check found rows; the old snapshot stays. `answers` are those of all checks."""

    def __init__(self, answers: list[Answer]) -> None:
        failed = [a for a in answers if a.failed]
        super().__init__("; ".join(f"{a.name}: {a.about} ({a.rows} rows, such as {a.examples[:1]})" for a in failed))
        self.answers = answers


class DiskFailed(WarehouseError):
    """Too many inputs could not be read; nothing is published."""


class Caller(Protocol):
    """How steps are called: plainly, or as Prefect tasks."""

    def one(self, name: str, function: Callable[..., Any], *arguments: Any) -> Any:
        """Call a function once."""

    def each(self, name: str, function: Callable[..., Any], calls: Sequence[tuple[Any, ...]]) -> list[Any]:
        """Call a function for each tuple of arguments, in parallel where it pays; the results in order."""


@dataclass
class Outcome:
    """What a run did, for people and for the runs table."""

    outcome: str
    snapshot: str
    counts: dict[str, int]
    seconds: dict[str, float] = field(default_factory=dict)
    answers: list[Answer] = field(default_factory=list)
    measures: list[Measure] = field(default_factory=list)
    rejected: list[tuple[str, str, str, int]] = field(default_factory=list)
    not_read: int = 0
    notes: list[str] = field(default_factory=list)

    @property
    def warnings(self) -> list[tuple[str, str]]:
        """What to look at: (check or measure, what it found)."""
        found = [("check", f"{a.about}: {a.rows}") for a in self.answers if a.rows]
        return found + [(m.name, f"{m.value:,.4g}, was {m.before:,.4g}") for m in self.measures if m.is_unusual]


# ------------------------------------------------------------------ stage, mark, read
def stage_part(todo: str, lexicon_folders: tuple[Path, ...]) -> list[Input]:
    """Read the documents of one part file and stage them beside it; the files that could not be read, or are not what they
    were when they were listed. These are not staged: the next run tries again."""
    path = Path(todo)
    failed: list[Input] = []
    documents = _spooled(path) if path.suffix == ".parquet" else _files(path, failed)
    write_part(path.parent.parent / path.stem, stage_batch(documents, lexicon_of(lexicon_folders)))
    return failed


def _files(path: Path, failed: list[Input]) -> Iterator[Raw]:
    """The files a part names."""
    wanted: list[tuple[str, str, str, str]] = json.loads(path.read_text(encoding="utf-8", errors="surrogatepass"))
    for document_id, name, suffix, facts in wanted:
        detail = "changed while it was read; run again"
        try:
            raw = Path(name).read_bytes()
        except OSError as error:
            raw, detail = b"", f"could be listed and then not read: {error.strerror}; run again"
        if document_id_of(raw) == document_id:
            yield Raw(document_id, suffix, raw, facts_hash=facts)
        else:
            failed.append(Input(name, name, document_id, 0, "unreadable", detail, failed=True))


def _spooled(path: Path) -> Iterator[Raw]:
    """The records of containers that a part holds."""
    for batch in pq.ParquetFile(path).iter_batches(batch_size=64):
        for row in batch.to_pylist():
            said = json.loads(row["said"])
            yield Raw(row["document_id"], row["suffix"], row["raw"], facts_hash=row["facts_hash"], **said)


def stage_all(lake: Lake, plan: Plan, settings: Settings, caller: Caller) -> tuple[list[Input], int]:
    """Stage what the plan says: the files that could not be read, and how many documents were tried."""
    todo = plan.todo
    if plan.again:
        wanted = {read for reads in plan.again.values() for read in reads}
        given = (sorted(plan.again), wanted, lake, settings.max_document, settings.lexicon, plan.maps)
        todo = [*todo, *caller.one("list records again", spool_again, *given)]
    tried = sum(map(_length, todo))
    return [f for failed in caller.each("stage part", stage_part, [(t, settings.lexicon) for t in todo]) for f in failed], tried


def refuse_failing_disk(failed: Sequence[Input], inputs: int) -> None:
    """Raise DiskFailed where so many files could not be read that it is the disk, and not the files."""
    if len(failed) > MANY and len(failed) > DISK_FAILED * inputs:
        raise DiskFailed(
            f"{len(failed):,} of {inputs:,} inputs could not be read, such as {failed[0].source_uri!r} ({failed[0].detail}); "
            "nothing is published, the warehouse is as it was; look at the disk and run again"
        )


def find_parts(lake: Lake, plan: Plan, settings: Settings) -> dict[str, str]:
    """The part that each of the plan's documents is read from; many small parts are put together first."""
    prefix = stage_version(lexicon_of(settings.lexicon))
    reads = plan.reads
    where: dict[str, str] = {}
    for document_id, parts in staged_documents(lake, STAGED_IDS).items():
        if document_id in reads:
            facts = reads[document_id]
            best = min(parts, key=lambda p: (facts not in ("", p[1]), not p[0].startswith(prefix), p[0]))
            where[document_id] = best[0]
    return compact_parts(lake, where)


def mark_all(
    lake: Lake, plan: Plan, where: Mapping[str, str], settings: Settings
) -> tuple[Marked, dict[str, tuple[str, str]]]:
    """Mark the plan's documents over all staged parts; the marks, and the documents that could not be read, {document:
    (reason, detail)}."""
    unreadable: dict[str, tuple[str, str]] = {}
    for part in sorted(set(where.values())):
        for row in pq.read_table(lake.stage / part / "staged_rejects.parquet").to_pylist():
            if where.get(row["document_id"]) == part:
                unreadable[row["document_id"]] = (row["reason"], row["detail"])
    readable = {d: p for d, p in sorted(where.items()) if d not in unreadable}
    into = lake.stage / ".marks"
    shutil.rmtree(into, ignore_errors=True)
    marked = mark(
        lake.stage,
        readable,
        plan.first,
        into,
        (tables.BLOCK_MARKS, tables.ARTICLE_MARKS),
        (tables.STORIES, tables.STORY_PAIRS, tables.REFUSED_PAIRS),
        settings.for_duckdb,
    )
    return marked, unreadable


def reject_rows(plan: Plan, unreadable: Mapping[str, tuple[str, str]]) -> list[dict[str, Any]]:
    """The rows of `rejects`: what the list refused, and the sources of documents that could not be read; of these no more than
    the first 1,000 of one kind and container, and the rest as one row."""
    rows = [
        {"source_uri": f.source_uri, "document_id": None, "stage": "list", "reason": f.reason, "detail": f.detail, "records": f.records}
        for f in plan.rejects.values()
    ]  # fmt: skip
    kinds: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for uri, source in sorted(plan.sources.items()):
        if source.document_id in unreadable:
            container = container_of(uri)
            kinds[container or uri, unreadable[source.document_id][0]].append((uri, source.document_id))
    for (container, reason), found in kinds.items():
        rows += [
            {"source_uri": u, "document_id": d, "stage": "parse", "reason": reason, "detail": unreadable[d][1], "records": 1}
            for u, d in found[:MOST_REJECTS]
        ]  # fmt: skip
        if rest := [u.removeprefix(f"{container}!") for u, _ in found[MOST_REJECTS:]]:
            uri, detail = the_rest(container, rest[0], rest[-1], len(rest))
            rows.append({"source_uri": uri, "document_id": None, "stage": "parse", "reason": reason, "detail": detail, "records": len(rest)})  # fmt: skip
    return sorted(rows, key=lambda r: (str(r["source_uri"]), str(r["document_id"])))


def read_part(
    root: Path, part: str, before: Sequence[str], changed: ChangedNames, into: Path, lexicon_folders: tuple[Path, ...]
) -> tuple[dict[str, dict[str, str]], int]:
    """Read what is new in one marked part and write its tables into a snapshot's folder: ({table: {file: hash}}, documents
    read). Rows of documents whose text and names are as they were stand as they are in the parts `before` of the current
    snapshot; `changed` is what a change of the lexicon can touch."""
    lake = Lake(root)
    lexicon = lexicon_of(lexicon_folders)

    def read_staged() -> dict[str, pa.Table]:
        return {t.name: pq.read_table(lake.stage / part / f"{t.name}.parquet", schema=t.schema) for t in MARKED}

    marks = lake.stage / ".marks" / part
    block_marks, article_marks = (
        pq.read_table(marks / f"{t.name}.parquet", schema=t.schema) for t in (tables.BLOCK_MARKS, tables.ARTICLE_MARKS)
    )
    wanted: list[Any] = article_marks["document_id"].to_pylist()
    if not before:
        read = read_batch(read_staged(), block_marks, article_marks, lexicon)
        files = {n: {part_file(part): write_parquet(read.pop(n), into / n / part_file(part))} for n in list(read)}
        pa.default_memory_pool().release_unused()  # DuckDB is next, and has its own share
        return files, len(wanted)
    marked = [t for t in READ if t.name in UNDER_MARKS]
    stood = together([{t.name: lake.read(t, p) for t in marked} for p in before], marked)
    facts = {t.name: _staged_facts(lake, part, t.name) for t in MARKED}
    anew = unread(stood, facts, block_marks, article_marks)
    gone = set(stood["documents"]["document_id"].to_pylist()) - set(wanted)
    if anew or gone or changed or list(before) != [part]:
        rest = [t for t in READ if t not in marked]
        stood |= together([{t.name: lake.read(t, p) for t in rest} for p in before], rest)
        if changed:
            anew |= touched(stood, read_staged()["staged_blocks"], changed) & set(wanted)
    read = under_marks(without(stood, anew), block_marks, article_marks)
    if anew:
        new = article_marks.filter(pc.is_in(article_marks["document_id"], pa.array(sorted(anew), pa.string())))
        read = together([read, read_batch(read_staged(), block_marks, new, lexicon)], READ)
    manifest = lake.manifest()
    files = {}
    for name in (t.name for t in READ):
        path = into / name / part_file(part)
        if list(before) == [part] and (name not in read or read[name].equals(stood[name])):
            link_or_copy(lake.snapshot_dir(manifest.snapshot) / name / path.name, path)
            files[name] = {path.name: manifest.files[name][path.name]}
        else:
            files[name] = {path.name: write_parquet(read[name], path)}
    return files, len(anew)


def _staged_facts(lake: Lake, part: str, table: str) -> pa.Table:
    """Of a staged table, the columns that say whether what was read of it stands."""
    columns = next(["document_id", key, *columns] for name, _, key, columns in AS_STAGED if name == table)
    return pq.read_table(lake.stage / part / f"{table}.parquet", columns=list(dict.fromkeys(columns)))


def reuse_part(lake: Lake, manifest: Manifest, part: str, into: Path) -> dict[str, dict[str, str]]:
    """Link a part's tables from the current snapshot into the next one."""
    files: dict[str, dict[str, str]] = {}
    old = lake.snapshot_dir(manifest.snapshot)
    for table in READ:
        link_or_copy(old / table.name / part_file(part), into / table.name / part_file(part))
        files[table.name] = {part_file(part): manifest.files[table.name][part_file(part)]}
    return files


def read_all(
    lake: Lake, before: Manifest, marked: Marked, settings: Settings, caller: Caller, into: Path
) -> tuple[list[dict[str, dict[str, str]]], list[str] | None, int]:
    """Every marked part's tables in the next snapshot: (files by table, a mapping a part; the parts that hold rows read anew,
    None where no row stood; documents read anew)."""
    changed: ChangedNames | None = None
    if before.read_by == read_by(settings.lexicon):
        old = {t.name: lake.read(t) for t in ENTITIES}
        changed = changed_names(old, entities_of(settings.lexicon))
    known = before.parts if changed is not None else {}
    gone = [p for p in known if p not in marked.parts]
    same = [p for p, marks in marked.parts.items() if known.get(p) == marks and not changed]
    todo = [
        (lake.root, p, [p] if p in known else gone, changed or ChangedNames(), into, settings.lexicon)
        for p in marked.parts
        if p not in same
    ]
    done = caller.each("read part", read_part, todo)
    fresh = [call[1] for call, (_, n) in zip(todo, done, strict=True) if n or call[2] != [call[1]]]
    files = [*(files for files, _ in done), *(reuse_part(lake, before, p, into) for p in same)]
    return files, None if changed is None or changed else fresh, sum(n for _, n in done)


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
        return {n: {"part-0.parquet": write_parquet(r, into / n / "part-0.parquet")} for n, r in tables.items()}

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
        before = lake.standing()
        maps = maps_for(settings.inputs, None if settings.mapping is None else dict(settings.mapping), lake.manifest().maps)
        listing = caller.one(
            "list inputs", list_inputs, settings.inputs, lake, settings.max_document, settings.lexicon, maps
        )
        found = listing.found
        failed = [f for f in found if f.failed]
        refuse_failing_disk(failed, len(found))
        clock.stage("list")
        version_key = f"{rules_version()} {lexicon.hash} {code_version()}"
        plan = plan_run(lake, before, settings, listing, maps, version_key)
        answers: list[Answer] = []
        read_anew = 0
        staged_anew = 0
        refused: Set[str]
        if plan.key == before.inputs_key:
            snapshot = before.snapshot
            refused = {s.document_id for s in plan.sources.values()} - set(
                lake.read(tables.DOCUMENT_SOURCES)["document_id"].to_pylist()
            )
        else:
            known = [lake.read(t)[t.key[0]] for t in ENTITIES if before.files and t.name != "aliases"]
            plan.notes.extend(notes_on(lexicon, (str(i) for column in known for i in column.to_pylist())))
            unstaged, staged_anew = stage_all(lake, plan, settings, caller)
            if unstaged:
                refuse_failing_disk([*failed, *unstaged], len(found))
                plan = without_failed(plan, unstaged, version_key, set(listing.staged))
            clock.stage("stage")
            where = find_parts(lake, plan, settings)
            marked, unreadable = caller.one("mark", mark_all, lake, plan, where, settings)
            refused = unreadable.keys()
            clock.stage("mark")
            building = lake.root / "snapshots" / BUILDING
            shutil.rmtree(building, ignore_errors=True)
            building.mkdir(parents=True)
            files, fresh, read_anew = read_all(lake, before, marked, settings, caller, building)
            clock.stage("read")
            given = (lake, building, marked, plan, unreadable, settings)
            files.append(caller.one("write whole tables", write_whole, *given))
            manifest = Manifest(_merged(files), marked.parts, plan.key, read_by(settings.lexicon), maps, declared_hash())
            snapshot = manifest.snapshot
            try:
                answers = caller.one("check and publish", publish, lake, building, manifest, fresh, settings)
            except CheckFailed as failure:
                if before.files:
                    failed_run = Outcome("failed", before.snapshot, {}, clock.seconds, failure.answers)
                    failed_run.counts |= {"documents_staged": staged_anew, "documents_read": read_anew}
                    _count(lake, plan, found, refused, failed_run, lexicon.languages, settings)
                    _log(lake, started, plan, failed_run, lexicon)
                raise
            clear_parts(lake, where)
            shutil.rmtree(lake.stage / ".todo", ignore_errors=True)
            clock.stage("publish")
        shutil.rmtree(lake.stage / ".spool", ignore_errors=True)
        outcome = Outcome(
            "unchanged" if snapshot == before.snapshot and before.files else "published",
            snapshot,
            {},
            clock.seconds,
            answers,
            notes=[*listing.notes, *plan.notes],
        )
        outcome.counts |= {"documents_staged": staged_anew, "documents_read": read_anew}
        _count(lake, plan, found, refused, outcome, lexicon.languages, settings)
        _log(lake, started, plan, outcome, lexicon)
        shutil.rmtree(lake.stage / ".marks", ignore_errors=True)
    return outcome


def _length(todo: str) -> int:
    """How many documents a part file holds."""
    path = Path(todo)
    if path.suffix == ".parquet":
        return int(pq.read_metadata(path).num_rows)
    return len(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))


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


def _count(
    lake: Lake,
    plan: Plan,
    found: Sequence[Input],
    refused: Set[str],
    outcome: Outcome,
    languages: frozenset[str],
    settings: Settings,
) -> None:
    """Fill in a run's counts and rejects from the warehouse as it stands now; `refused` are the documents that could not be
    read."""
    with open_catalog(lake, lambda: TABLES, settings.for_duckdb, lake.stage / ".marks") as connection:
        standing = take_stock(connection, languages)
        outcome.measures = take_measures(connection) if outcome.outcome == "published" else []
    listed = {f.source_uri for f in found}
    of = {printable(f.container) for f in found if f.container}
    outcome.counts |= standing.counts
    outcome.not_read = standing.not_read
    outcome.rejected = [r for r in standing.rejected if r[0] in listed or not of.isdisjoint(enclosing(r[0]))]
    for uri, (document_id, word) in plan.outcomes.items():
        plan.outcomes[uri] = (document_id, "rejected" if document_id in refused and uri in listed else word)
    words = Counter(word for _, word in plan.outcomes.values())
    more = sum(f.records - 1 for f in found)
    words["rejected"] += more
    outcome.counts |= {w: words[w] for w in ("added", "changed", "unchanged", "removed", "rejected")}
    outcome.counts["inputs"] = len(found) + more


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
    checked = [
        {
            "run_id": run_id, "check_name": a.name, "severity": a.severity, "about": a.about, "offending_rows": a.rows,
            "example": str(a.examples[0]) if a.examples else None,
        }
        for a in outcome.answers
    ]  # fmt: skip
    measured = [
        {"run_id": run_id, "measure": m.name, "value": m.value, "before": m.before, "is_unusual": m.is_unusual}
        for m in outcome.measures
    ]
    logs = (
        (tables.RUN_INPUTS, inputs),
        (tables.CHECK_RESULTS, checked),
        (tables.MEASURES, measured),
        (tables.RUNS, [row]),
    )
    for table, rows in logs:
        if not rows and table is not tables.RUN_INPUTS:
            continue
        folder = lake.root / "runs" / table.name
        write_parquet(table.batch(rows), folder / f"{run_id}.parquet")
