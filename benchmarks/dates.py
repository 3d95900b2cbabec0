"""Time expressions against the DATEs of a TIMEX3-labelled set: JSON lines of text, dct and gold.timex (begin, end, type, value).

python -m benchmarks.dates FILE.jsonl [--wrong]
"""

from __future__ import annotations

import json
import re
import sys
import time
from collections import Counter
from datetime import date
from pathlib import Path

from transforms.language.times import Time, find_times


def value(found: Time) -> str | None:
    """A time as TIMEX3 writes it: a day, a week, a month, a year or a decade."""
    if found.first is None or found.last is None:
        return None
    first = found.first.isoformat()
    if found.basis.endswith(":since"):
        return first[:4] if first.endswith("-01-01") else first
    if found.precision == "day":
        return first
    if found.precision == "week":
        return "{}-W{:02d}".format(*found.first.isocalendar()[:2])
    if (
        found.precision == "range"
        and found.first.year // 10 != (found.last.year + 1) // 10
        and found.first.month == 1
    ):
        return first[:3]
    return first[:4] if found.precision == "year" else first[:7] if found.precision == "month" else first


def plain(value: str) -> str:
    """A TIMEX3 value less what says nothing: placeholders (1949-XX, 196X), a week's missing zero, a time of day."""
    value = re.sub(r"W(\d)$", r"W0\1", value)
    return re.sub(r"(?:-?X+)+$|T(?:NI|EV|MO|AF|\d.*)$", "", value)


def main() -> None:
    """Print value exactly right among DATE expressions found, and recall."""
    right = found_dates = labelled = 0
    wrong: Counter[tuple[str, str, str | None]] = Counter()
    missed: Counter[str] = Counter()
    began, size = time.process_time(), 0
    with Path(sys.argv[1]).open(encoding="utf-8") as file:
        documents = [json.loads(line) for line in file]
    for document in documents:
        size += len(document["text"])
        times = find_times(document["text"], date.fromisoformat(document["dct"][:10]))
        for gold in document["gold"]["timex"]:
            if gold["type"] != "DATE":
                continue
            labelled += 1
            hit = next((t for t in times if t.start < gold["end"] and gold["begin"] < t.end), None)
            if hit is None:
                missed[gold["text"]] += 1
                continue
            found_dates += 1
            is_right = value(hit) == plain(gold["value"])
            right += is_right
            if not is_right:
                wrong[
                    document["text"][max(0, gold["begin"] - 70) : gold["end"] + 20], gold["value"], value(hit)
                ] += 1
    seconds = time.process_time() - began
    print(
        f"{labelled} DATEs: found {found_dates / labelled:.3f}, value right of those found {right / found_dates:.3f}, of all {right / labelled:.3f}; {size / 1e6 / seconds:.1f} MB/s"
    )
    if "--wrong" in sys.argv:
        print(wrong.most_common(60), missed.most_common(60), sep="\n")


if __name__ == "__main__":
    main()
