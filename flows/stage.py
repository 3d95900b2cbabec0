"""Staging: the documents of a part read, each by itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pyarrow.parquet as pq

from flows.caller import Caller
from flows.inputs import spool_again
from flows.inputs.walk import STAGED_IDS, Input
from flows.outcome import DiskFailed
from flows.parts import compact_parts
from flows.plan import DISK_FAILED, MANY, Plan
from flows.settings import Settings
from flows.versions import lexicon_of, stage_version
from transforms.ids import document_id_of
from transforms.staging import Raw, stage_batch
from warehouse.files import write_part
from warehouse.lake import Lake, staged_documents


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
    wanted: list[tuple[str, str, str, str]] = json.loads(
        path.read_text(encoding="utf-8", errors="surrogatepass")
    )
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
    return [
        f
        for failed in caller.each("stage part", stage_part, [(t, settings.lexicon) for t in todo])
        for f in failed
    ], tried


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


def _length(todo: str) -> int:
    """How many documents a part file holds."""
    path = Path(todo)
    if path.suffix == ".parquet":
        return int(pq.read_metadata(path).num_rows)
    return len(json.loads(path.read_text(encoding="utf-8", errors="surrogatepass")))
