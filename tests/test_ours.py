"""What is not a warehouse's own is never removed, written over or followed."""

from __future__ import annotations

import json
import os
import shutil
from pathlib import Path

import duckdb
import pytest
from conftest import SAMPLES, build, query, write_files

from flows.cli import main
from warehouse.lake import Lake
from warehouse.manifest import Manifest, NotAWarehouse, WarehouseError
from warehouse.ours import MARKER

TEXT = "Trucks\n\nThe first trucks reached Raqqa at noon on Tuesday, two men of the SDF who were there said."


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(p.relative_to(folder)): p.read_bytes()
        for p in folder.rglob("*")
        if p.is_file() and not p.is_symlink()
    }


# ------------------------------------------------------------------ folders of somebody else
@pytest.mark.parametrize(
    "names",
    [("snapshots/mine.txt", "stage/notes/a.txt", "letter.tmp"), ("a.txt",), ("lock",), (".hidden/b.txt",)],
    ids=str,
)
def test_an_ordinary_folder_is_refused_and_left_as_it_is(
    names: tuple[str, ...], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for name in names:
        (tmp_path / "mine" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "mine" / name).write_text("mine")
    before = contents(tmp_path / "mine")
    there = ["--warehouse", str(tmp_path / "mine")]
    assert main(["run", str(SAMPLES), "--inline", *there]) == 2
    said = capsys.readouterr().err.strip().splitlines()[-1]
    assert "is not empty" in said
    assert "--warehouse DIR" in said
    assert main(["doctor", *there]) in (1, 2)
    assert contents(tmp_path / "mine") == before


def test_what_others_put_into_a_warehouse_stays(tmp_path: Path) -> None:
    warehouse = tmp_path / "w"
    folder = write_files(tmp_path / "in", {"a.txt": TEXT})
    build(warehouse, folder)
    mine = (
        "snapshots/old copy/x.parquet",
        "snapshots/notes.txt",
        "stage/mine/y.txt",
        "draft.tmp",
        ".mine.tmp",
        "runs/z.txt",
    )
    for name in mine:
        (warehouse / name).parent.mkdir(parents=True, exist_ok=True)
        (warehouse / name).write_text("mine")
        os.utime((warehouse / name).parent, (0, 0))
    write_files(folder, {"b.txt": TEXT + " It rained."})
    build(warehouse, folder, grace=0.0)
    assert main(["doctor", "--sweep", "--warehouse", str(warehouse)]) == 0
    assert {n: (warehouse / n).read_text() for n in mine} == dict.fromkeys(mine, "mine")
    assert query(warehouse, "select count(*) from documents") == [(2,)]


def test_a_warehouse_from_before_the_marker_is_known_by_its_snapshot(tmp_path: Path) -> None:
    build(tmp_path / "w", SAMPLES)
    (tmp_path / "w" / MARKER).unlink()
    assert build(tmp_path / "w", SAMPLES).outcome == "unchanged"
    assert (tmp_path / "w" / MARKER).exists()
    shutil.rmtree(tmp_path / "w" / "snapshots")
    (tmp_path / "w" / MARKER).unlink()
    with pytest.raises(NotAWarehouse):
        build(tmp_path / "w", SAMPLES)


def test_an_export_leaves_what_it_did_not_write(samples: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    command = ["export", "--format", "csv", "--out", str(out), "--warehouse", str(samples)]
    assert main(command) == 0
    (out / "my notes.txt").write_text("mine")
    assert main(command) == 0
    assert (out / "my notes.txt").read_text() == "mine"
    assert main([*command[:4], str(samples), *command[5:]]) == 1  # a warehouse is no export
    assert query(samples, "select count(*) > 0 from documents") == [(True,)]


# ------------------------------------------------------------------ names that lead out
OUT = ("../../../victim", "/etc/victim", "..", "part-0.parquet/../../../victim", "a b", "")


@pytest.mark.parametrize("name", OUT)
@pytest.mark.parametrize("where", ["table", "file", "part"])
def test_a_manifest_with_other_names_is_none(where: str, name: str) -> None:
    digest = "0" * 64
    files = {"table": {name: {"part-0.parquet": digest}}, "file": {"documents": {name: digest}}, "part": {}}[
        where
    ]
    parts = {name: digest} if where == "part" else {}
    text = json.dumps({"files": files, "parts": parts, "inputs_key": "", "schema_version": 1})
    with pytest.raises(ValueError, match="no name of a warehouse"):
        Manifest.of(text)


@pytest.mark.parametrize("name", [*OUT, None, 3, ["a"]])
def test_a_pointer_to_elsewhere_is_none(name: object, tmp_path: Path) -> None:
    (tmp_path / "current.json").write_text(json.dumps({"snapshot": name}))
    with pytest.raises(WarehouseError, match="cannot be read"):
        Lake(tmp_path).current()


def test_doctor_does_not_follow_names_out_of_the_warehouse(samples: Path, tmp_path: Path) -> None:
    warehouse = Path(shutil.copytree(samples, tmp_path / "w", symlinks=True))
    victim = tmp_path / "profile"
    victim.write_text("mine")
    lake = Lake(warehouse)
    path = lake.snapshot_dir(lake.current() or "") / "manifest.json"
    body = json.loads(path.read_text())
    body["files"]["documents"]["../../../../profile"] = next(iter(body["files"]["documents"].values()))
    path.write_text(json.dumps(body))
    assert main(["doctor", "--warehouse", str(warehouse)]) == 1
    assert victim.read_text() == "mine"


# ------------------------------------------------------------------ links
@pytest.mark.parametrize(
    "name", ["lock", "snapshots", "stage", "runs", "seen.parquet", "current.json", "snapshots/x", "stage/x"]
)
def test_links_inside_a_warehouse_are_not_followed(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = tmp_path / "w"
    build(warehouse, SAMPLES)
    other = write_files(tmp_path / "other", {"a.txt": "mine", "b.txt": "mine"})
    path = warehouse / name
    if name.endswith("/x"):
        path = path.with_name("0123456789abcdef" if "snap" in name else "01234567-0123456789abcdef")
    else:
        path.rename(tmp_path / "kept")
    path.symlink_to(other / "a.txt" if "." in name or name == "lock" else other)
    assert main(["run", str(SAMPLES), "--inline", "--warehouse", str(warehouse)]) == 1
    assert "symbolic link" in capsys.readouterr().err
    assert main(["doctor", "--sweep", "--warehouse", str(warehouse)]) == 1
    assert contents(other) == {"a.txt": b"mine", "b.txt": b"mine"}


def test_the_lock_is_not_emptied(tmp_path: Path) -> None:
    build(tmp_path / "w", SAMPLES)
    (tmp_path / "w" / "lock").write_text("mine")
    build(tmp_path / "w", SAMPLES)
    assert (tmp_path / "w" / "lock").read_text() == "mine"


def test_a_warehouse_may_itself_be_a_link(tmp_path: Path) -> None:
    (tmp_path / "disk").mkdir()
    (tmp_path / "w").symlink_to(tmp_path / "disk")
    build(tmp_path / "w", SAMPLES)
    assert build(tmp_path / "w", SAMPLES).outcome == "unchanged"


# ------------------------------------------------------------------ a warehouse of a stranger
def test_what_a_received_catalog_says_is_not_run(
    samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = Path(shutil.copytree(samples, tmp_path / "w", symlinks=True))
    secret = tmp_path / "secret.csv"
    secret.write_text("a\nsecret\n")
    path = warehouse / "warehouse.duckdb"
    path.unlink()
    with duckdb.connect(str(path)) as connection:
        connection.execute(f"create view stolen as from read_csv('{secret}')")
        connection.execute(
            "create view warwire_catalog as select a as root, a as snapshot, a as code from stolen"
        )
        connection.execute("create view mentions_per_town as from stolen")
    there = ["--warehouse", str(warehouse)]
    assert main(["sql", "select count(*) from mentions_per_town", "--format", "csv", *there]) == 0
    assert main(["explain", "mentions_per_town", "raqqa", *there]) == 0
    assert "secret" not in capsys.readouterr().out
    assert query(warehouse, "select count(*) from duckdb_views() where view_name = 'stolen'") == [(0,)]


@pytest.mark.parametrize(
    "query_text",
    [
        "from read_csv('{secret}')",
        "from read_text('{secret}')",
        "copy (select 1) to '{secret}'",
        "attach '{secret}' as x",
        "from glob('{folder}/*')",
    ],
)
def test_questions_reach_nothing_but_the_warehouse(
    query_text: str, samples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    code = main(["sql", query_text.format(secret=secret, folder=tmp_path), "--warehouse", str(samples)])
    assert code == 1
    assert "disabled by configuration" in capsys.readouterr().err
    assert secret.read_text() == "a\n1\n"


# ------------------------------------------------------------------ names and cells
@pytest.mark.parametrize("name", ["a*b", "q[1]?", "back\\slash", "quo'te", "new\nline"])
def test_odd_folders(name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """`a*b` beside `acb`: a pattern would take in both."""
    build(tmp_path / "acb", SAMPLES)
    warehouse = tmp_path / name
    build(warehouse, write_files(tmp_path / "in", {"a.txt": TEXT}))
    there = ["--warehouse", str(warehouse)]
    assert query(warehouse, "select count(*) from documents") == [(1,)]
    capsys.readouterr()
    assert main(["sql", "select count(*) as n from documents", "--format", "csv", *there]) == 0
    assert capsys.readouterr().out == "n\n1\n"
    assert main(["check", *there]) == 0
    assert main(["report", *there]) == 0
    assert main(["export", "--format", "jsonl", "--out", str(tmp_path / "out"), *there]) == 0
    assert main(["doctor", *there]) == 0
    build(warehouse, write_files(tmp_path / "in", {"b.txt": TEXT + " It rained."}))
    assert query(warehouse, "select count(*) from documents") == [(2,)]


def test_a_folder_that_duckdb_cannot_be_told_is_refused(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="choose another"):
        build(tmp_path / "a\\b*", SAMPLES)


def test_cells_and_control_characters_are_shown_and_not_obeyed(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    title = "=HYPERLINK(1) \x1b]0;title\x07 and \x1b[31mred"
    rows = json.dumps(
        [
            {"title": title, "text": TEXT, "author": "+1"},
            {"title": "Two", "text": TEXT + " It rained.", "author": "-x"},
        ]
    )
    build(tmp_path / "w", write_files(tmp_path / "in", {"a.json": rows}))
    there = ["--warehouse", str(tmp_path / "w")]
    capsys.readouterr()
    ((article_id, paragraph_id),) = query(
        tmp_path / "w", "select article_id, min(paragraph_id) from paragraphs where text like '=%' group by 1"
    )
    for command in (["sql", "from paragraphs"], ["explain", str(paragraph_id)], ["explain", str(article_id)]):
        assert main([*command, *there]) == 0
        assert "\x1b" not in capsys.readouterr().out
    asked = "select text, -1 as n from paragraphs where text like '=%'"
    assert main(["sql", asked, "--format", "csv", *there]) == 0
    assert capsys.readouterr().out.splitlines()[1].startswith("'=HYPERLINK")
    assert main(["export", "--format", "csv", "--out", str(tmp_path / "out"), *there]) == 0
    assert "'=HYPERLINK" in (tmp_path / "out" / "paragraphs.csv").read_text()
    assert ",=HYPERLINK" not in (tmp_path / "out" / "paragraphs.csv").read_text()
