"""Whole runs: same rows whatever the order, nothing lost whatever happens."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import duckdb
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import SAMPLES, build, query, write_files

from flows.cli import main
from flows.outcome import CheckFailed
from transforms.pipeline import TABLES
from warehouse.files import write_parquet, write_part
from warehouse.lake import Lake
from warehouse.manifest import WarehouseBusy

COMPARED = [t for t in TABLES if t.where != "log"]
CASES = [
    json.loads(line)
    for line in (Path(__file__).parent / "cases" / "samples.jsonl").read_text(encoding="utf-8").splitlines()
]
SENTENCE = (
    "The first trucks reached Raqqa at noon on Tuesday, two men who were there with the SDF and the YPG said."
)


def rows(warehouse: Path) -> dict[str, list[tuple[object, ...]]]:
    """Every row of every table but the logs, sorted by key."""
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as connection:
        return {
            t.name: connection.sql(f"select * from {t.name} order by {', '.join(t.key)}").fetchall()
            for t in COMPARED
        }


def files(warehouse: Path) -> dict[str, bytes]:
    return {str(p.relative_to(warehouse)): p.read_bytes() for p in warehouse.glob("snapshots/*/*/*.parquet")}


# ------------------------------------------------------------------ the samples, as labelled by hand
@pytest.mark.parametrize("case", CASES, ids=lambda c: c["file"])
def test_samples(case: dict[str, object], samples: Path) -> None:
    found = query(
        samples,
        f"""select a.* from (select article_id, title, published_on::varchar, outlet_id, origin_outlet_id, articles.text from articles
        join documents using (document_id) where source_uri like '%/{case["file"]}') a""",
    )
    assert len(found) == 1
    article_id, title, published_on, outlet_id, origin_outlet_id, text = found[0]
    assert title == case["title"]
    assert published_on == case["published_on"]
    assert outlet_id == case["outlet_id"]
    assert origin_outlet_id == case["origin_outlet_id"]
    paragraphs = str(text).split("\n\n")
    starts = [" ".join(p.split()[:5]) for p in paragraphs]
    assert starts == case["kept_starts"]
    kept = [
        str(t)
        for (t,) in query(samples, f"select text from paragraphs where article_id = '{article_id}' and kept")
    ]
    assert len(kept) == len(set(kept))
    dropped = {" ".join(str(d).split()) for d in case["dropped"]}  # type: ignore[attr-defined]
    printed_again = {d for d in dropped if any(d.startswith(s) for s in starts)}
    assert not (dropped - printed_again) & set(kept)
    towns = dict(
        query(
            samples,
            f"""select p.name, count(*) from counted_mentions m join places p on p.place_id = m.entity_id
        where m.article_id = '{article_id}' and p.kind = 'town' group by 1""",
        )
    )
    assert towns == case["towns"]


def test_samples_pass_every_check(samples: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--warehouse", str(samples)]) == 0
    assert "FAIL" not in capsys.readouterr().out


# ------------------------------------------------------------------ determinism
def test_a_second_run_changes_nothing(tmp_path: Path) -> None:
    build(tmp_path / "w", SAMPLES)
    before = files(tmp_path / "w")
    again = build(tmp_path / "w", SAMPLES)
    assert again.outcome == "unchanged"
    assert files(tmp_path / "w") == before
    assert query(tmp_path / "w", "select outcome, count(*) from runs group by 1 order by 1") == [
        ("published", 1),
        ("unchanged", 1),
    ]
    assert query(tmp_path / "w", "select distinct outcome from run_inputs order by 1") == [
        ("added",),
        ("unchanged",),
    ]


def test_order_runs_and_workers_do_not_matter(tmp_path: Path) -> None:
    documents = sorted(SAMPLES.iterdir())[::2]
    build(tmp_path / "one", *documents)
    build(tmp_path / "two", *documents, workers=2)
    for document in reversed(documents):
        build(tmp_path / "many", document)
    build(tmp_path / "halves", *documents[::2])
    build(tmp_path / "halves", *documents[1::2])
    expected = rows(tmp_path / "one")
    assert expected["mentions"]
    for name in ("two", "many", "halves"):
        assert rows(tmp_path / name) == expected, name


@pytest.mark.parametrize("workers", [2, 8])
def test_part_cuts_do_not_depend_on_workers(workers: int, tmp_path: Path) -> None:
    """One snapshot name, which is a hash of all files by name: the cuts are the same, and the bytes."""
    texts = {f"{n}.txt": f"Day {n}\n\nOn day {n} {SENTENCE}" for n in range(40)}
    folder = write_files(tmp_path / "in", texts)
    one, more = build(tmp_path / "one", folder), build(tmp_path / "more", folder, workers=workers)
    assert len({f for f in files(tmp_path / "one") if "/mentions/part-" in f}) > 2
    assert one.snapshot == more.snapshot


def test_nothing_is_written_under_its_own_name(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Neither a table nor a part: two that write the same one never write into one file, and no reader finds half of it."""
    table = pa.table({"a": list(range(100))})
    written: list[Path] = []
    write_table = pq.write_table

    def note(table: pa.Table, where: Path, **more: object) -> None:
        written.append(Path(where))
        assert not where.exists()
        write_table(table, where, **more)

    monkeypatch.setattr(pq, "write_table", note)
    hashes = {write_parquet(table, tmp_path / "t.parquet") for _ in range(2)}
    for _ in range(2):
        write_part(tmp_path / "stage" / "part", {"t": table})
    assert len(hashes) == 1
    assert len(set(written)) == 4
    assert not {tmp_path / "t.parquet", tmp_path / "stage" / "part" / "t.parquet"} & set(written)
    left = sorted(str(p.relative_to(tmp_path)) for p in tmp_path.rglob("*") if p.is_file())
    assert left == ["stage/part/t.parquet", "t.parquet"]


def test_the_same_rows_make_the_same_bytes(tmp_path: Path) -> None:
    table = pa.table({"a": [str(n * 7919 % 100_003) for n in range(200_000)], "b": range(200_000)})
    pieces = pa.concat_tables([table.slice(at, 8192) for at in range(0, len(table), 8192)])
    assert write_parquet(table, tmp_path / "a.parquet") == write_parquet(pieces, tmp_path / "b.parquet")


def test_a_clock_that_jumps_back_loses_nothing(tmp_path: Path) -> None:
    """Files from the future: nothing that stands is swept or trusted for its time, and the next run has the rows of a fresh one."""
    folder = write_files(tmp_path / "in", {"a.txt": f"One\n\n{SENTENCE}"})
    build(tmp_path / "w", folder)
    for path in (tmp_path / "w").rglob("*"):
        os.utime(path, (time.time() + 86_400,) * 2, follow_symlinks=False)
    write_files(folder, {"b.txt": f"Two\n\n{SENTENCE} Then rain fell."})
    build(tmp_path / "w", folder)
    build(tmp_path / "fresh", folder)
    assert rows(tmp_path / "w") == rows(tmp_path / "fresh")


def test_added_changed_removed(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in", {"a.txt": f"One\n\n{SENTENCE}", "b.txt": f"Two\n\n{SENTENCE} Then rain fell."}
    )
    build(tmp_path / "w", folder)
    (folder / "a.txt").write_text(f"One, again\n\n{SENTENCE} It was late.")
    write_files(folder, {"c.txt": f"Three\n\n{SENTENCE} And snow."})
    (folder / "b.txt").unlink()
    kept = build(tmp_path / "w", folder)
    assert (kept.counts["added"], kept.counts["changed"], kept.counts["articles"]) == (1, 1, 3)
    pruned = build(tmp_path / "w", folder, prune=True)
    assert (pruned.counts["removed"], pruned.counts["articles"]) == (1, 2)
    build(tmp_path / "fresh", folder)
    assert rows(tmp_path / "w") == rows(tmp_path / "fresh")


def test_the_same_bytes_twice_are_one_document_with_two_sources(tmp_path: Path) -> None:
    text = f"One\n\n{SENTENCE}"
    folder = write_files(tmp_path / "in", {"b.txt": text, "a.txt": text})
    build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select source_uri from documents") == [(str(folder / "a.txt"),)]
    assert query(tmp_path / "w", "select count(*) from document_sources") == [(2,)]
    assert query(tmp_path / "w", "select articles from mentions_per_force where force_id = 'ypg'") == [(1,)]


# ------------------------------------------------------------------ bad input costs nobody else's data
def test_bad_input_is_rejected_with_a_reason(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = write_files(tmp_path / "in", {
        "good one.txt": f"A title\n\n{SENTENCE}", "line\nbreak.txt": f"Another title\n\n{SENTENCE} It rained.", "empty.txt": b"", "blank.txt": b" \n \n",
        "binary.txt": bytes(range(256)) * 40, "picture.png": b"\x89PNG\r\n", "broken.txt": b"\xff\xfe\x00",
        "latin.txt": "Café\n\nAmélie a quitté la ville de Raqqa, a dit un témoin à la frontière.".encode("latin-1"),
        "deep.html": b"<html><body>" + b"<div>" * 30_000 + b"<p>text</p>",
    })  # fmt: skip
    with (folder / "large.txt").open("wb") as file:
        file.truncate(200 * 10**6)
    os.mkfifo(folder / "pipe.txt")
    code = main(
        [
            "run",
            str(folder),
            str(tmp_path / "nowhere"),
            "--warehouse",
            str(tmp_path / "w"),
            "--inline",
            "--workers",
            "1",
        ]
    )
    assert code == 0
    rejected = {
        Path(str(u)).name: r for u, r in query(tmp_path / "w", "select source_uri, reason from rejects")
    }
    assert rejected.pop("deep.html", "too_deep") == "too_deep"
    assert rejected == {
        "empty.txt": "empty", "blank.txt": "empty", "binary.txt": "binary", "picture.png": "unknown_format",
        "broken.txt": "encoding", "large.txt": "too_large", "pipe.txt": "unreadable", "nowhere": "missing",
    }  # fmt: skip
    out = capsys.readouterr().out
    assert "nowhere': missing (no such file or folder)" in out
    titles = {t for (t,) in query(tmp_path / "w", "select title from articles")}
    assert {"A title", "Another title", "Café"} <= titles
    assert query(
        tmp_path / "w", "select outcome, count(*) from run_inputs where outcome = 'rejected' group by 1"
    )[0][1] in (8, 9)


def test_a_reject_that_is_mended_is_no_reject(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.txt": b""})
    build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select count(*) from rejects") == [(1,)]
    (folder / "a.txt").write_text(f"A title\n\n{SENTENCE}")
    build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select count(*) from rejects") == [(0,)]
    assert query(tmp_path / "w", "select count(*) from articles") == [(1,)]


def test_only_bad_input_still_makes_a_warehouse(tmp_path: Path) -> None:
    build(tmp_path / "w", tmp_path / "nowhere")
    assert query(tmp_path / "w", "select count(*) from documents") == [(0,)]
    assert query(tmp_path / "w", "select * from mentions_per_town") == []


# ------------------------------------------------------------------ publishing
def test_a_failed_check_keeps_the_old_snapshot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = write_files(tmp_path / "in", {"a.txt": f"One\n\n{SENTENCE}"})
    build(tmp_path / "w", folder)
    before = rows(tmp_path / "w")
    checks = write_files(
        tmp_path / "checks", {"never.sql": "-- fail: there is an article\nselect article_id from articles"}
    )
    monkeypatch.setattr("warehouse.checks.CHECKS", checks)
    write_files(folder, {"b.txt": f"Two\n\n{SENTENCE}"})
    with pytest.raises(CheckFailed, match="there is an article"):
        build(tmp_path / "w", folder)
    assert rows(tmp_path / "w") == before
    assert len(list((tmp_path / "w" / "snapshots").iterdir())) == 1


def test_two_runs_do_not_meet(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with Lake(tmp_path / "w").lock():
        with pytest.raises(WarehouseBusy):
            build(tmp_path / "w", SAMPLES)
        assert main(["run", str(SAMPLES), "--warehouse", str(tmp_path / "w"), "--inline"]) == 3
    assert "another run holds" in capsys.readouterr().err


def test_a_moved_warehouse_mends_itself(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    build(tmp_path / "w", SAMPLES)
    before = rows(tmp_path / "w")
    shutil.move(tmp_path / "w", tmp_path / "moved")
    assert (
        main(
            [
                "sql",
                "select count(*) as n from articles",
                "--format",
                "csv",
                "--warehouse",
                str(tmp_path / "moved"),
            ]
        )
        == 0
    )
    assert capsys.readouterr().out == f"n\n{len(before['articles'])}\n"
    assert rows(tmp_path / "moved") == before


def test_a_bi_tool_reads_current(tmp_path: Path) -> None:
    build(tmp_path / "w", SAMPLES)
    found = pq.read_table(tmp_path / "w" / "current" / "mentions")
    assert found.num_rows == query(tmp_path / "w", "select count(*) from mentions")[0][0]
    assert b"description" in found.schema.metadata
    named = json.loads((tmp_path / "w" / "current.json").read_text())
    assert (tmp_path / "w" / named["path"]).resolve() == (tmp_path / "w" / "current").resolve()


def test_old_snapshots_outlive_their_successor_for_a_while(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.txt": f"One\n\n{SENTENCE}"})
    build(tmp_path / "w", folder)
    write_files(folder, {"b.txt": f"Two\n\n{SENTENCE}"})
    build(tmp_path / "w", folder)
    assert len(list((tmp_path / "w" / "snapshots").iterdir())) == 2
    write_files(folder, {"c.txt": f"Three\n\n{SENTENCE}"})
    build(tmp_path / "w", folder, grace=0.0)
    assert len(list((tmp_path / "w" / "snapshots").iterdir())) == 1


@pytest.mark.parametrize("kills", [8])
def test_a_killed_run_loses_nothing(tmp_path: Path, kills: int) -> None:
    """kill -9 at moments spread over a run: readers see the old rows, the next run heals."""
    first, second = write_files(tmp_path / "a", {"a.txt": f"One\n\n{SENTENCE}"}), SAMPLES
    warehouse = tmp_path / "w"
    build(warehouse, first)
    before = rows(warehouse)
    build(tmp_path / "whole", first, second)
    after = rows(tmp_path / "whole")
    command = [
        sys.executable,
        "-m",
        "flows.cli",
        "run",
        str(first),
        str(second),
        "--inline",
        "--workers",
        "1",
        "--warehouse",
    ]
    started = time.monotonic()
    subprocess.run([*command, str(tmp_path / "timed")], check=True, capture_output=True)
    whole = time.monotonic() - started
    seen = 0
    for n in range(kills):
        process = subprocess.Popen(
            [*command, str(warehouse)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        time.sleep(whole * (0.3 + 0.7 * (n + 1) / (kills + 1)))
        process.send_signal(signal.SIGKILL)
        process.wait()
        found = rows(warehouse)
        assert found in (before, after)
        seen += found == before
        if found == after:
            break
    assert seen, "no kill came before the end"
    build(warehouse, first, second)
    assert rows(warehouse) == after
    leftovers = [p.name for p in warehouse.rglob("*") if p.name.startswith(".")]
    assert not leftovers


def test_readers_never_see_a_mix(tmp_path: Path) -> None:
    """Readers in another process count two tables that must agree, while runs publish."""
    folder = write_files(tmp_path / "in", {"0.txt": f"Title 0\n\n{SENTENCE}"})
    warehouse = tmp_path / "w"
    build(warehouse, folder)
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(warehouse)],
        stdout=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    )
    for n in range(1, 6):
        write_files(folder, {f"{n}.txt": f"Title {n}\n\n{SENTENCE} It was day {n}."})
        build(warehouse, folder)
    out, _ = reader.communicate("stop\n", timeout=60)
    reads, mixed = map(int, out.split())
    assert reads > 5
    assert mixed == 0


READER = """
import select, sys, duckdb
reads = mixed = 0
while not select.select([sys.stdin], [], [], 0)[0]:
    with duckdb.connect(sys.argv[1] + "/warehouse.duckdb", read_only=True) as c:
        n = c.sql("select (select count(*) from articles), (select count(*) from documents), (select sum(articles) from stories)").fetchall()[0]
    reads += 1
    mixed += len(set(n)) > 1
print(reads, mixed)
"""
