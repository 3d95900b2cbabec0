"""What a warehouse withstands: runs killed at any moment, readers while runs publish, a disk that fills up; and what adding costs.

    python -m benchmarks.lake kills [--times 200] [--prefect]
    python -m benchmarks.lake readers [--runs 50] [--python /tmp/peers/bin/python]   (a Python with duckdb, pyarrow, pandas, polars)
    python -m benchmarks.lake full FOLDER_ON_A_SMALL_DISK
    python -m benchmarks.lake adding WAREHOUSE INPUTS MORE

Runs go back and forth between two sets of inputs, so that each has something to publish. A reader that sees rows of neither set
has seen a mix. Prints Markdown.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import duckdb

ROOT = Path(__file__).resolve().parent.parent
SAMPLES = sorted((ROOT / "seeds" / "raw").iterdir())
TABLES = ("documents", "articles", "paragraphs", "mentions", "figures", "quotes", "events")
COUNTS = (
    "select "
    + ", ".join(f"(select count(*) from {t})" for t in TABLES)
    + ", (select sum(mentions) from mentions_per_town)"
)
READER = """
import sys, os, json, time
kind, warehouse, until = sys.argv[1], sys.argv[2], sys.argv[3]
seen, errors = {}, []
while not os.path.exists(until):
    try:
        if kind == "duckdb":
            import duckdb
            with duckdb.connect(warehouse + "/warehouse.duckdb", read_only=True) as c:
                found = c.sql("select (select count(*) from articles), (select count(*) from mentions), (select count(*) from events)").fetchall()[0]
        else:
            here = os.path.realpath(warehouse + "/current")
            found = []
            for table in ("articles", "mentions", "events"):
                if kind == "pyarrow":
                    import pyarrow.dataset as ds
                    found.append(ds.dataset(here + "/" + table, format="parquet").count_rows())
                elif kind == "pandas":
                    import pandas as pd
                    found.append(len(pd.read_parquet(here + "/" + table)))
                elif kind == "polars":
                    import polars as pl
                    found.append(pl.scan_parquet(here + "/" + table + "/*.parquet").select(pl.len()).collect().item())
        key = json.dumps(list(found))
        seen[key] = seen.get(key, 0) + 1
    except Exception as error:
        errors.append(repr(error)[:200])
    time.sleep(0.02)
print(json.dumps({"seen": seen, "errors": errors}))
"""


def run(warehouse: Path, *inputs: Path, workers: int = 1, prefect: bool = False) -> list[str]:
    """The command of one run."""
    how = [] if prefect else ["--inline"]
    given = [*map(str, inputs), "--warehouse", str(warehouse), *how, "--workers", str(workers), "--prune"]
    return [sys.executable, "-m", "flows.cli", "run", *given]


def counts(warehouse: Path) -> tuple[int, ...]:
    """Rows by table, as a reader sees them now."""
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as connection:
        return tuple(int(n or 0) for n in connection.sql(COUNTS).fetchall()[0])


def two_sets(folder: Path) -> tuple[list[Path], Path]:
    """A folder of inputs, and the two sets it holds in turn."""
    inputs = folder / "in"
    inputs.mkdir()
    return [p for p in SAMPLES if p.is_file()], inputs


def fill(inputs: Path, documents: list[Path]) -> None:
    """Let a folder hold just these documents."""
    for path in inputs.iterdir():
        path.unlink()
    for path in documents:
        shutil.copy(path, inputs)


RUN = "WARWIRE_BENCHMARK_RUN"


def orphans(mark: str) -> int:
    """Processes of a run that is dead which are there ten seconds later; they are ended."""
    entry = f"{RUN}={mark}".encode()
    deadline = time.monotonic() + 10
    while True:
        left = [
            p
            for p in Path("/proc").glob("[0-9]*")
            if entry in _read(p / "environ").split(b"\0") and _read(p / "cmdline")
        ]
        if not left or time.monotonic() > deadline:
            for path in left:
                os.kill(int(path.name), signal.SIGKILL)
            return len(left)
        time.sleep(0.1)


def _read(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError:
        return b""


def kills(times: int, prefect: bool = False, seed: int = 1) -> None:
    """kill -9 a run's first process at random moments; what readers see must be one of the two states, nothing it started may
    be left, and the next run must heal."""
    rng = random.Random(seed)
    folder = Path(tempfile.mkdtemp())
    samples, inputs = two_sets(folder)
    sets = (samples[::2], samples)
    states = []
    for n, documents in enumerate(sets):
        fill(inputs, documents)
        began = time.monotonic()
        subprocess.run(run(folder / f"fresh{n}", inputs, prefect=prefect), check=True, capture_output=True)
        whole = time.monotonic() - began
        states.append(counts(folder / f"fresh{n}"))
    warehouse = folder / "w"
    fill(inputs, sets[0])
    subprocess.run(run(warehouse, inputs), check=True, capture_output=True)
    found: Counter[str] = Counter()
    for n in range(times):
        fill(inputs, sets[(n + 1) % 2])
        process = subprocess.Popen(
            run(warehouse, inputs, workers=1 + n % 2, prefect=prefect), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True, env={**os.environ, RUN: f"{folder.name}-{n}"},
        )  # fmt: skip
        time.sleep(whole * rng.uniform(0.15, 1.05))
        ended = process.poll() is not None
        if not ended:
            process.kill()
        process.wait()
        found["orphans"] += orphans(f"{folder.name}-{n}")
        try:
            now = counts(warehouse)
        except Exception as error:
            found[f"failed: {error!r}"[:120]] += 1
            continue
        found["ended before the kill" if ended else "killed"] += 1
        found[
            "old rows" if now == states[n % 2] else "new rows" if now == states[(n + 1) % 2] else "OTHER ROWS"
        ] += 1
    subprocess.run(run(warehouse, inputs), check=True, capture_output=True)
    healed = counts(warehouse) == states[times % 2]
    hidden = [p for p in warehouse.rglob(".*") if p.is_file()]
    print(f"{times} runs: {dict(sorted(found.items()))}; healed: {healed}; leftovers: {len(hidden)}")
    shutil.rmtree(folder)


def readers(runs: int, python: str) -> None:
    """Readers in a loop while runs publish."""
    folder = Path(tempfile.mkdtemp())
    samples, inputs = two_sets(folder)
    warehouse, until = folder / "w", folder / "done"
    states = []
    for documents in (samples[::2], samples):
        fill(inputs, documents)
        subprocess.run(run(warehouse, inputs), check=True, capture_output=True)
        n = counts(warehouse)
        states.append(json.dumps([n[1], n[3], n[6]]))
    kinds = ("duckdb", "pyarrow", "pandas", "polars")
    open_readers = {
        k: subprocess.Popen(
            [python, "-c", READER, k, str(warehouse), str(until)], stdout=subprocess.PIPE, text=True
        )
        for k in kinds
    }
    for n in range(runs):
        fill(inputs, samples[::2] if n % 2 == 0 else samples)
        subprocess.run(run(warehouse, inputs), check=True, capture_output=True)
    until.touch()
    print("| reader | reads | of one state or the other | mixed | errors |\n|---|---|---|---|---|")
    for kind, process in open_readers.items():
        said = json.loads(process.communicate()[0])
        right = sum(n for s, n in said["seen"].items() if s in states)
        total = sum(said["seen"].values())
        print(
            f"| {kind} | {total} | {right} | {total - right} | {len(said['errors'])} {said['errors'][:1] or ''} |"
        )
    print(f"\n{runs} runs published meanwhile.")
    shutil.rmtree(folder)


def full(folder: Path) -> None:
    """Runs on a disk that fills up: each fails with a message or succeeds; what stood stands."""
    warehouse = folder / "w"
    inputs = Path(tempfile.mkdtemp()) / "in"
    inputs.mkdir()
    fill(inputs, [p for p in SAMPLES if p.is_file()][:4])
    subprocess.run(run(warehouse, inputs), check=True, capture_output=True)
    before = counts(warehouse)
    ballast = folder / "ballast"
    free = shutil.disk_usage(folder).free
    said: Counter[str] = Counter()
    fill(inputs, [p for p in SAMPLES if p.is_file()])
    for left in (0, 20_000, 60_000, 150_000, 300_000, 600_000, 1_000_000):
        ballast.write_bytes(b"x" * max(0, free - left))
        done = subprocess.run(run(warehouse, inputs), capture_output=True, text=True)
        same = counts(warehouse) == before
        last = (done.stderr.strip().splitlines() or [""])[-1][:100]
        said[f"exit {done.returncode}, {'rows as before' if same else 'NEW ROWS'}: {last}"] += 1
        ballast.unlink()
        if not same:
            break
    for line, n in said.items():
        print(f"- {n} x {line}")
    done = subprocess.run(run(warehouse, inputs), capture_output=True, text=True)
    print(f"with room again: exit {done.returncode}, {counts(warehouse)[1]} articles")


def adding(warehouse: Path, inputs: Path, more: Path) -> None:
    """What adding a few articles to many costs against building all anew, and how fast the three views answer then."""
    command = run(warehouse, inputs, more, workers=0)
    began = time.monotonic()
    subprocess.run(command, check=True, capture_output=True)
    added = time.monotonic() - began
    with duckdb.connect(str(warehouse / "warehouse.duckdb"), read_only=True) as connection:
        rows = connection.sql(
            "select documents_read, added, seconds_by_stage from runs order by run_id"
        ).fetchall()
        whole = max(sum(json.loads(s).values()) for _, _, s in rows)
        print(
            f"adding {rows[-1][1]} ({rows[-1][0]} read): {added:.1f} s; the whole: {whole:.0f} s; ratio {added / whole:.3f}"
        )
        print(rows[-1][2])
        for view in ("mentions_per_force", "mentions_per_town", "mentions_per_outlet"):
            times = []
            for _ in range(5):
                began = time.monotonic()
                connection.sql(f"from {view}").fetchall()
                times.append(time.monotonic() - began)
            print(f"{view}: {1000 * sorted(times)[2]:.0f} ms")


def main() -> None:
    """Run one of them."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    commands = parser.add_subparsers(dest="what", required=True)
    killing = commands.add_parser("kills")
    killing.add_argument("--times", type=int, default=200)
    killing.add_argument(
        "--prefect", action="store_true", help="runs as Prefect flows, with Prefect's own server"
    )
    reading = commands.add_parser("readers")
    reading.add_argument("--runs", type=int, default=50)
    reading.add_argument("--python", default=sys.executable)
    commands.add_parser("full").add_argument("folder", type=Path)
    growing = commands.add_parser("adding")
    for name in ("warehouse", "inputs", "more"):
        growing.add_argument(name, type=Path)
    given = vars(parser.parse_args())
    what = given.pop("what")
    {"kills": kills, "readers": readers, "full": full, "adding": adding}[what](**given)


if __name__ == "__main__":
    main()
