"""Main text of web pages against the extractors people would otherwise use, on the same pages in one process.

    python benchmarks/pages.py DATA SCORE [SET ...]

DATA is a folder of labelled sets (SET/docs.jsonl with raw_html and gold), SCORE the script whose `text_score` compares
texts (4-gram shingles, averaged over pages). `warwire` is the page alone (parse_html); `pipeline` the whole run, which
also sees what an outlet's pages have in common. Prints a Markdown table: F1 and pages a second of processor time.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import duckdb
import trafilatura

from flows.inline import Inline
from flows.run import run_steps
from flows.settings import Settings
from transforms.parse.html import parse_html

SETS = ("aeb", "fundus", "cleanportal", "fundus_pages")
# Read before anything is timed: the first date that needs dateparser has it build its tables for all languages, 0.4 to
# 3 seconds once in a process.
FIRST = b"<html><body><h1>A page</h1><p class=date>2 hours ago, 17:30</p><p>A sentence.</p></body></html>"


def warwire(raw: bytes) -> str:
    """The main text of the page alone."""
    parsed = parse_html(raw)
    return "\n".join(
        parsed.text[b.start : b.end] for b in parsed.blocks if b.hint in ("main", "heading", "standfirst")
    )


def by_trafilatura(raw: bytes) -> str:
    """trafilatura with its defaults, comments left out."""
    return trafilatura.extract(raw, include_comments=False) or ""


def extractors() -> dict[str, Callable[[bytes], str]]:
    """Ours and the peers that are installed."""
    found: dict[str, Callable[[bytes], str]] = {"warwire": warwire, "trafilatura": by_trafilatura}
    if importlib.util.find_spec("resiliparse"):
        from resiliparse.extract.html2text import extract_plain_text
        from resiliparse.parse.encoding import bytes_to_str, detect_encoding

        found["resiliparse"] = lambda raw: extract_plain_text(
            bytes_to_str(raw, detect_encoding(raw)), main_content=True, alt_texts=False
        )
    return found


def load(folder: Path) -> list[tuple[str, bytes, str]]:
    """(name, page, gold text) of a set."""
    pages = []
    for line in (folder / "docs.jsonl").read_text(encoding="utf-8").splitlines():
        document: dict[str, Any] = json.loads(line)
        raw = (folder / document["raw_html"]).read_bytes()
        gold = document["gold"]
        text = (
            gold.get("article_text")
            or gold.get("text")
            or "\n".join(gold.get("body") or [p for s in gold.get("sections", []) for p in s["paragraphs"]])
        )
        pages.append(
            (
                f"{len(pages):04d}.html",
                gzip.decompress(raw) if document["raw_html"].endswith(".gz") else raw,
                text,
            )
        )
    return pages


def pipeline(pages: list[tuple[str, bytes, str]]) -> list[str]:
    """The texts of a whole run, in the pages' order."""
    with tempfile.TemporaryDirectory() as folder:
        inputs = Path(folder) / "in"
        inputs.mkdir()
        for name, raw, _ in pages:
            (inputs / name).write_bytes(raw)
        run_steps(Settings(Path(folder) / "w", (str(inputs),), 1), Inline(1))
        with duckdb.connect(str(Path(folder) / "w" / "warehouse.duckdb"), read_only=True) as connection:
            rows = connection.sql(
                "select parse_filename(s.source_uri), a.text from articles a join document_sources s using (document_id)"
            ).fetchall()
    found = {str(n): str(t) for n, t in rows}
    return [found.get(name, "") for name, _, _ in pages]


def timed(pages: list[tuple[str, bytes, str]]) -> dict[str, tuple[list[str], float]]:
    """By extractor, the texts of all pages and the seconds of processor time they took."""
    found: dict[str, tuple[list[str], float]] = {}
    for name, extract in [*extractors().items(), ("pipeline", None)]:
        if extract:
            extract(FIRST)
        started = time.process_time()
        texts = [extract(raw) for _, raw, _ in pages] if extract else pipeline(pages)
        found[name] = (texts, time.process_time() - started)
    return found


def main(data: Path, score: Path, sets: tuple[str, ...]) -> None:
    """Print the table."""
    spec = importlib.util.spec_from_file_location("score", score)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    names = [*extractors(), "pipeline"]
    print(
        "| set | pages | warwire / trafilatura, pages/s | "
        + " | ".join(f"{n} F1 (P/R), pages/s" for n in names)
        + " |"
    )
    print("|---" * (len(names) + 3) + "|")
    for name in sets:
        pages = load(data / name)
        found = timed(pages)
        cells = [f"{found['trafilatura'][1] / found['warwire'][1]:.1f}"]
        for texts, seconds in (found[n] for n in names):
            marks = scorer.text_score([(gold, text) for (_, _, gold), text in zip(pages, texts, strict=True)])
            rate = len(pages) / seconds
            cells.append(f"{marks['f1']:.3f} ({marks['precision']:.3f}/{marks['recall']:.3f}), {rate:.1f}")
        print(f"| {name} | {len(pages)} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), tuple(sys.argv[3:]) or SETS)
