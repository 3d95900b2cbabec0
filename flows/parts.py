"""Staged parts as they pile up: small ones put together, those that nothing is read from any more cleared away."""

from __future__ import annotations

from collections.abc import Mapping

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from flows.inputs.spool import PART_DOCUMENTS, part_name
from transforms import tables
from transforms.staging import STAGED
from warehouse import ours
from warehouse.files import write_part
from warehouse.lake import Lake

SMALL = PART_DOCUMENTS // 4  # documents; a part with fewer is put together with others
MANY = 16  # small parts that may stand; a run a day makes one


def compact_parts(lake: Lake, where: Mapping[str, str]) -> dict[str, str]:
    """Put small parts together once there are many: `where` is {document: the part it is read from}, before and after."""
    held: dict[str, list[str]] = {}
    for document_id, part in sorted(where.items()):
        held.setdefault(part, []).append(document_id)
    small = sorted(p for p, documents in held.items() if len(documents) < SMALL)
    if len(small) <= MANY:
        return dict(where)
    moved = dict(where)
    prefixes = sorted({p.partition("-")[0] for p in small})
    for prefix in prefixes:
        group: list[str] = []
        for part in [p for p in small if p.startswith(f"{prefix}-")]:
            if sum(len(held[p]) for p in (*group, part)) > PART_DOCUMENTS:
                moved |= _join(lake, prefix, group, held)
                group = []
            group.append(part)
        moved |= _join(lake, prefix, group, held)
    return moved


def _join(lake: Lake, prefix: str, parts: list[str], held: Mapping[str, list[str]]) -> dict[str, str]:
    """Write one part with the documents read from these: {document: the part}."""
    if len(parts) < 2:
        return {}
    joined = {}
    for table in STAGED:
        rows = []
        for part in parts:
            staged = pq.read_table(lake.stage / part / f"{table.name}.parquet", schema=table.schema)
            rows.append(staged.filter(pc.is_in(staged["document_id"], pa.array(held[part], pa.string()))))
        joined[table.name] = pa.concat_tables(rows).combine_chunks()
    reads = [
        (d, facts or "")
        for table in (tables.STAGED_DOCUMENTS, tables.STAGED_REJECTS)
        for d, facts in zip(
            *(joined[table.name][c].to_pylist() for c in ("document_id", "facts_hash")), strict=True
        )
    ]
    name = part_name(prefix, reads)
    write_part(lake.stage / name, joined)
    return dict.fromkeys((d for p in parts for d in held[p]), name)


def clear_parts(lake: Lake, where: Mapping[str, str]) -> None:
    """Remove the staged parts that no document is read from; one that comes back is staged anew."""
    used = set(where.values())
    for folder in ours.parts(lake.root):
        if folder.name not in used:
            ours.remove(folder)
