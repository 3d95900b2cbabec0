"""How fast names, times and records are found in texts, each finder alone, in MB of text a second of processor time.

python -m benchmarks.records FILE_OR_FOLDER ...
"""

from __future__ import annotations

import cProfile
import pstats
import sys
import time
from collections.abc import Callable
from datetime import date
from pathlib import Path

from flows.versions import lexicon_of
from transforms.article import Article
from transforms.names.mentions import find_mentions
from transforms.records.attributions import find_attributions
from transforms.records.events import find_events
from transforms.records.figures import find_figures
from transforms.records.quotes import find_quotes


def articles(paths: list[str]) -> list[Article]:
    """Every text file as it would be read, its names found, its times not yet."""
    lexicon = lexicon_of(())
    files = [f for p in paths for f in (sorted(Path(p).iterdir()) if Path(p).is_dir() else [Path(p)])]
    found = []
    for file in files:
        text = file.read_text(encoding="utf-8", errors="replace")
        if text.strip():
            found.append(Article.plain(text, lexicon, date(2017, 7, 1)))
    return found


def main() -> None:
    """Print one row a finder, and the whole."""
    profiled = "--profile" in sys.argv
    told = articles([a for a in sys.argv[1:] if not a.startswith("--")])
    size = sum(len(t.text.encode()) for t in told) / 1e6
    lexicon = told[0].lexicon
    steps: list[tuple[str, Callable[[Article], object]]] = [
        ("mentions", lambda t: find_mentions(t.text, lexicon)),
        ("sentences and quotation marks", lambda t: (t.sentences, t.frame)),
        ("times", lambda t: t.times),
        ("attributions", find_attributions),
        ("figures", find_figures),
        ("quotes", lambda t: find_quotes(t, [])),
        ("events", lambda t: find_events(t, [])),
    ]
    print(f"{size:.2f} MB in {len(told)} texts\n\n| finder | MB/s |\n|---|---|")
    whole = 0.0
    profile = cProfile.Profile()
    for name, step in steps:
        began = time.process_time()
        if profiled:
            profile.enable()
        for t in told:
            step(t)
        profile.disable()
        seconds = time.process_time() - began
        whole += seconds
        print(f"| {name} | {size / seconds:.2f} |")
    print(f"| all | {size / whole:.2f} |")
    if profiled:
        pstats.Stats(profile).sort_stats("tottime").print_stats(25)


if __name__ == "__main__":
    main()
