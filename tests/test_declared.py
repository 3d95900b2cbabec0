"""What tables declare is what they hold: keys, values, links, spans; each broken in turn, and a check must say so."""

from __future__ import annotations

import importlib
import json
import pkgutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pyarrow as pa
import pytest
from conftest import ROOT, SAMPLES

import transforms.records
from flows import read as step
from flows.cli import main
from transforms import tables
from transforms.pipeline import TABLES
from transforms.records import RECORDS
from transforms.records.record import Record
from transforms.schema import Column, SchemaError, Table
from transforms.tables.seeds import SEED_TABLES
from warehouse.checks import run_checks
from warehouse.declared import declared_checks

PUBLISHED = {t.name: t for t in TABLES if t.where != "log"}
CHECKS = declared_checks(TABLES)
FROM_ELSEWHERE = {"wikidata_id", "geonames_id", "external_id"}


@pytest.fixture(scope="module")
def tables_of_samples(samples: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """The samples' tables as tables that can be changed."""
    with duckdb.connect() as connection:
        for name in (t.name for t in TABLES):
            folder = samples / ("runs" if name not in PUBLISHED else "current") / name
            connection.execute(
                f"create table {name} as from read_parquet('{folder}/*.parquet', union_by_name = true)"
            )
        connection.execute("insert into rejects values ('/in/a', null, 'list', 'missing', 'no such file', 1)")
        connection.execute(
            "insert into refused_pairs select min(article_id), max(article_id), 'passage', 0.5, 0.5, 0.5, 0.5 from articles"
        )
        yield connection


def test_what_is_published_is_as_declared(tables_of_samples: duckdb.DuckDBPyConnection) -> None:
    assert not [a for a in run_checks(tables_of_samples, TABLES) if a.failed]


def test_nothing_of_a_record_is_forgotten() -> None:
    """A type of record that its file declares is in RECORDS and has cases; a seed table that is declared has a file, and the other
    way round."""
    declared = [
        value
        for module in pkgutil.iter_modules(transforms.records.__path__)
        for value in vars(importlib.import_module(f"transforms.records.{module.name}")).values()
        if isinstance(value, Record)
    ]
    assert {r.table.name for r in declared} == {r.table.name for r in RECORDS}
    lines = (ROOT / "tests" / "cases" / "records.jsonl").read_text(encoding="utf-8").splitlines()
    assert {r.table.name for r in RECORDS} <= {key for line in lines for key in json.loads(line)}
    files = {path.stem for path in (ROOT / "seeds").rglob("*.csv")}
    assert files - {"weak_words"} == set(SEED_TABLES)  # those are what the gazetteer is built with


def test_every_link_is_declared() -> None:
    """An id is a table's own key, a link to other tables' rows, or someone else's."""
    loose = [
        f"{t.name}.{c.name}"
        for t in PUBLISHED.values()
        for c in t.columns
        if c.name.endswith(("_id", "_ids")) and c.name not in {*t.key, *FROM_ELSEWHERE} and not c.links
    ]
    assert loose == ["rejects.document_id"] or loose == []
    assert {to for t in PUBLISHED.values() for c in t.columns for to in c.links} <= set(PUBLISHED)


@pytest.mark.parametrize("check", CHECKS)
def test_a_check_notices(check: str, tables_of_samples: duckdb.DuckDBPyConnection) -> None:
    name, what = check.rsplit("_", 1)
    table, connection = PUBLISHED[name], tables_of_samples
    breaks = {
        "keys": [f"insert into {name} from {name} limit 1"],
        "values": [f"update {name} set {c.name} = 'nobody'" for c in table.columns if c.values],
        "links": [
            f"update {name} set {c.name} = {'[' * (c.type != 'string')}'nobody'{']' * (c.type != 'string')}" for c in table.columns if c.links
        ],
        "spans": [f"update {name} set {at} = {at} + 1" for at in ("start_char", "document_start_char")],
    }[what]  # fmt: skip
    assert connection.sql(f"select count(*) from {name}").fetchall()[0][0], "no row to break"
    for sql in breaks:
        connection.execute("begin")
        try:
            connection.execute(sql)
            told = {a.name: a for a in run_checks(connection, TABLES) if a.failed}
            assert check in told, sql
            assert name in told[check].about
        finally:
            connection.execute("rollback")


@pytest.mark.parametrize(
    ("value", "fault"), [("nobody", "kind: nobody is none of a, b"), (None, "kind: null")]
)
def test_a_batch_is_as_declared(value: str | None, fault: str) -> None:
    columns = (
        Column("id", "string", "Its id."),
        Column("kind", "string", "A kind.", values=("a", "b"), null=False),
    )
    table = Table("t", "One.", ("id",), columns)
    assert table.batch([{"id": "1", "kind": "a"}, {"id": "2", "kind": "b"}]).num_rows == 2
    with pytest.raises(SchemaError, match=fault):
        table.batch([{"id": "1", "kind": "a"}, {"id": "2", "kind": value}])


def test_a_run_that_breaks_its_tables_publishes_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One id for every row, spans shifted by one, a force called nobody: exit code 1, and a line that names each."""
    read_batch = step.read_batch

    def broken(*given: Any) -> dict[str, pa.Table]:
        read = read_batch(*given)
        read["quotes"] = changed(read["quotes"], "quote_id", lambda _: "0" * 32)
        read["events"] = changed(read["events"], "document_start_char", lambda at: at + 1)
        read["figures"] = changed(read["figures"], "force_id", lambda _: "nobody")
        return read

    monkeypatch.setattr(step, "read_batch", broken)
    assert main(["run", str(SAMPLES), "--warehouse", str(tmp_path / "w"), "--inline", "--workers", "1"]) == 1
    (said,) = [line for line in capsys.readouterr().err.splitlines() if line.startswith("warwire: ")]
    for fault in ("quotes_keys", "events_spans", "figures_links", "'nobody'"):
        assert fault in said
    assert not (tmp_path / "w" / "current.json").exists()


def changed(table: pa.Table, column: str, change: Any) -> pa.Table:
    values = pa.array(map(change, table[column].to_pylist()), table.schema.field(column).type)
    return table.set_column(table.schema.get_field_index(column), table.schema.field(column), values)


def test_values_of_logs_are_checked_when_they_are_written() -> None:
    row = {
        "run_id": "r",
        "check_name": "c",
        "severity": "sometimes",
        "about": "",
        "offending_rows": 0,
        "example": None,
    }
    with pytest.raises(SchemaError, match="severity"):
        tables.CHECK_RESULTS.batch([row])
