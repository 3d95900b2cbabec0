"""Reading: what is new in each marked part, and what stands as it was."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.caller import Caller
from flows.settings import Settings
from flows.versions import entities_of, lexicon_of, read_by
from transforms import tables
from transforms.names.entities import ENTITIES
from transforms.pipeline import MARKED
from transforms.reading import READ, read_batch
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
from warehouse.files import link_or_copy, part_file, write_parquet
from warehouse.lake import Lake
from warehouse.manifest import Manifest
from warehouse.marks import Marked


def read_part(
    root: Path,
    part: str,
    before: Sequence[str],
    changed: ChangedNames,
    into: Path,
    lexicon_folders: tuple[Path, ...],
) -> tuple[dict[str, dict[str, str]], int]:
    """Read what is new in one marked part and write its tables into a snapshot's folder: ({table: {file: hash}}, documents
    read). Rows of documents whose text and names are as they were stand as they are in the parts `before` of the current
    snapshot; `changed` is what a change of the lexicon can touch."""
    lake = Lake(root)
    lexicon = lexicon_of(lexicon_folders)

    def read_staged() -> dict[str, pa.Table]:
        return {
            t.name: pq.read_table(lake.stage / part / f"{t.name}.parquet", schema=t.schema) for t in MARKED
        }

    marks = lake.stage / ".marks" / part
    block_marks, article_marks = (
        pq.read_table(marks / f"{t.name}.parquet", schema=t.schema)
        for t in (tables.BLOCK_MARKS, tables.ARTICLE_MARKS)
    )
    wanted: list[Any] = article_marks["document_id"].to_pylist()
    if not before:
        read = read_batch(read_staged(), block_marks, article_marks, lexicon)
        files = {
            n: {part_file(part): write_parquet(read.pop(n), into / n / part_file(part))} for n in list(read)
        }
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
        new = article_marks.filter(
            pc.is_in(article_marks["document_id"], pa.array(sorted(anew), pa.string()))
        )
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
