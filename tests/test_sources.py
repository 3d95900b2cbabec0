"""Nothing is forgotten that was not seen to be gone, and what a document is read with does not depend on history."""

from __future__ import annotations

import errno
import json
import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from conftest import build, query, write_files
from test_run import rows

import flows.inputs.container
import flows.stage
from flows.cli import main
from flows.outcome import DiskFailed
from transforms.ids import document_id_of

TEXT = "Trucks {n}\n\nThe first trucks reached Raqqa at noon on Tuesday, two men of the SDF who were there said. It was day {n}."


def texts(folder: Path, number: int, start: int = 0) -> Path:
    return write_files(folder, {f"{n:03d}.txt": TEXT.format(n=n) for n in range(start, start + number)})


def standing(warehouse: Path) -> int:
    return int(str(query(warehouse, "select count(*) from documents")[0][0]))


# ------------------------------------------------------------------ --prune
def test_prune_forgets_what_is_gone(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 4)
    build(tmp_path / "w", folder)
    (folder / "001.txt").unlink()
    assert build(tmp_path / "w", folder, prune=True).counts["removed"] == 1
    assert standing(tmp_path / "w") == 3


@pytest.mark.parametrize(
    "loss", ["missing input", "empty mount point", "folder below emptied", "unreadable folder"]
)
def test_prune_forgets_nothing_that_it_could_not_see(
    loss: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "in"
    texts(folder / "disk", 25)
    texts(folder, 3, 100)
    build(tmp_path / "w", folder)
    if loss == "missing input":
        folder.rename(tmp_path / "elsewhere")
    elif loss == "empty mount point":
        shutil.rmtree(folder)
        folder.mkdir()
    elif loss == "folder below emptied":
        shutil.rmtree(folder / "disk")
        (folder / "disk").mkdir()
        (folder / "100.txt").unlink()
    else:
        refuse_folder(monkeypatch, folder / "disk")
    outcome = build(tmp_path / "w", folder, prune=True)
    notes = [n for n in outcome.notes if n.startswith("--prune removed nothing below")]
    assert len(notes) == 1
    assert standing(tmp_path / "w") == (27 if loss == "folder below emptied" else 28)
    told = query(tmp_path / "w", "select reason from rejects")
    assert told == {"missing input": [("missing",)], "unreadable folder": [("unreadable",)]}.get(loss, [])


def refuse_folder(monkeypatch: pytest.MonkeyPatch, refused: Path) -> None:
    real = os.scandir

    def scandir(path: Any = ".") -> Any:
        if str(path) == str(refused):
            raise PermissionError(errno.EACCES, "Permission denied", str(refused))
        return real(path)

    monkeypatch.setattr(os, "scandir", scandir)


def test_few_files_of_an_emptied_folder_are_forgotten(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 5)
    build(tmp_path / "w", folder)
    for path in folder.iterdir():
        path.unlink()
    assert build(tmp_path / "w", folder, prune=True).counts["removed"] == 5


def test_a_linked_folder_is_told(tmp_path: Path) -> None:
    folder = texts(tmp_path / "in", 1)
    (folder / "more").symlink_to(texts(tmp_path / "other", 2, 50))
    build(tmp_path / "w", folder)
    ((uri, detail),) = query(tmp_path / "w", "select source_uri, detail from rejects")
    assert str(uri).endswith("/more")
    assert "INPUT of its own" in str(detail)


# ------------------------------------------------------------------ a disk that hiccups
def test_a_file_that_changes_while_it_is_read_is_read_by_the_next_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = texts(tmp_path / "in", 3)
    with monkeypatch.context() as patched:
        patched.setattr(
            flows.stage, "document_id_of", lambda raw: "" if b"day 1." in raw else document_id_of(raw)
        )
        build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select reason, document_id from rejects") == [("unreadable", None)]
    assert standing(tmp_path / "w") == 2
    build(tmp_path / "w", folder)
    build(tmp_path / "fresh", folder)
    assert rows(tmp_path / "w") == rows(tmp_path / "fresh")


def test_a_file_that_cannot_be_read_for_once_stands(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = texts(tmp_path / "in", 3)
    build(tmp_path / "w", folder)
    (folder / "001.txt").write_text((folder / "001.txt").read_text())
    with monkeypatch.context() as patched:
        failing_reads(patched, "001.txt")
        build(tmp_path / "w", folder, prune=True)
        assert query(tmp_path / "w", "select reason, detail from rejects") == [
            ("unreadable", "Input/output error")
        ]
    assert standing(tmp_path / "w") == 3
    build(tmp_path / "w", folder)
    assert query(tmp_path / "w", "select count(*) from rejects") == [(0,)]


def failing_reads(monkeypatch: pytest.MonkeyPatch, end: str) -> None:
    real = Path.read_bytes

    def read_bytes(path: Path) -> bytes:
        if path.name.endswith(end):
            raise OSError(errno.EIO, "Input/output error")
        return real(path)

    monkeypatch.setattr(Path, "read_bytes", read_bytes)


def test_a_failing_disk_publishes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = texts(tmp_path / "in", 30)
    build(tmp_path / "w", texts(tmp_path / "first", 1, 500))
    before = rows(tmp_path / "w")
    failing_reads(monkeypatch, ".txt")
    with pytest.raises(DiskFailed, match="30 of 30"):
        build(tmp_path / "w", folder)
    assert main(["run", str(folder), "--inline", "--warehouse", str(tmp_path / "w")]) == 1
    assert rows(tmp_path / "w") == before


def test_a_container_on_a_failing_disk_keeps_its_records(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    lines = "\n".join(json.dumps({"text": TEXT.format(n=n)}) for n in range(30))
    folder = write_files(tmp_path / "in", {"a.jsonl": lines})
    build(tmp_path / "w", folder)

    def fails(self: flows.inputs.container.Disk, buffer: Any) -> int | None:
        self.error = OSError(errno.EIO, "Input/output error")
        raise self.error

    monkeypatch.setattr(flows.inputs.container.Disk, "readinto", fails)
    build(tmp_path / "w", folder, prune=True)
    assert standing(tmp_path / "w") == 30
    assert query(tmp_path / "w", "select reason, detail from rejects") == [
        ("unreadable", "Input/output error")
    ]


# ------------------------------------------------------------------ what a document is read with
ROW = 'Kop,Lijf\nTrucks,"The first trucks reached Raqqa on Tuesday, a man of the SDF said."\n'


def test_a_corrected_map_is_heeded_and_remembered(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"nl.csv": ROW})
    warehouse, asked = tmp_path / "w", "select title, text from articles"
    build(warehouse, folder, mapping=(("text", "Kop"),))
    assert query(warehouse, asked)[0][1] == "Trucks"
    build(warehouse, folder, mapping=(("title", "Kop"), ("text", "Lijf")))
    right = query(warehouse, asked)
    assert right[0][0] == "Trucks"
    assert build(warehouse, folder).outcome == "unchanged"  # what was said of the folder is remembered
    assert query(warehouse, asked) == right
    build(warehouse, write_files(tmp_path / "other", {"b.csv": ROW.replace("Tuesday", "Friday")}))
    assert query(warehouse, "select reason from rejects") == [
        ("no_text_column",)
    ]  # and means that folder alone
    build(warehouse, folder, mapping=None)
    assert query(warehouse, "select count(*) from documents") == [(0,)]


def test_equal_bytes_are_read_as_their_first_source_by_name(tmp_path: Path) -> None:
    page = (
        "<html><head><title>Trucks</title></head><body><h1>Trucks</h1><p>"
        + TEXT.format(n=1)
        + "</p></body></html>"
    )
    lines = [
        json.dumps({"text": TEXT.format(n=1), "url": f"https://{name}.example/1"}) for name in ("b", "a")
    ]
    forward, back = tmp_path / "forward", tmp_path / "back"
    one = write_files(tmp_path / "1", {"a.txt": page, "x.jsonl": lines[0]})
    two = write_files(tmp_path / "2", {"b.html": page, "a.jsonl": lines[0].replace("text", "body")})
    for warehouse, folders in ((forward, (one, two)), (back, (two, one))):
        for folder in folders:
            build(warehouse, folder)
    build(tmp_path / "fresh", one, two)
    assert rows(forward) == rows(tmp_path / "fresh")
    assert rows(back) == rows(tmp_path / "fresh")
    (one / "a.txt").unlink()
    build(forward, one, prune=True)
    build(tmp_path / "less", one, two)
    assert rows(forward) == rows(tmp_path / "less")


def test_a_raised_limit_is_heeded(tmp_path: Path) -> None:
    folder = write_files(
        tmp_path / "in",
        {"a.jsonl": json.dumps({"text": TEXT.format(n=1) * 20}), "b.txt": TEXT.format(n=2) * 20},
    )
    build(tmp_path / "w", folder, max_document=1000)
    assert {r for (r,) in query(tmp_path / "w", "select reason from rejects")} == {"too_large"}
    build(tmp_path / "w", folder)
    assert standing(tmp_path / "w") == 2


# ------------------------------------------------------------------ many rejects
def test_rejects_of_one_kind_are_a_thousand_rows_and_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    lines = "\n".join(["no JSON"] * 2500 + [json.dumps({"text": TEXT.format(n=1)})] + ["{}"] * 3)
    folder = write_files(tmp_path / "in", {"a.jsonl": lines})
    assert main(["run", str(folder), "--inline", "--warehouse", str(tmp_path / "w")]) == 0
    out = capsys.readouterr().out.splitlines()
    assert sum("rejected" in line and "records of" in line for line in out) == 2
    assert "2504 inputs: 1 added, 2503 rejected." in out
    kept = query(tmp_path / "w", "select count(*), sum(records) from rejects where reason = 'damaged'")
    assert kept == [(1001, 2500)]
    ((source,),) = query(tmp_path / "w", "select source_uri from rejects where records > 1")
    assert str(source).endswith("a.jsonl!#1001 to #2500")
    assert main(["check", "--warehouse", str(tmp_path / "w")]) == 0
    assert build(tmp_path / "w", folder).outcome == "unchanged"
