"""Documents that are made to cost much, each up to a megabyte, and what reading one takes.

    python -m benchmarks.hostile [NAME ...] [--size 1000000] [--limit 10]

A line of JSON a document: name, bytes, seconds of processor time (null where the limit stopped it), reasons of rejects.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import resource
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import date
from io import BytesIO
from typing import Any, NamedTuple

from flows.versions import lexicon_of
from transforms.ids import document_id_of
from transforms.names.lexicon import Lexicon
from transforms.parse import Unreadable
from transforms.parse.containers import Limits, Record, container_suffix, read_container
from transforms.reading import read_one
from transforms.staging import Raw

SECONDS = 10  # of processor time that no document of a megabyte may take
SENTENCE = "The first trucks reached Raqqa at noon on Tuesday, two men of the SDF who were there said. "
Made = Callable[[int], bytes]


class Outcome(NamedTuple):
    """What became of one input: documents read, rejects by reason, what failed and how, seconds of processor time and
    peak memory in MB; `seconds` is None where it was stopped."""

    documents: int
    rejects: dict[str, int]
    failed: list[str]
    seconds: float | None
    memory: int


# ------------------------------------------------------------------ the documents
def _text(unit: str, head: str = "Trucks\n\n", tail: str = "") -> Made:
    """A text that says one thing again and again."""
    return lambda size: (head + unit * (size // len(unit.encode())) + tail).encode()


def _page(unit: str, head: str = "") -> Made:
    """A page with some sentences and then one thing again and again."""
    begin = f"<html><head>{head}</head><body><article><p>{SENTENCE * 3}</p>"
    return lambda size: (begin + unit * (size // len(unit.encode())) + "</article></body></html>").encode()


def _head(before: str, unit: str, after: str) -> Made:
    """A page with one long thing in its head."""
    rest = f"</head><body><p>{SENTENCE * 5}</p></body></html>"
    return lambda size: ("<html><head>" + before + unit * (size // len(unit)) + after + rest).encode()


def _attributes(size: int) -> bytes:
    said = " ".join(f"a{n}=1" for n in range(size // 10))
    return f"<html><body><p {said}>{SENTENCE * 3}</p></body></html>".encode()


def _definitions(size: int) -> bytes:
    letters = ("".join(chr(65 + n // 26**k % 26) for k in range(4)) for n in range(size // 22))
    return " ".join(f"Abc Army ({short}) ISIS" for short in letters).encode()


def _saved(header: bytes) -> Made:
    """A saved page with a long header."""
    page = b"\n\n--B\nContent-Type: text/html; charset=utf-8\n\n<p>" + SENTENCE.encode() * 3 + b"\n--B--\n"
    begin = b"MIME-Version: 1.0\nContent-Type: multipart/related; boundary=B\n"
    return lambda size: begin + b"Subject: " + header * (size // len(header)) + page


DOCUMENTS: dict[str, tuple[str, Made]] = {
    "an an an.txt": (".txt", lambda size: b"They killed " + b"an " * 24 + b"x 5 children."),
    "was was.txt": (".txt", lambda size: (("They " + "was " * 40 + "x was said. ") * (size // 190)).encode()),
    "repeatedly.txt": (".txt", lambda size: (("Russia" + " repeatedly" * 60 + " x struck Raqqa. ") * (size // 700)).encode()),
    "dates.txt": (".txt", _text("5 May 2017, ")),
    "numeric dates.txt": (".txt", _text("05/06/2017 ")),
    "iso dates.txt": (".txt", _text("2017-05-05 ")),
    "times ago.txt": (".txt", _text("5 May 2017, two days later, ")),
    "years in a word.txt": (".txt", _text("a2017")),
    "definitions.txt": (".txt", _definitions),
    "brackets.txt": (".txt", _text("Name (A) ")),
    "deep brackets.txt": (".txt", _text("((((")),
    "one word.txt": (".txt", _text("x")),
    "vowels.txt": (".txt", _text("a", "Trucks of A")),
    "capitals.txt": (".txt", _text("Abcd ")),
    "hyphens.txt": (".txt", _text("a-")),
    "numbers.txt": (".txt", _text("5 ")),
    "number words.txt": (".txt", _text("one hundred and ")),
    "quotation marks.txt": (".txt", _text('" ')),
    "curly marks.txt": (".txt", _text("“")),
    "backquotes.txt": (".txt", _text("``a", tail=' "')),
    "short quotes.txt": (".txt", _text('“a” he said, ')),
    "commas.txt": (".txt", _text(", ")),
    "ands.txt": (".txt", _text(", and ")),
    "killed.txt": (".txt", _text("killed ")),
    "said.txt": (".txt", _text("said ")),
    "attacks.txt": (".txt", _text("attacked ISIS in Raqqa ")),
    "forces.txt": (".txt", _text("ISIS and ")),
    "names.txt": (".txt", _text("UK ")),
    "sentences.txt": (".txt", _text(SENTENCE)),
    "no full stop.txt": (".txt", _text(SENTENCE.replace(".", ""))),
    "short lines.txt": (".txt", _text("a\n")),
    "blank lines.txt": (".txt", _text("a\n\n")),
    "spaces.txt": (".txt", _text(" ", tail="b")),
    "mojibake.txt": (".txt", _text("â€™")),
    "initials.txt": (".txt", _text("A. ")),
    "brackets.md": (".md", _text("[")),
    "links.md": (".md", _text("[a](")),
    "pictures.md": (".md", _text("![a](b ")),
    "cut links.md": (".md", _text("[](")),
    "whole links.md": (".md", _text("[a](b)")),
    "stars.md": (".md", _text("*a")),
    "headings.md": (".md", _text("# a\n")),
    "attributes.html": (".html", _attributes),
    "one class.html": (".html", _page(f"<p class='{'article-' * 40}'>a")),
    "blocks.html": (".html", _page("<div>a</div>")),
    "open tags.html": (".html", _page("<i><p>")),
    "breaks.html": (".html", _page("<br>")),
    "headlines.html": (".html", _page("<h1>Trucks reach Raqqa</h1>")),
    "angles.html": (".html", _page("<")),
    "comments.html": (".html", _page("<!--")),
    "sites in the title.html": (".html", _head("<title>", "BBC | ", "x</title>")),
    "words in the title.html": (".html", _head("<title>", "a ", "</title>")),
    "host.html": (".html", _head("<link rel=canonical href='http://", "a.", "'>")),
    "dates in the head.html": (".html", _head("<meta name=date content='", "5/5/2017 ", "'>")),
    "charset.html": (".html", lambda size: b"<html><meta" + b"<meta charset  " * (size // 15) + b"><p>" + SENTENCE.encode() * 3),
    "linked data.html": (".html", _head("", '<script type="application/ld+json">{"@type":"Article","headline":"a"}</script>', "")),
    "deep linked data.html": (".html", _head('<script type="application/ld+json">', "[", "</script>")),
    "header.mht": (".mht", _saved(b"a ")),
    "header without spaces.mht": (".mht", _saved(b"a")),
}  # fmt: skip
"""Name → (ending, what makes its bytes, of about a size)."""


# ------------------------------------------------------------------ reading one
def read_whole(
    raw: bytes, suffix: str, lexicon: Lexicon, step: Callable[[], None] = lambda: None
) -> tuple[int, Counter[str], list[str]]:
    """Everything that is done to one input by itself: a container's records, or the document, staged and read; (documents
    read, rejects by reason, what failed). An exception that comes out of it is a fault as well."""
    if container_suffix(f"x{suffix}"):
        found = list(
            read_container(BytesIO(raw), f"x{suffix}", Limits(50 * 10**6, len(raw), lexicon.columns))
        )
    else:
        found = [Record("", suffix, raw)]
    rejects: Counter[str] = Counter()
    failed: list[str] = []
    documents = 0
    for record in found:
        step()
        if not isinstance(record, Record):
            rejects[record.reason] += 1
            failed += [record.detail] if record.reason == "failed" else []
            continue
        document = Raw(
            document_id_of(record.raw),
            record.suffix,
            record.raw,
            record.fields,
            record.facts,
            record.external_id,
        )
        try:
            read_one(document, lexicon, date(2017, 5, 9))
        except Unreadable as error:
            rejects[error.reason] += 1
            failed += [error.detail] if error.reason == "failed" else []
        else:
            documents += 1
    return documents, rejects, failed


def measured(raw: bytes, suffix: str, lexicon: Lexicon, seconds: int = SECONDS) -> Outcome:
    """Read one input in a process of its own, which is stopped where listing it or one of its documents takes so many seconds
    of processor time; `seconds` of the outcome is the longest of these."""
    into, out = os.pipe()
    child = os.fork()
    if not child:
        os.close(into)
        os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what libraries say of broken files
        began, longest = time.process_time(), 0.0

        def step() -> None:
            nonlocal began, longest
            longest, began = max(longest, time.process_time() - began), time.process_time()
            resource.setrlimit(resource.RLIMIT_CPU, (math.ceil(began) + seconds, resource.RLIM_INFINITY))

        step()
        try:
            documents, rejects, failed = read_whole(raw, suffix, lexicon, step)
        except BaseException as error:
            documents, rejects, failed = 0, Counter(), [f"{type(error).__name__}: {error}"[:300]]
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
        step()
        said = json.dumps([documents, rejects, failed, longest, memory])
        os.write(out, said.encode("utf-8", "replace")[:60_000])
        os._exit(0)
    os.close(out)
    with os.fdopen(into, "rb") as pipe:
        answer = pipe.read()
    _, status, used = os.wait4(child, 0)
    if not answer:
        why = f"stopped by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else "ended without a word"
        return Outcome(0, {}, [why], None, used.ru_maxrss // 1024)
    return Outcome(*json.loads(answer))


def ready() -> Lexicon:
    """The built-in lexicon, with all that is loaded with the first text or page."""
    lexicon = lexicon_of(())
    read_whole(f"Trucks\n\n{SENTENCE * 3}".encode(), ".txt", lexicon)
    read_whole(f"<html><body><p>{SENTENCE * 3}".encode(), ".html", lexicon)
    return lexicon


def run(names: list[str], size: int, seconds: int) -> Iterator[dict[str, Any]]:
    """Each document with what became of it."""
    lexicon = ready()
    for name in names or DOCUMENTS:
        suffix, made = DOCUMENTS[name]
        raw = made(size)
        yield {"name": name, "bytes": len(raw), **measured(raw, suffix, lexicon, seconds)._asdict()}


def main() -> int:
    """Measure the documents named, or all."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", 1)[0])
    parser.add_argument("names", nargs="*")
    parser.add_argument("--size", type=int, default=1_000_000)
    parser.add_argument("--limit", type=int, default=SECONDS)
    said = parser.parse_args()
    for row in run(said.names, said.size, said.limit):
        print(json.dumps(row, ensure_ascii=False), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
