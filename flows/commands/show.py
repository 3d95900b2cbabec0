"""Rows and explanations as people read them."""

from __future__ import annotations

import csv
import json
import os
import shutil
import sys
import textwrap
from collections.abc import Sequence
from itertools import zip_longest
from typing import TYPE_CHECKING, Any

import duckdb
import pyarrow.parquet as pq

from flows.commands.plain import cell
from transforms.language.sentences import find_sentences
from transforms.page.prints import find_differences
from warehouse.manifest import WarehouseError

if TYPE_CHECKING:
    from transforms.names.lexicon import Lexicon
    from warehouse.explain import Behind, Compared, Explained, Place
    from warehouse.stock import UnknownName

WIDEST_CELL = 60  # characters of a value in a table
TOLD = {
    "mentions": ("part", "resolution"),
    "figures": ("measure", "bound", "low", "high", "force_id", "place_id"),
    "attributions": ("claimant", "cue", "stance", "claimant_type"),
    "quotes": ("kind", "speaker", "cue"),
    "events": ("event_type", "actor_id", "target_id", "place_id", "date_start", "status"),
}  # what is said of a row besides its sentence
DIFFERENCES = 12  # sentences shown of a pair


def print_rows(connection: duckdb.DuckDBPyConnection, query: str, form: str, brief: bool = False) -> None:
    """Run one query and print its rows: as an aligned table, as CSV, as JSON lines, or as Parquet bytes."""
    found = connection.sql(query)
    if found is None:
        return
    if form == "parquet":
        if sys.stdout.isatty():
            raise WarehouseError(
                "Parquet is bytes; send it to a file: warwire sql QUERY --format parquet > rows.parquet"
            )
        reader = found.to_arrow_reader(100_000)
        sys.stdout.flush()
        with pq.ParquetWriter(sys.stdout.buffer, reader.schema, compression="zstd") as writer:
            for batch in reader:
                writer.write_batch(batch)
        return
    _print(found.columns, found.fetchall(), form, brief)


def _print(columns: list[str], rows: list[tuple[Any, ...]], form: str, brief: bool = False) -> None:
    if form == "csv":
        writer = csv.writer(
            sys.stdout if sys.stdout.isatty() else getattr(sys.stdout, "stream", sys.stdout),
            lineterminator="\n",
        )
        writer.writerow(columns)
        writer.writerows([[cell(_plain(v)) for v in row] for row in rows])
    elif form == "json":
        for row in rows:
            print(json.dumps(dict(zip(columns, row, strict=True)), ensure_ascii=False, default=str))
    else:
        _print_table(columns, rows, brief)


def _plain(value: object) -> object:
    return json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, list | dict) else value


def _print_table(columns: list[str], rows: list[tuple[Any, ...]], brief: bool) -> None:
    """An aligned table, numbers to the right; where it is wider than the terminal, cells are cut and then columns left out."""
    keep = list(range(len(columns)))
    if brief and len(rows) > 1:
        keep = [i for i in keep if i == 0 or len({str(row[i]) for row in rows}) > 1]
    cells = [[_cell(row[i]) for i in keep] for row in rows]
    widths = [max([len(columns[i]), *(len(row[n]) for row in cells)]) for n, i in enumerate(keep)]
    room = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 10_000
    shown = len(keep)
    while shown > 1 and sum(widths[:shown]) + 2 * (shown - 1) > room:
        shown -= 1
    right = [all(isinstance(row[i], int | float) or row[i] is None for row in rows) for i in keep]

    def line(values: list[str]) -> str:
        return "  ".join(
            v.rjust(w) if r else v.ljust(w) for v, w, r in zip(values[:shown], widths, right, strict=False)
        ).rstrip()

    print(line([columns[i] for i in keep]))
    print(line(["-" * w for w in widths]))
    for row in cells:
        print(line(row))
    left_out = [columns[i] for i in keep[shown:]]
    print(
        f"({len(rows)} row{'' if len(rows) == 1 else 's'}{'; too wide to show: ' + ', '.join(left_out) if left_out else ''})"
    )


def _cell(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, float):
        return f"{value:.5g}" if abs(value) < 1e-3 or value == round(value, 5) else f"{value:.5f}"
    text = " ".join(str(_plain(value)).split())
    return text if len(text) <= WIDEST_CELL else text[: WIDEST_CELL - 1] + "…"


def print_suggestions(names: Sequence[UnknownName], lexicon: Lexicon, form: str) -> None:
    """What to do about each unknown name, as a table, CSV or JSON lines."""
    from transforms.names.suggest import suggest

    columns = [
        "name",
        "mentions",
        "articles",
        "proposal",
        "entity_id",
        "nearest",
        "why",
        "example",
        "example_id",
    ]
    rows: list[tuple[Any, ...]] = []
    for n in names:
        s = suggest(n.name, n.contexts, lexicon)
        example = _around(*n.contexts[0]) if n.contexts else ""
        rows.append(
            (n.name, n.mentions, n.articles, s.proposal, s.entity_id, s.nearest, s.why, example, n.example_id)
        )
    _print(columns, rows, form)


def _around(text: str, start: int, end: int) -> str:
    return _sentence_of(text[:start], text[start:end], text[end:])


def prompt(connection: duckdb.DuckDBPyConnection) -> bool:
    """Read queries (to a semicolon) until end of input; `.tables` lists what there is. Whether all went well, or someone
    was there to see what did not."""
    interactive = sys.stdin.isatty()
    if interactive:
        import readline  # noqa: F401 - line editing

        print("Queries end with ; — .tables lists tables and views, .quit leaves.")
    query = ""
    failed = False
    while True:
        try:
            line = input(("warwire> " if not query else "    ...> ") if interactive else "")
        except EOFError:
            line = ";" if query.strip() else ".quit"
        if not query and line.strip() in (".quit", ".exit"):
            return interactive or not failed
        if not query and line.strip() == ".tables":
            line = "select view_name as name, comment from duckdb_views() where not internal order by name;"
        query += line + "\n"
        if line.rstrip().endswith(";"):
            try:
                if query.strip(" \n;"):
                    print_rows(connection, query, "table")
            except duckdb.Error as error:
                print(error, file=sys.stderr)
                failed = True
            query = ""


# ------------------------------------------------------------------ explanations
def _sentence(place: Place) -> str:
    return _sentence_of(place.before, place.words, place.after)


def _sentence_of(before: str, words: str, after: str) -> str:
    """The sentence around a place, the words marked »so«."""
    paragraph = before + words + after
    start, end = len(before), len(before) + len(words)
    spans = [(a, b) for a, b in find_sentences(paragraph) if a < end and start < b]
    first, last = (min(spans[0][0], start), max(spans[-1][1], end)) if spans else (start, end)
    text = f"{paragraph[first:start]}»{words}«{paragraph[end:last]}"
    return " ".join(text.split())


def _where(place: Place) -> str:
    return f"{_short(place.source_uri)}:{place.line}  characters {place.start}-{place.end}"


def _short(uri: str) -> str:
    """A path as seen from here where that is shorter."""
    relative = os.path.relpath(uri)
    return relative if not relative.startswith("..") else uri


def print_explained(found: Explained) -> None:
    """A row, its columns, and where it stands."""
    print(found.table)
    for name, value in found.row.items():
        if value not in (None, [], ""):
            print(f"  {name:<20} {_cell(value)}")
    if found.place:
        if found.row.get("document_start_char") is not None:
            print(f"  {_sentence(found.place)}")
        print(f"  {_where(found.place)}")
    print()


def print_story(joined: Sequence[Compared], refused: Sequence[Compared], limit: int) -> None:
    """The pairs behind a story, each with what differs side by side, and the pairs that were refused."""
    for pair in joined[:limit]:
        row = pair.row
        print(
            f"{row['method']}: {row['words_shared']:.0%} of the words, {row['names_shared']:.0%} of names and numbers, "
            f"{row['shared_characters']} characters shared"
        )
        contained = {
            row["article_id_a"]: "the left is part of the right",
            row["article_id_b"]: "the right is part of the left",
        }
        if row["contained"]:
            print(f"  {contained[row['contained']]}")
        _print_sides(*map(_short, pair.sources))
        differences = find_differences(*pair.texts)
        _print_sides("-" * 20, "-" * 20)
        for one, other in differences[:DIFFERENCES]:
            _print_sides(one, other)
        left = len(differences) - DIFFERENCES
        print(
            f"  {left} more differences\n" if left > 0 else "" if differences else "  no sentence differs\n"
        )
    if refused:
        print("Compared and not joined:")
    for pair in refused[:limit]:
        row = pair.row
        print(
            f"  {row['reason']}: {row['words_shared']:.0%} of the words, {row['names_shared']:.0%} of names and numbers, "
            f"numbers {row['numbers_shared']:.0%}: {_short(pair.sources[0])} | {_short(pair.sources[1])}"
        )


def _print_sides(one: str, other: str) -> None:
    room = shutil.get_terminal_size((160, 24)).columns if sys.stdout.isatty() else 160
    width = max(20, (room - 5) // 2)
    lines = zip_longest(textwrap.wrap(one, width), textwrap.wrap(other, width), fillvalue="")
    print("\n".join(f"  {a:<{width}} | {b}".rstrip() for a, b in lines) or "  |")


def print_behind(behind: Behind) -> None:
    """A view's row, and the rows behind its number."""
    row = {k: v for k, v in behind.row.items() if v is not None}
    print(f"{behind.view}: " + ", ".join(f"{k} {_cell(v)}" for k, v in row.items()))
    for found in behind.rows:
        print()
        if found.place:
            print(f"  {_sentence(found.place)}")
            print(
                f"  {', '.join(str(found.row[c]) for c in TOLD[found.table] if found.row.get(c) is not None)}; {_where(found.place)}"
            )
        print(f"  {next(iter(found.row.values()))}")
    left = behind.total - len(behind.rows)
    print(
        f"\n{behind.total} rows behind this number"
        + (f"; {left} more with --limit {behind.total}" if left > 0 else "")
        + "."
    )
