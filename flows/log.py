"""A run's own rows: counts, inputs, checks, measures."""

from __future__ import annotations

import json
import os
from collections import Counter
from collections.abc import Sequence, Set
from datetime import UTC, datetime
from importlib.metadata import version

from flows.inputs.uris import enclosing
from flows.inputs.walk import Input, printable
from flows.outcome import Outcome
from flows.plan import Plan
from flows.settings import Settings
from flows.versions import rules_version
from transforms import tables
from transforms.names.lexicon import Lexicon
from transforms.pipeline import TABLES
from warehouse.catalog import open_catalog
from warehouse.checks import take_measures
from warehouse.files import write_parquet
from warehouse.lake import Lake
from warehouse.stock import take_stock


def count(
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
        outcome.measures = take_measures(connection, TABLES) if outcome.outcome == "published" else []
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


def log(lake: Lake, started: datetime, plan: Plan, outcome: Outcome, lexicon: Lexicon) -> None:
    """Add this run to the logs."""
    ended = datetime.now(UTC)
    run_id = f"{started:%Y%m%dT%H%M%S.%f}-{os.getpid()}"
    row = {
        "run_id": run_id,
        "started_at": started,
        "ended_at": max(ended, started),
        "outcome": outcome.outcome,
        "snapshot": outcome.snapshot,
        **outcome.counts,
        "warwire_version": version("warwire"),
        "rules_version": rules_version(),
        "lexicon_hash": lexicon.hash,
        "seconds_by_stage": json.dumps(outcome.seconds),
    }
    inputs = [
        {"run_id": run_id, "source_uri": u, "document_id": d, "outcome": o}
        for u, (d, o) in sorted(plan.outcomes.items())
    ]
    checked = [
        {
            "run_id": run_id,
            "check_name": a.name,
            "severity": a.severity,
            "about": a.about,
            "offending_rows": a.rows,
            "example": str(a.examples[0]) if a.examples else None,
        }
        for a in outcome.answers
    ]
    measured = [
        {
            "run_id": run_id,
            "measure": m.name,
            "value": m.value,
            "before": m.before,
            "is_unusual": m.is_unusual,
        }
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
