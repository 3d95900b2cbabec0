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
from flows.settings import Settings
from flows.steps import run_steps
from transforms.parse.html import parse_html

SETS = ("aeb", "fundus", "cleanportal", "fundus_pages")


def warwire(raw: bytes) -> str:
    """The main text of the page alone."""
    parsed = parse_html(raw)
    return "\n".join(parsed.text[b.start : b.end] for b in parsed.blocks if b.hint in ("main", "heading", "standfirst"))


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
            (f"{len(pages):04d}.html", gzip.decompress(raw) if document["raw_html"].endswith(".gz") else raw, text)
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


def main(data: Path, score: Path, sets: tuple[str, ...]) -> None:
    """Print the table."""
    spec = importlib.util.spec_from_file_location("score", score)
    assert spec is not None
    assert spec.loader is not None
    scorer = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(scorer)
    names = [*extractors(), "pipeline"]
    print("| set | pages | " + " | ".join(f"{n} F1 (P/R), pages/s" for n in names) + " |")
    print("|---" * (len(names) + 2) + "|")
    for name in sets:
        pages = load(data / name)
        cells = []
        for extract in [*extractors().values(), None]:
            started = time.process_time()
            texts = pipeline(pages) if extract is None else [extract(raw) for _, raw, _ in pages]
            seconds = time.process_time() - started
            found = scorer.text_score([(gold, text) for (_, _, gold), text in zip(pages, texts, strict=True)])
            cells.append(
                f"{found['f1']:.3f} ({found['precision']:.3f}/{found['recall']:.3f}), {len(pages) / seconds:.1f}"
            )
        print(f"| {name} | {len(pages)} | " + " | ".join(cells) + " |", flush=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), tuple(sys.argv[3:]) or SETS)
