"""How long a user waits: `python benchmarks/start.py [INPUT]` times whole processes and prints medians and ratios.

select 1        `warwire sql "select 1"`
inline          `warwire run INPUT --inline` into an empty warehouse
again           the same into a warehouse that has it already
flow            `warwire run INPUT` on Prefect's ephemeral server
empty flow      a Prefect flow that does nothing, on the same
"""

from __future__ import annotations

import os
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

BIN = Path(sys.executable).parent
EMPTY = "from prefect import flow\n@flow\ndef empty() -> int:\n    return 1\nif __name__ == '__main__':\n    empty()\n"
QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_LOGGING_LEVEL": "CRITICAL",
    "PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS": "120",
}


def seconds(command: Sequence[str | Path]) -> float:
    """Wall seconds of one process."""
    started = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True, env=os.environ | QUIET)
    return time.perf_counter() - started


def main(source: str, rounds: int = 5) -> None:
    """Run the commands in turn, so that a machine that slows down slows them all."""
    warwire = BIN / "warwire"
    with tempfile.TemporaryDirectory() as folder:
        root = Path(folder)
        (root / "empty.py").write_text(EMPTY)
        seconds([warwire, "run", source, "--inline", "--warehouse", root / "standing"])
        times: dict[str, list[float]] = {}
        for n in range(rounds):
            for name, command in {
                "select 1": [warwire, "sql", "select 1", "--warehouse", root / "standing"],
                "inline": [warwire, "run", source, "--inline", "--warehouse", root / f"inline{n}"],
                "again": [warwire, "run", source, "--inline", "--warehouse", root / "standing"],
                "flow": [warwire, "run", source, "--warehouse", root / f"flow{n}"],
                "empty flow": [sys.executable, root / "empty.py"],
            }.items():
                times.setdefault(name, []).append(seconds(command))
    for name, found in times.items():
        print(
            f"{name:<12} {statistics.median(found):6.2f} s   (from {min(found):.2f} to {max(found):.2f}, {rounds} rounds)"
        )
    extra = [f - e for f, e in zip(times["flow"], times["empty flow"], strict=True)]
    print(
        f"{'flow - empty':<12} {statistics.median(extra):6.2f} s   (from {min(extra):.2f} to {max(extra):.2f})"
    )


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "seeds/raw")
