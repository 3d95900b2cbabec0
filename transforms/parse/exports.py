"""Exports: rows with named columns, from JSON, JSON Lines and Parquet."""

from __future__ import annotations

import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import IO, Any, cast

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from transforms.parse.block import Unreadable, well_formed
from transforms.parse.columns import folded
from transforms.parse.decode import decode
from transforms.parse.lines import read_lines
from transforms.parse.stream import Broken, Limits, Record, whole

MOST_NAMED = 30  # columns a reject lists by name
DEEPEST_LIST = 3  # objects within objects in which a list of records is looked for
BATCH = 256  # rows of a Parquet file held at once
SPACES = re.compile(r"[\s,]*")
NEXT_OBJECT = re.compile(r"\}\s*,\s*(\{)")


def row_record(
    number: int, raw: bytes, row: object, limits: Limits, is_mended: bool = False
) -> Record | Broken:
    """A row of an export as a record; `is_mended`: it was put right on the way here."""
    name = f"#{number}"
    if not isinstance(row, dict):
        return Broken(name, "damaged", "is no object with named columns")
    if len(raw) > limits.max_document:
        return Broken(name, "too_large", f"more than {limits.max_document:,} bytes")
    said = {str(k): _as_text(v) for k, v in _flat(row, limits).items() if v is not None}
    fields = said
    if not all(well_formed(k) is k and well_formed(v) is v for k, v in said.items()):
        fields = dict(zip(named(map(well_formed, said)), map(well_formed, said.values()), strict=True))
        is_mended = True
    if not limits.columns.of("text", fields) and not limits.columns.of("html", fields):
        return _textless(name, fields, limits)
    limits.mended += is_mended
    return Record(name, ".record", raw, fields, {}, limits.columns.of("key", fields) or None)


def _flat(row: dict[str, Any], limits: Limits) -> dict[str, Any]:
    """A row whose text stands in an object within it (`fields`, `_source`): the columns of both, of one name the outer."""
    if not any(isinstance(v, dict) for v in row.values()) or _has_text(row, limits):
        return row
    inner = next((name for name, v in row.items() if isinstance(v, dict) and _has_text(v, limits)), None)
    if inner is None:
        return row
    outer = {name: value for name, value in row.items() if name != inner}
    return outer | {name if name not in outer else f"{inner}.{name}": v for name, v in row[inner].items()}


def _textless(name: str, fields: Mapping[str, str], limits: Limits) -> Broken:
    if set(map(folded, fields)) & limits.columns.names("text", "html"):
        return Broken(name, "empty", "no text in it")
    names = ", ".join([*list(fields)[:MOST_NAMED], *(["..."] if len(fields) > MOST_NAMED else [])])
    return Broken(
        name, "no_text_column", f"no column of text among {names or 'none'}; name it: --map text=COLUMN"
    )


def named(names: Iterable[str]) -> list[str]:
    """Names of columns, each of them once: a later one of the same name gets a number, as pandas writes it.

    >>> named(["a", "b", "a"])
    ['a', 'b', 'a.1']
    """
    counts: dict[str, int] = {}
    unique: list[str] = []
    for name in names:
        counts[name] = counts.get(name, -1) + 1
        unique.append(f"{name}.{counts[name]}" if counts[name] else name)
    return unique if len(set(unique)) == len(unique) else [f"{n}.{i}" for i, n in enumerate(unique)]


def _as_text(value: object) -> str:
    if isinstance(value, str):
        return value
    if isinstance(value, list) and all(isinstance(v, str) for v in value):
        return ", ".join(value)
    return (
        json.dumps(value, ensure_ascii=False, default=str) if isinstance(value, dict | list) else str(value)
    )


def read_jsonl(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Record | Broken]:
    """One JSON object a line."""
    for number, line in enumerate(read_lines(stream, limits.max_document), 1):
        if line.is_too_long:
            yield Broken(f"#{number}", "too_large", f"a line of more than {limits.max_document:,} bytes")
            continue
        if not line.text.strip():
            continue
        try:
            row = json.loads(line.text)
        except (ValueError, RecursionError) as error:
            yield Broken(f"#{number}", "damaged", f"no JSON: {error}")
            continue
        yield row_record(number, line.bare, row, limits, line.is_damaged)


def read_json(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Record | Broken]:
    """A list of records, an object that holds one (under any name), one record, or a table as pandas writes it; where it is
    none of these, a list that is damaged or JSON Lines."""
    raw = whole(stream).getvalue()
    text = ""
    try:
        text = decode(raw)[0]
        found = json.loads(text)
    except (ValueError, RecursionError, Unreadable):
        if text.lstrip()[:1] == "[":
            yield from _salvaged(text, limits)
        else:
            yield from read_jsonl(io.BytesIO(raw), name, limits)
        return
    del raw, text
    rows = _rows(found, limits)
    del found
    rows.reverse()
    for number in range(1, len(rows) + 1):
        yield _json_record(
            number, rows.pop(), limits
        )  # let go of as it is read: it takes several times the file's size


def _json_record(number: int, row: object, limits: Limits) -> Record | Broken:
    stored = (
        json.dumps(row, ensure_ascii=False).encode("utf-8", "surrogatepass") if isinstance(row, dict) else b""
    )
    return row_record(number, stored, row, limits)


def _salvaged(text: str, limits: Limits) -> Iterator[Record | Broken]:
    """The records of a list in which something is no JSON: each that is one, and a Broken for each stretch that is not."""
    reading = json.JSONDecoder()
    at, number = text.index("[") + 1, 0
    while True:
        at = SPACES.match(text, at).end()  # type: ignore[union-attr]  # it matches everywhere
        if text[at : at + 1] in ("", "]"):
            break
        number += 1
        try:
            row, at = reading.raw_decode(text, at)
        except (ValueError, RecursionError) as error:
            yield Broken(f"#{number}", "damaged", f"no JSON: {error}")
            if not (again := NEXT_OBJECT.search(text, at + 1)):
                return
            at = again.start(1)
        else:
            yield _json_record(number, row, limits)
    if at >= len(text):
        yield Broken("", "damaged", "a list that is cut off")


def _rows(found: object, limits: Limits) -> list[Any]:
    """The rows of a JSON file."""
    if isinstance(found, list):
        return found
    if not isinstance(found, dict):
        return [found]
    if (table := _table(found, limits)) is not None:
        return table
    if _has_text(found, limits):
        return [found]
    return max(_lists(found), key=len, default=[found])


def _lists(found: dict[str, Any]) -> Iterator[list[Any]]:
    """The lists of objects in an object and in the objects within it, as the answers of news services hold them."""
    within = [(0, found)]
    while within:
        depth, each = within.pop()
        for value in each.values():
            if isinstance(value, list) and value and isinstance(value[0], dict):
                yield value
            elif isinstance(value, dict) and depth < DEEPEST_LIST:
                within.append((depth + 1, value))


def _has_text(row: Mapping[str, Any], limits: Limits) -> bool:
    """Whether an object has a column of text, be it empty in this one; a number or an object is none, whatever its name."""
    texts = {name: "x" for name, value in row.items() if _may_be_text(value)}
    return any(limits.columns.of(field, texts) for field in ("text", "html"))


def _may_be_text(value: object) -> bool:
    is_list = isinstance(value, list) and bool(value) and all(isinstance(v, str) for v in value)
    return is_list or value is None or isinstance(value, str)


def _table(found: dict[str, Any], limits: Limits) -> list[Any] | None:
    """The rows of a table as pandas.DataFrame.to_json writes it, by its `orient`, or None for what is no such table."""
    columns, content = found.get("columns"), found.get("data")
    if (
        isinstance(content, list) and _are_names(columns) and all(isinstance(r, list) for r in content)
    ):  # split
        names = named(map(str, cast("list[Any]", columns)))
        return [dict(zip(names, row, strict=False)) if len(row) == len(names) else row for row in content]
    if (
        isinstance(content, list) and isinstance(found.get("schema"), dict) and "fields" in found["schema"]
    ):  # table
        return content
    inner = list(found.values())
    if not inner or not all(isinstance(v, dict) for v in inner):
        return None
    texts = [v for name, column in found.items() if _has_text({name: ""}, limits) for v in column.values()]
    if texts and all(v is None or isinstance(v, str) for v in texts):  # columns: {column: {row: value}}
        labels = dict.fromkeys(label for column in inner for label in column)
        return [
            {name: column[label] for name, column in found.items() if label in column} for label in labels
        ]
    return inner if all(_has_text(row, limits) for row in inner) else None  # index: {row: {column: value}}


def _are_names(columns: object) -> bool:
    return isinstance(columns, list) and bool(columns) and all(isinstance(c, str | int) for c in columns)


def read_parquet(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Record | Broken]:
    """The rows of a Parquet file."""
    try:
        table = pq.ParquetFile(stream if stream.seekable() else whole(stream))
    except UnicodeDecodeError as error:
        raise Unreadable("damaged", f"a column's name that is no text: {error}") from error
    number = 0
    for batch in table.iter_batches(batch_size=BATCH):
        rows = _as_rows(batch)
        for row in rows:
            number += 1
            if isinstance(row, str):
                yield Broken(f"#{number}", "damaged", row)
                continue
            raw = json.dumps(row, ensure_ascii=False, default=str).encode("utf-8", "surrogatepass")
            yield row_record(number, raw, row, limits)


def _as_rows(batch: pa.RecordBatch) -> Sequence[dict[str, Any] | str]:
    """A batch's rows; where values in it are no text or no date that Python knows, each row by itself: it with bytes that are
    no text as U+FFFD, or what is wrong with it."""
    try:
        return batch.to_pylist()
    except (ValueError, OverflowError, pa.ArrowException):
        return [_as_row(batch.slice(i, 1)) for i in range(batch.num_rows)]


def _as_row(row: pa.RecordBatch) -> dict[str, Any] | str:
    said: dict[str, Any] = {}
    for name, column in zip(row.schema.names, row.columns, strict=True):
        try:
            said[name] = column[0].as_py()
        except UnicodeDecodeError:
            stored = pc.cast(column, pa.large_binary())[0].as_py()
            said[name] = stored.decode(
                "utf-8", "surrogateescape"
            )  # halves of pairs, which row_record mends and counts
        except (ValueError, OverflowError, pa.ArrowException) as error:
            return f"column {name}: {error}"
    return said
