"""Input nobody meant: each costs itself only, says why, and never shows a traceback."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from conftest import SAMPLES, build, query, write_files
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from flows.cli import main
from transforms.names.lexicon import Lexicon
from transforms.parse import Unreadable, parse
from transforms.staging import Raw, stage_batch

SENTENCE = "The first trucks reached Raqqa at noon on Tuesday, two men of the SDF who were there said."
ODD: dict[str, bytes] = {
    "charset-hex.html": b"<html><head><meta charset=hex></head><body><p>" + SENTENCE.encode() * 3,
    "charset-escape.html": b"<html><head><meta charset=unicode_escape></head><body><p>\\ud800 "
    + SENTENCE.encode() * 3,
    "turkish-i.txt": f"Trucks\n\nAPRİL 5, 2017\n\nFRİDAY, 05/06/2017\n\nAuguſt 5, 2017\n\n{SENTENCE}".encode(),
    "ld-type.html": b'<html><script type="application/ld+json">{"@type":[{"a":1}],"headline":"\\ud800"}</script><body><p>'
    + SENTENCE.encode() * 3,
    "ld-half.html": b'<html><script type="application/ld+json">{"@type":"Article","headline":"Trucks \\ud800"}</script><body><p>'
    + SENTENCE.encode() * 3,
    "capitals.txt": b"AAAA-" * 2000 + b" " + SENTENCE.encode(),
    "lines.txt": b"Trucks\n\n" + b"\n".join(b"%d short line" % n for n in range(10_000)),
    "one-line.txt": (SENTENCE + " ").encode() * 10_000,
    "one-word.txt": b"Raqqa" * 400_000,
    "dots.txt": b"Trucks. " + b"." * 500_000,
    "quotes.txt": b"Trucks\n\n" + "“ ".encode() * 100_000,
}


def test_odd_files_cost_nobody_else(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {**ODD, "good.txt": f"Trucks\n\n{SENTENCE}"})
    build(tmp_path / "w", folder)
    failed = query(tmp_path / "w", "select source_uri, detail from rejects where reason = 'failed'")
    assert failed == []
    assert query(tmp_path / "w", "select count(*) from documents") == [(len(ODD) + 1,)]
    assert main(["check", "--warehouse", str(tmp_path / "w")]) == 0


PIECES = (
    "<p>", "</p>", "<div class=author>", "<h1>", "</h1>", "<br>", "<a href=x>", "</a>", "<time>", "<li>", "Raqqa fell. ", "05-07-2017",
    "\n\n", "“", "By Ali", "Source: BBC", "\ufeff", "\u200b", "ﬁ", " ", "AFP - ", "Title: ", "# ",
)  # fmt: skip


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    pieces=st.lists(st.sampled_from(PIECES), max_size=30), suffix=st.sampled_from([".txt", ".html", ".md"])
)
def test_any_mix_of_pieces_is_staged(pieces: list[str], suffix: str, lexicon: Lexicon) -> None:
    staged = stage_batch([Raw("0" * 32, suffix, "".join(pieces).encode())], lexicon)
    rejects = staged["staged_rejects"].to_pylist()
    assert not [r for r in rejects if r["reason"] == "failed"]
    assert staged["staged_documents"].num_rows + len(rejects) == 1


@settings(max_examples=80, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([".txt", ".html", ".md", ".mht"]))
def test_any_bytes_are_read_or_refused(raw: bytes, suffix: str) -> None:
    try:
        parsed = parse(raw, suffix)
    except Unreadable:
        return
    assert all(0 <= b.start < b.end <= len(parsed.text) for b in parsed.blocks)


FAULTS = {
    "a pattern that is none": ("furniture.csv", "kind,pattern\nfurniture,(unclosed\n", "(unclosed"),
    "a pattern that looks ahead": (
        "furniture.csv",
        "kind,pattern\nfurniture,a(?=b)\n",
        "furniture: the pattern 'a(?=b)' is none that RE2 takes",
    ),
    "a fingerprint that is no pattern": (
        "outlet_fingerprints.csv",
        "outlet_id,form,value,kind\nrudaw,pattern,(a)\\1,date\n",
        "outlet_fingerprints: the pattern",
    ),
    "an unknown kind": ("furniture.csv", "kind,pattern\nzzz,a\n", "zzz"),
    "no column entity_type": ("aliases.csv", "entity_id,alias\nraqqa,Raqa\n", "aliases.csv:1"),
    "an empty alias": (
        "aliases.csv",
        "entity_id,entity_type,alias,alias_type,is_weak,requires,source\nraqqa,place,,name,false,,own\n",
        "alias is empty",
    ),
    "an unknown entity": (
        "aliases.csv",
        "entity_id,entity_type,alias,alias_type,is_weak,requires,source\nnowhere,place,Nowhere,name,false,,own\n",
        "nowhere",
    ),
    "forces with ids only": ("forces.csv", "force_id\nriver_guard\n", "forces.csv:1"),
    "a population in words": (
        "places.csv",
        "place_id,name,kind,population,source\nx,X,town,abc,own\n",
        "abc",
    ),
    "a latitude in words": ("places.csv", "place_id,name,kind,latitude,source\nx,X,town,abc,own\n", "abc"),
    "a kind of force nobody knows": ("forces.csv", "force_id,name,kind\nx,X,navy\n", "navy"),
    "fingerprints without a form": ("outlet_fingerprints.csv", "outlet_id,value\nrudaw,a\n", "form"),
    "bytes that are no UTF-8": ("forces.csv", b"force_id,name,kind\nx,\xff\xfe,militia\n", "forces.csv"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_faulty_lexicon_says_so_in_one_line(
    fault: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    name, content, says = FAULTS[fault]
    folder = write_files(tmp_path / "lexicon", {name: content})
    code = main(
        ["run", str(SAMPLES), "--inline", "--lexicon", str(folder), "--warehouse", str(tmp_path / "w")]
    )
    error = capsys.readouterr().err.strip().splitlines()[-1]
    assert code == 2
    assert says in error
    assert not (tmp_path / "w" / "current.json").exists()


def test_a_damaged_warehouse_is_mended_by_the_next_run(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    warehouse = tmp_path / "w"
    build(warehouse, SAMPLES)
    before = query(warehouse, "select * from mentions order by mention_id")
    next((warehouse / "stage").glob("*/staged_rejects.parquet")).write_bytes(b"")
    next(iter(sorted(warehouse.glob("snapshots/*/mentions/*.parquet")))).unlink()
    assert main(["sql", "select count(*) from mentions", "--warehouse", str(warehouse)]) == 1
    assert "mends it" in capsys.readouterr().err
    build(warehouse, SAMPLES)
    assert query(warehouse, "select * from mentions order by mention_id") == before


def test_a_damaged_catalog_is_written_anew(tmp_path: Path) -> None:
    build(tmp_path / "w", SAMPLES)
    (tmp_path / "w" / "warehouse.duckdb").write_bytes(b"no database")
    (tmp_path / "w" / "current").unlink()
    assert main(["sql", "select 1", "--warehouse", str(tmp_path / "w")]) == 0
    assert (tmp_path / "w" / "current").is_symlink()


def test_the_warehouse_inside_its_input_is_no_input(tmp_path: Path) -> None:
    folder = write_files(tmp_path / "in", {"a.txt": f"Trucks\n\n{SENTENCE}"})
    build(folder / "w", folder)
    assert build(folder / "w", folder).outcome == "unchanged"
    assert query(folder / "w", "select count(*) from documents") == [(1,)]


def test_odd_usage_says_the_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARWIRE_WORKERS", "many")
    assert main(["run", str(SAMPLES), "--inline", "--warehouse", str(tmp_path / "w")]) == 2
    assert "--workers" in capsys.readouterr().err
    monkeypatch.delenv("WARWIRE_WORKERS")
    assert main(["run", "", "--inline", "--warehouse", str(tmp_path / "w")]) == 0
    assert "missing" in capsys.readouterr().out
    assert (
        main(["run", str(SAMPLES), "--inline", "--map", "colour=red", "--warehouse", str(tmp_path / "w")])
        == 2
    )
    shutil.rmtree(tmp_path / "w")
