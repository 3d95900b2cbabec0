"""What breaks on disk, and what `warwire doctor` makes of it; the tables in other formats."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES, build, query
from test_run import rows

from flows.cli import main
from transforms.pipeline import TABLES
from warehouse.lake import Lake


@pytest.fixture
def warehouse(samples: Path, tmp_path: Path) -> Path:
    """A copy of the samples' warehouse, to break."""
    return Path(shutil.copytree(samples, tmp_path / "w", symlinks=True))


def doctor(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> tuple[int, list[str]]:
    code = main(["doctor", "--warehouse", str(warehouse)])
    return code, [line for line in capsys.readouterr().out.splitlines() if not line.startswith("ok")]


def test_a_whole_warehouse_has_nothing_to_mend(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    doctor(warehouse, capsys)  # moved here: its catalog is written anew once
    assert doctor(warehouse, capsys) == (0, [])


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        ("current.json", "the newest whole snapshot"),
        ("warehouse.duckdb", "warehouse.duckdb and the link"),
        ("stage", "staged parts cleared away"),
        ("seen.parquet", "hashes every input"),
        ("log", "log files put aside"),
    ],
)
def test_what_breaks_is_mended(
    broken: str, said: str, warehouse: Path, samples: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    doctor(warehouse, capsys)
    expected = rows(warehouse)
    path = {
        "stage": next(warehouse.glob("stage/*/staged_blocks.parquet")),
        "log": next(warehouse.glob("runs/run_inputs/[!0]*.parquet")),
    }.get(broken, warehouse / broken)
    path.write_bytes(b"no such thing")
    code, told = doctor(warehouse, capsys)
    assert code == 0
    assert any(line.startswith("mended") and said in line for line in told)
    assert rows(warehouse) == expected
    assert build(warehouse, SAMPLES).outcome == "unchanged" or broken == "stage"
    assert rows(warehouse) == expected


def test_a_damaged_file_is_told_and_the_next_run_heals(warehouse: Path, capsys: pytest.CaptureFixture[str]) -> None:
    expected = rows(warehouse)
    snapshot = Lake(warehouse).snapshot_dir(Lake(warehouse).current() or "")
    next((snapshot / "mentions").glob("*.parquet")).unlink()
    code, told = doctor(warehouse, capsys)
    assert code == 1
    assert any("damaged or missing" in line for line in told)
    build(warehouse, SAMPLES)
    assert rows(warehouse) == expected


def test_a_file_that_an_older_snapshot_has_comes_back(
    warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "more.txt").write_text("More\n\nIt rained in Raqqa all day on Monday, the SDF said in a statement.")
    build(warehouse, SAMPLES, tmp_path / "more.txt")
    expected = rows(warehouse)
    current = Lake(warehouse).snapshot_dir(Lake(warehouse).current() or "")
    shared = next(f for f in current.glob("forces/*.parquet") if f.stat().st_nlink > 0)
    shared.unlink()
    code, told = doctor(warehouse, capsys)
    assert code == 0
    assert any("back from an older snapshot" in line for line in told)
    assert rows(warehouse) == expected


def test_no_warehouse_and_a_busy_one(warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--warehouse", str(tmp_path / "none")]) == 2
    with Lake(warehouse).lock():
        assert main(["doctor", "--warehouse", str(warehouse)]) == 3


def test_a_warehouse_from_before_a_column_opens(warehouse: Path) -> None:
    """Additive evolution: what older files lack is null."""
    for path in warehouse.glob("runs/runs/[!0]*.parquet"):
        table = pq.read_table(path, partitioning=None)
        pq.write_table(table.drop_columns(["documents_read"]), path)
    for path in warehouse.glob("runs/runs/0.parquet"):
        pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["documents_read"]), path)
    snapshot = Lake(warehouse).snapshot_dir(Lake(warehouse).current() or "")
    for path in snapshot.glob("mentions/*.parquet"):
        pq.write_table(pq.read_table(path, partitioning=None).drop_columns(["sentence_position"]), path)
    (warehouse / "warehouse.duckdb").unlink()
    assert main(["sql", "select 1", "--warehouse", str(warehouse)]) == 0
    assert query(warehouse, "select distinct sentence_position from mentions") == [(None,)]
    assert query(warehouse, "select distinct documents_read from runs") == [(None,)]


# ------------------------------------------------------------------ export
def test_csv_and_jsonl_hold_every_row(samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for kind in ("csv", "jsonl"):
        out = tmp_path / kind
        assert main(["export", "--format", kind, "--out", str(out), "--warehouse", str(samples)]) == 0
        package = json.loads((out / "datapackage.json").read_text())
        assert {r["name"] for r in package["resources"]} == {t.name for t in TABLES}
        read = {"csv": "read_csv", "jsonl": "read_json"}[kind]
        for table in ("mentions", "paragraphs", "figures", "rejects", "aliases"):
            (n,) = query(samples, f"select count(*) from {table}")[0]
            if n:
                assert query(samples, f"select count(*) from {read}('{out / f'{table}.{kind}'}')") == [(n,)]


def test_delta_and_iceberg_hold_every_row(samples: Path, tmp_path: Path) -> None:
    some = ["--table", "mentions", "--table", "events", "--table", "rejects", "--warehouse", str(samples)]
    assert main(["export", "--format", "delta", "--out", str(tmp_path / "delta"), *some]) == 0
    assert main(["export", "--format", "iceberg", "--out", str(tmp_path / "iceberg"), *some]) == 0
    from deltalake import DeltaTable
    from pyiceberg.catalog.sql import SqlCatalog

    catalog = SqlCatalog("warwire", uri=f"sqlite:///{tmp_path / 'iceberg' / 'catalog.db'}")
    for table in ("mentions", "events", "rejects"):
        (n,) = query(samples, f"select count(*) from {table}")[0]
        assert DeltaTable(str(tmp_path / "delta" / table)).to_pyarrow_table().num_rows == n
        assert catalog.load_table(f"warwire.{table}").scan().to_arrow().num_rows == n


def test_an_export_never_empties_a_folder_that_is_not_its_own(samples: Path, tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("keep")
    export = ["export", "--format", "csv", "--warehouse", str(samples), "--table", "forces", "--out"]
    assert main([*export, str(tmp_path)]) == 1
    assert (tmp_path / "mine.txt").read_text() == "keep"
    assert main([*export, str(tmp_path / "new")]) == main([*export, str(tmp_path / "new")]) == 0
    assert main([*export, str(tmp_path / "new"), "--table", "none"]) == 2
