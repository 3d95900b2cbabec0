"""Marking: what is decided over all documents."""

from __future__ import annotations

import shutil
from collections import defaultdict
from collections.abc import Mapping
from typing import Any

import pyarrow.parquet as pq

from flows.inputs.container import MOST_REJECTS, the_rest
from flows.inputs.uris import container_of
from flows.plan import Plan
from flows.settings import Settings
from transforms import tables
from warehouse.lake import Lake
from warehouse.marks import Marked, mark


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
        {
            "source_uri": f.source_uri,
            "document_id": None,
            "stage": "list",
            "reason": f.reason,
            "detail": f.detail,
            "records": f.records,
        }
        for f in plan.rejects.values()
    ]
    kinds: dict[tuple[str, str], list[tuple[str, str]]] = defaultdict(list)
    for uri, source in sorted(plan.sources.items()):
        if source.document_id in unreadable:
            container = container_of(uri)
            kinds[container or uri, unreadable[source.document_id][0]].append((uri, source.document_id))
    for (container, reason), found in kinds.items():
        rows += [
            {
                "source_uri": u,
                "document_id": d,
                "stage": "parse",
                "reason": reason,
                "detail": unreadable[d][1],
                "records": 1,
            }
            for u, d in found[:MOST_REJECTS]
        ]
        if rest := [u.removeprefix(f"{container}!") for u, _ in found[MOST_REJECTS:]]:
            uri, detail = the_rest(container, rest[0], rest[-1], len(rest))
            rows.append(
                {
                    "source_uri": uri,
                    "document_id": None,
                    "stage": "parse",
                    "reason": reason,
                    "detail": detail,
                    "records": len(rest),
                }
            )
    return sorted(rows, key=lambda r: (str(r["source_uri"]), str(r["document_id"])))
