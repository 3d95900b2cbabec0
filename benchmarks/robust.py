"""What broken input does: inputs of every format, broken at random, each read in a process of its own.

    python -m benchmarks.robust [--minutes 60] [--seed 1] [--inputs N] [--only FORMAT ...] [--keep DIR] [--write FILE]

An input is a function of the seed and its number alone, so a fault can be made again: --seed S --first N --inputs 1. It is
made from the samples in seeds/raw, or from a small export, archive, crawl or feed of them, broken before it is packed or
after. Listing an input, or a document of it, may take ten seconds of processor time. The table says by format what was refused and why, what failed
(an exception of ours, a process that was stopped or died), and the worst time and memory. Ends with 1 where something failed.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import io
import json
import sys
import tarfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from html import escape
from pathlib import Path
from random import Random

import pyarrow as pa
import pyarrow.parquet as pq

from benchmarks.hostile import SECONDS, Outcome, measured, ready

SAMPLES = Path(__file__).resolve().parent.parent / "seeds" / "raw"
TOKENS = (
    *'"“”«»\'’`()[]{}<>&;:,.!?-–—_*#|/\\=@%$\t\n\r\x00\x01\x0b\x0c\x85',
    "\n\n", "\r\n", "\u2028", "\ufeff", "\u200b", "\u202e", "\xad", "ﬁ", "Ã©", "â€™", "İ", "ı", "ſ", "ß", "Ж", "ا", "中", "😀", "\ud800",
    "<p>", "</p>", "<div class=author>", "</div>", "<h1>", "</h1>", "<br>", "<a href=x>", "</a>", "<time>", "<li>", "<table>", "<!--",
    "-->", "<![CDATA[", "<script type=application/ld+json>", "</script>", "<meta charset=utf-16>", "<?xml version='1.0' encoding='x'?>",
    "<!DOCTYPE a [<!ENTITY b 'c'>]>", "&b;", "&#0;", "&#x110000;", "&amp;", "--B", "Content-Type: text/html; charset=hex", "=?utf-8?q?a?=", "=3D",
    "WARC/1.0", "HTTP/1.1 200 OK", "Content-Length: -1", "null", "NaN", "1e999", "[", "{", '{"text": ', "\\u0000", "\\ud800",
    "Raqqa ", "ISIS ", "SDF (SDF) ", "killed ", "said ", "according to ", "5 people were killed ", "05/06/2017 ", "Monday ", "two days ago ",
    "since ", "an ", "a ", "and ", "including ", "by Ali, ", "Source: BBC", "AFP - ", "© 2017 ", "[a](", "![", "**", "99999999999999999999 ",
)  # fmt: skip
LONGEST = 1_000_000  # bytes of a broken input


# ------------------------------------------------------------------ breaking
def broken(raw: bytes, random: Random) -> bytes:
    """Bytes after one to a few accidents."""
    for _ in range(random.choice((1, 1, 2, 3, 5, 8))):
        raw = random.choice(ACCIDENTS)(raw, random)[:LONGEST]
    return raw


def _stretch(raw: bytes, random: Random, most: int) -> tuple[int, int]:
    start = random.randrange(len(raw) + 1)
    return start, min(len(raw), start + random.randrange(1, most))


def _cut(raw: bytes, random: Random) -> bytes:
    return raw[: random.randrange(len(raw) + 1)]


def _without(raw: bytes, random: Random) -> bytes:
    start, end = _stretch(raw, random, 2000)
    return raw[:start] + raw[end:]


def _flipped(raw: bytes, random: Random) -> bytes:
    out = bytearray(raw)
    for _ in range(random.choice((1, 4, 32))):
        if out:
            out[random.randrange(len(out))] = random.randrange(256)
    return bytes(out)


def _with_token(raw: bytes, random: Random) -> bytes:
    at = random.randrange(len(raw) + 1)
    token = random.choice(TOKENS).encode("utf-8", "surrogatepass")
    return raw[:at] + token * random.choice((1, 1, 1, 2, 50, 5_000, 100_000)) + raw[at:]


def _again(raw: bytes, random: Random) -> bytes:
    start, end = _stretch(raw, random, random.choice((3, 30, 300, 3000)))
    return raw[:end] + raw[start:end] * random.choice((1, 2, 20, 1_000, 20_000)) + raw[end:]


def _moved(raw: bytes, random: Random) -> bytes:
    start, end = _stretch(raw, random, 500)
    at = random.randrange(len(raw) + 1)
    return raw[:at] + raw[start:end] + raw[at:]


def _spaced(raw: bytes, random: Random) -> bytes:
    return raw.replace(
        b" ", random.choice((b"", b"  ", b"\xc2\xa0", b"\n", b"\t")), random.choice((1, 50, -1))
    )


def _recoded(raw: bytes, random: Random) -> bytes:
    encoding = random.choice(("utf-16", "utf-16-le", "utf-32", "cp1252", "cp1256", "utf-7", "latin-1"))
    return raw.decode("utf-8", "replace").encode(encoding, "replace")


ACCIDENTS: tuple[Callable[[bytes, Random], bytes], ...] = (
    _cut, _without, _flipped, _with_token, _with_token, _with_token, _again, _again, _moved, _spaced, _recoded,
)  # fmt: skip


# ------------------------------------------------------------------ packing
def _page(text: str) -> str:
    lines = [line for line in text.split("\n") if line.strip()] or [""]
    return (
        f"<html><head><title>{escape(lines[0])} | BBC</title></head><body><h1>{escape(lines[0])}</h1><article>"
        + "".join(f"<p>{escape(line)}</p>" for line in lines[1:])
        + "</article></body></html>"
    )


def _rows(texts: list[str]) -> list[dict[str, str]]:
    return [
        {
            "id": str(n),
            "title": t.split("\n", 1)[0],
            "date": "2017-05-09",
            "text": t,
            "url": f"http://wire.example/{n}",
        }
        for n, t in enumerate(texts)
    ]


def _table(texts: list[str], delimiter: str) -> bytes:
    out = io.StringIO()
    writer = csv.DictWriter(out, ["id", "title", "date", "text", "url"], delimiter=delimiter)
    writer.writeheader()
    writer.writerows(_rows(texts))
    return out.getvalue().encode("utf-8", "replace")


def _parquet(texts: list[str]) -> bytes:
    out = io.BytesIO()
    rows = [{k: v.encode("utf-8", "replace").decode() for k, v in row.items()} for row in _rows(texts)]
    pq.write_table(pa.Table.from_pylist(rows), out)
    return out.getvalue()


def _feed(texts: list[str], item: str, body: str) -> bytes:
    items = "".join(
        f"<{item}><title>{escape(r['title'])}</title><{body}>{escape(r['text'])}</{body}></{item}>"
        for r in _rows(texts)
    )
    return f"<?xml version='1.0'?><feed>{items}</feed>".encode("utf-8", "replace")


def _warc(texts: list[str]) -> bytes:
    out = []
    for n, text in enumerate(texts):
        page = _page(text).encode("utf-8", "replace")
        http = (
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nContent-Length: %d\r\n\r\n"
            % len(page)
            + page
        )
        head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <urn:uuid:{n}>\r\nWARC-Target-URI: http://wire.example/{n}\r\n"
        head += f"WARC-Date: 2017-05-09T00:00:00Z\r\nContent-Type: application/http; msgtype=response\r\nContent-Length: {len(http)}\r\n\r\n"
        out.append(head.encode() + http + b"\r\n\r\n")
    return b"".join(out)


def _saved(texts: list[str]) -> bytes:
    page = _page(texts[0]).encode("utf-8", "replace")
    return b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\nSubject: a\n\n--B\nContent-Type: text/html; charset=utf-8\nContent-Location: http://wire.example/a\n\n" + page + b"\n--B--\n"  # fmt: skip


def _zip(texts: list[str]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for n, text in enumerate(texts):
            archive.writestr(f"{n}.txt", text.encode("utf-8", "replace"))
        archive.writestr("more.jsonl", _json_lines(texts))
    return out.getvalue()


def _tar(texts: list[str]) -> bytes:
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as archive:
        for n, text in enumerate(texts):
            raw = text.encode("utf-8", "replace")
            info = tarfile.TarInfo(f"{n}.txt")
            info.size = len(raw)
            archive.addfile(info, io.BytesIO(raw))
    return out.getvalue()


def _json_lines(texts: list[str]) -> bytes:
    return "\n".join(map(json.dumps, _rows(texts))).encode()


PACKED: dict[str, Callable[[list[str]], bytes]] = {
    ".txt": lambda texts: texts[0].encode("utf-8", "surrogatepass"),
    ".md": lambda texts: ("# " + texts[0].replace("\n\n", "\n\n> [a](b) ")).encode("utf-8", "surrogatepass"),
    ".html": lambda texts: _page(texts[0]).encode("utf-8", "surrogatepass"),
    ".mht": _saved,
    ".csv": lambda texts: _table(texts, ","),
    ".tsv": lambda texts: _table(texts, "\t"),
    ".json": lambda texts: json.dumps({"articles": _rows(texts)}).encode(),
    ".jsonl": _json_lines,
    ".parquet": _parquet,
    ".rss": lambda texts: _feed(texts, "item", "description"),
    ".atom": lambda texts: _feed(texts, "entry", "content"),
    ".warc": _warc,
    ".warc.gz": lambda texts: gzip.compress(_warc(texts), mtime=0),
    ".zip": _zip,
    ".tar": _tar,
    ".tar.gz": lambda texts: gzip.compress(_tar(texts), mtime=0),
    ".txt.gz": lambda texts: gzip.compress(texts[0].encode("utf-8", "surrogatepass"), mtime=0),
}
"""Name's ending → some texts in that format."""


def made(seed: int, number: int, formats: list[str]) -> tuple[str, bytes]:
    """(ending, bytes) of an input: the same for the same seed and number."""
    random = Random(f"{seed}:{number}")
    suffix = random.choice(formats)
    samples = sorted(p for p in SAMPLES.iterdir() if p.suffix in (".txt", ".html"))
    if suffix == ".html" and random.random() < 0.5:
        pages = [p for p in samples if p.suffix == ".html"]
        return suffix, broken(random.choice(pages).read_bytes(), random)
    texts = [p.read_bytes() for p in random.sample([p for p in samples if p.suffix == ".txt"], 3)]
    before = random.random()
    if before < 0.6:
        texts[0] = broken(texts[0], random)
    packed = PACKED[suffix]([t.decode("utf-8", "replace") for t in texts])
    return suffix, broken(packed, random) if before > 0.4 else packed


# ------------------------------------------------------------------ telling
@dataclass
class Row:
    """What became of a format's inputs."""

    inputs: int = 0
    documents: int = 0
    rejects: Counter[str] = field(default_factory=Counter)
    failed: int = 0
    seconds: float = 0.0
    memory: int = 0

    def add(self, outcome: Outcome) -> None:
        """Count one more input."""
        self.inputs += 1
        self.documents += outcome.documents
        self.rejects.update(outcome.rejects)
        self.failed += bool(outcome.failed)
        self.seconds = max(self.seconds, outcome.seconds if outcome.seconds is not None else float(SECONDS))
        self.memory = max(self.memory, outcome.memory)


def table(rows: dict[str, Row]) -> Iterator[str]:
    """The rows as Markdown."""
    yield "| format | inputs | documents read | rejects by reason | failed | worst CPU seconds | peak MB |"
    yield "|---|---:|---:|---|---:|---:|---:|"
    whole = Row()
    for suffix in [s for s in PACKED if s in rows]:
        r = rows[suffix]
        yield _line(suffix, r)
        whole.inputs, whole.documents = whole.inputs + r.inputs, whole.documents + r.documents
        whole.rejects += r.rejects
        whole.failed += r.failed
        whole.seconds, whole.memory = max(whole.seconds, r.seconds), max(whole.memory, r.memory)
    yield _line("all", whole)


def _line(name: str, r: Row) -> str:
    said = ", ".join(
        f"{n:,} {reason}" for reason, n in sorted(r.rejects.items(), key=lambda x: (-x[1], x[0]))
    )
    return f"| {name} | {r.inputs:,} | {r.documents:,} | {said} | {r.failed:,} | {r.seconds:.1f} | {r.memory:,} |"


def main() -> int:
    """Break inputs for some minutes, or so many of them."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first", type=int, default=0, help="number of the first input")
    parser.add_argument("--inputs", type=int, default=sys.maxsize, help="how many at the most")
    parser.add_argument("--only", nargs="*", default=list(PACKED), choices=list(PACKED), metavar="FORMAT")
    parser.add_argument("--keep", type=Path, help="folder for the inputs that fail")
    parser.add_argument("--write", type=Path, help="file for the table")
    said = parser.parse_args()
    lexicon = ready()
    rows: dict[str, Row] = {}
    until = time.monotonic() + 60 * said.minutes
    number, last = said.first, said.first + said.inputs
    while number < last and time.monotonic() < until:
        suffix, raw = made(said.seed, number, said.only)
        outcome = measured(raw, suffix, lexicon)
        rows.setdefault(suffix, Row()).add(outcome)
        if outcome.failed:
            print(
                f"--seed {said.seed} --first {number}: {suffix}, {len(raw):,} bytes: {outcome.failed[0]}",
                file=sys.stderr,
            )
            if said.keep:
                said.keep.mkdir(parents=True, exist_ok=True)
                (said.keep / f"{said.seed}-{number}{suffix}").write_bytes(raw)
        number += 1
    lines = list(table(rows))
    print("\n".join(lines))
    if said.write:
        said.write.write_text("\n".join([*_about(said.seed, said.minutes), *lines, ""]), encoding="utf-8")
    return 1 if any(r.failed for r in rows.values()) else 0


def _about(seed: int, minutes: float) -> list[str]:
    return [
        "# Broken input", "",
        f"`make fuzz`: {minutes:g} minutes, seed {seed}. Inputs of every format, broken at random (benchmarks/robust.py), up to a megabyte",
        "each, listed, staged and read in a process of its own that is stopped where a document takes 10 seconds of processor time. A reject is an answer; failed is what",
        "ended in an exception of ours, was stopped or died. Memory is the whole process, the lexicon in it (about 100 MB).", "",
    ]  # fmt: skip


if __name__ == "__main__":
    sys.exit(main())
