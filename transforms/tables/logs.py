"""Tables that runs add to, outside snapshots."""

from __future__ import annotations

from transforms.schema import Column, Table
from transforms.tables.columns import SOURCE_URI

RUNS = Table(
    "runs",
    "One run of the pipeline.",
    ("run_id",),
    (
        Column("run_id", "string", "Start time and process, so that runs sort by time.", null=False),
        Column("started_at", "timestamp", "Start (UTC).", null=False),
        Column("ended_at", "timestamp", "End (UTC).", null=False),
        Column(
            "outcome",
            "string",
            "published = a new snapshot; unchanged = nothing new; failed = a check kept the old snapshot.",
            values=("published", "unchanged", "failed"),
            null=False,
        ),
        Column("snapshot", "string", "The snapshot that was current at the end.", null=False),
        Column("inputs", "int32", "Inputs looked at.", null=False),
        Column("added", "int32", "Inputs new to the warehouse.", null=False),
        Column("changed", "int32", "Inputs whose bytes are not what they were.", null=False),
        Column("unchanged", "int32", "Inputs already in the warehouse.", null=False),
        Column("removed", "int32", "Inputs gone and pruned.", null=False),
        Column("rejected", "int32", "Inputs that could not be taken in.", null=False),
        Column("documents", "int32", "Documents in the warehouse at the end.", null=False),
        Column("paragraphs", "int32", "Paragraphs in the warehouse at the end.", null=False),
        Column("paragraphs_kept", "int32", "Those that count.", null=False),
        Column("articles", "int32", "Articles in the warehouse at the end.", null=False),
        Column("stories", "int32", "Stories in the warehouse at the end.", null=False),
        Column("mentions", "int32", "Mentions in the warehouse at the end.", null=False),
        Column("documents_staged", "int32", "Documents read anew in this run.", null=False),
        Column(
            "documents_read",
            "int32",
            "Documents whose names and records were read anew in this run.",
            null=False,
        ),
        Column("warwire_version", "string", "Version of this program.", null=False),
        Column("rules_version", "string", "Hash of the program's own rules.", null=False),
        Column("lexicon_hash", "string", "Hash of the lexicon.", null=False),
        Column("seconds_by_stage", "string", "JSON: seconds by stage.", null=False),
    ),
    "log",
)
CHECK_RESULTS = Table(
    "check_results",
    "What one check found at the end of one run that made or tried to make a snapshot.",
    ("run_id", "check_name"),
    (
        Column("run_id", "string", "The run.", null=False),
        Column("check_name", "string", "The check: a file of warehouse/sql/checks, or what is asked of a table as it is declared: its name and _keys, _values, _links or _spans.", null=False),
        Column("severity", "string", "fail = offending rows keep the old snapshot; warn = they are told.", values=("fail", "warn"), null=False),
        Column("about", "string", "What it asks.", null=False),
        Column("offending_rows", "int64", "Rows that should not be there.", null=False),
        Column("example", "string", "One of them."),
    ),
    "log",
)  # fmt: skip
MEASURES = Table(
    "measures",
    "One volume or share of the warehouse after one run that made a snapshot.",
    ("run_id", "measure"),
    (
        Column("run_id", "string", "The run.", null=False),
        Column("measure", "string", "What is measured: rows of a table, or the share of its rows that have a value.", null=False),
        Column("value", "double", "Rows, or a share from 0 to 1.", null=False),
        Column("before", "double", "What the run before measured."),
        Column("is_unusual", "boolean", "Whether it fell by more than a tenth (rows) or moved by more than five points (a share).", null=False),
    ),
    "log",
)  # fmt: skip
RUN_INPUTS = Table(
    "run_inputs",
    "What one run made of one input.",
    ("run_id", "source_uri"),
    (
        Column("run_id", "string", "The run.", null=False),
        SOURCE_URI,
        Column("document_id", "string", "Its id, where its bytes could be read."),
        Column(
            "outcome",
            "string",
            "What became of it.",
            values=("added", "unchanged", "changed", "removed", "rejected"),
            null=False,
        ),
    ),
    "log",
)
