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
from warehouse.files import hash_file
from warehouse.lake import Lake
from warehouse.manifest import Manifest
from warehouse.ours import MARKER


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


def test_a_damaged_file_is_told_and_the_next_run_heals(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
    (tmp_path / "more.txt").write_text(
        "More\n\nIt rained in Raqqa all day on Monday, the SDF said in a statement."
    )
    build(warehouse, SAMPLES, tmp_path / "more.txt")
    expected = rows(warehouse)
    current = Lake(warehouse).snapshot_dir(Lake(warehouse).current() or "")
    shared = next(f for f in current.glob("forces/*.parquet") if f.stat().st_nlink > 0)
    shared.unlink()
    code, told = doctor(warehouse, capsys)
    assert code == 0
    assert any("back from an older snapshot" in line for line in told)
    assert rows(warehouse) == expected


def test_no_warehouse_and_a_busy_one(
    warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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


def test_a_warehouse_from_before_a_table_opens(
    warehouse: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table that was not there then is empty, a stored view that had less is counted anew, and every command works."""
    lake = Lake(warehouse)
    folder = lake.snapshot_dir(lake.current() or "")
    body = json.loads((folder / "manifest.json").read_text())
    for table in ("unknown_names", "refused_pairs"):
        shutil.rmtree(folder / table)
        del body["files"][table]
    view = folder / "mentions_per_town" / "part-0.parquet"
    pq.write_table(pq.read_table(view, partitioning=None).drop_columns(["stories"]), view)
    body["files"]["mentions_per_town"]["part-0.parquet"] = hash_file(view)
    body = {k: v for k, v in body.items() if k not in ("built_by", "maps")} | {
        "read_by": "older",
        "inputs_key": "older",
    }
    manifest = Manifest.of(json.dumps(body))
    old = folder.rename(folder.with_name(manifest.snapshot))
    (old / "manifest.json").write_text(manifest.to_json())
    (warehouse / "current.json").write_text(json.dumps({"snapshot": manifest.snapshot}))
    (warehouse / MARKER).unlink()
    shutil.rmtree(warehouse / "runs" / "measures")
    there = ["--warehouse", str(warehouse)]
    assert main(["check", *there]) == 0
    assert main(["report", *there]) == 0
    assert main(["export", "--format", "csv", "--out", str(tmp_path / "out"), *there]) == 0
    assert main(["lexicon", "suggest", *there]) == 0
    assert main(["explain", "mentions_per_town", "raqqa", *there]) == 0
    assert query(warehouse, "select count(*) from unknown_names") == [(0,)]
    assert query(warehouse, "select count(stories) > 0 from mentions_per_town") == [(True,)]
    build(warehouse, SAMPLES)
    build(tmp_path / "fresh", SAMPLES)
    assert rows(warehouse) == rows(tmp_path / "fresh")


def test_a_warehouse_of_a_newer_program_is_refused(
    warehouse: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = Lake(warehouse).snapshot_dir(Lake(warehouse).current() or "") / "manifest.json"
    path.write_text(path.read_text().replace('"schema_version": 1', '"schema_version": 2'))
    for command in (["sql", "select 1"], ["check"], ["run", str(SAMPLES), "--inline"]):
        assert main([*command, "--warehouse", str(warehouse)]) == 1
        assert "newer warwire" in capsys.readouterr().err


# ------------------------------------------------------------------ export
def test_csv_and_jsonl_hold_every_row(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
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
