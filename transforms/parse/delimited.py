"""Tables in text, their columns apart by commas, semicolons, tabs or bars: row by row, with what quotation marks go wrong."""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import IO

from transforms.parse.exports import named, row_record
from transforms.parse.lines import Line, read_lines
from transforms.parse.stream import Broken, Limits, Record

DELIMITERS = ",;\t|"
SEPARATOR = re.compile(r'"?sep=(.)"?\s*', re.I)  # Excel's own first line
SWALLOWED = 100  # lines like rows, one after another in one field, from which it is plain that a quotation mark is stray
# Share of the lines within a field that look like rows from which they are rows: of tables with tabs or many columns, and
# of others, where a line of prose may have as many commas.
MOST_ALIKE, MOST_ALIKE_NARROW = 0.5, 0.9
NARROW = 3  # columns
FEWEST_ALIKE = (
    3  # lines like rows within a field that is well quoted, before it is taken for rows all the same
)
OPEN = "a quotation mark that is never closed"


@dataclass(frozen=True)
class _Row:
    """A row's lines and fields; `is_literal`: its quotation marks, which are out of balance, were read as letters."""

    lines: list[Line]
    fields: list[str]
    is_literal: bool = False

    @property
    def raw(self) -> bytes:
        """Its bytes in the file, less the last line's end."""
        return b"".join([*(line.raw for line in self.lines[:-1]), self.lines[-1].bare])

    @property
    def is_mended(self) -> bool:
        """Whether it is not in its fields as it stands in the file."""
        return self.is_literal or any(line.is_damaged or "\0" in line.text for line in self.lines)


def read_csv(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Record | Broken]:
    """The rows under a header. Fields may be quoted; a quotation mark that is never closed, or closed within a word, is a
    letter of its row and swallows no other rows. A row's bytes are its lines in the file, less their end."""
    csv.field_size_limit(max(limits.max_document, 131_072))
    lines = _Lines(read_lines(stream, limits.max_document), limits.max_document)
    lines.delimiter = "\t" if ".tsv" in name.lower() else ""
    header: list[str] = []
    number = 0
    for first in lines:
        if first.is_too_long:
            number += 1
            yield Broken(f"#{number}", "too_large", f"a line of more than {limits.max_document:,} bytes")
            continue
        if not header and (said := SEPARATOR.fullmatch(first.text)):
            lines.delimiter = said[1]
            continue
        lines.delimiter = lines.delimiter or _delimiter(first.text)
        try:
            row = _row(first, lines)
        except csv.Error as error:
            number += 1
            yield Broken(f"#{number}", "damaged", f"line {lines.number}: {error}")
            continue
        if not row.fields:
            continue
        if not header:
            header = named(_without_nul(c).strip() for c in row.fields)
            lines.columns = len(header)
            continue
        number += 1
        if len(row.fields) != len(header):
            detail = f"line {lines.number}: {len(row.fields)} fields, the header has {len(header)}"
            yield Broken(f"#{number}", "damaged", detail)
            continue
        fields = dict(zip(header, map(_without_nul, row.fields), strict=True))
        yield row_record(number, row.raw, fields, limits, row.is_mended)


def _delimiter(line: str) -> str:
    return max(DELIMITERS, key=line.count) if any(line.count(d) for d in DELIMITERS) else ","


def _without_nul(field: str) -> str:
    return field.replace("\0", "\ufffd") if "\0" in field else field


class _Lines:
    """A table's lines, which can be given back, the number of the last one taken, and the table's shape: 0 columns until
    its header has been read."""

    def __init__(self, lines: Iterator[Line], most: int) -> None:
        self.lines = lines
        self.most = most  # bytes a row may have
        self.number = 0
        self.delimiter = ""
        self.columns = 0
        self.given: list[Line] = []  # given back, the next one last

    def __iter__(self) -> Iterator[Line]:
        return self

    def __next__(self) -> Line:
        line = self.given.pop() if self.given else next(self.lines)
        self.number += 1
        return line

    def give_back(self, lines: Sequence[Line]) -> None:
        """Let these come again."""
        self.number -= len(lines)
        self.given += reversed(lines)

    def is_like_row(self, line: Line) -> bool:
        """Whether a line by itself has a field for every column."""
        if self.columns < 2 or line.text.count(self.delimiter) < self.columns - 1:
            return False
        return self.columns in (len(_literal(line, self.delimiter)), len(_quoted([line], self.delimiter)))

    def following(self, first: Line, taken: list[Line]) -> Iterator[str]:
        """A line and those after it as text, each noted when it is taken; none after so many that look like rows, or are
        so long, that the quotation mark before them is stray."""
        yield first.text
        size = 0
        for line in self:
            if line.is_too_long:
                self.give_back([line])
                return
            taken.append(line)
            yield line.text
            size += len(line.raw)
            if size > self.most or (
                len(taken) % SWALLOWED == 0 and all(map(self.is_like_row, taken[1 - SWALLOWED :]))
            ):
                return


def _row(first: Line, lines: _Lines) -> _Row:
    """The row that begins with a line. Raises csv.Error where it has no end."""
    if '"' not in first.text:
        text = first.text.rstrip("\r\n")
        return _Row([first], text.split(lines.delimiter) if text else [])
    taken, fields, balance = _quoted_row(first, lines)
    if len(taken) == 1:
        if not balance:
            return _Row(taken, fields)
        literal = _literal(first, lines.delimiter)
        is_cut = not first.end and literal[-1].startswith('"') and balance == OPEN
        if len(literal) == lines.columns and not is_cut:
            return _Row(taken, literal, is_literal=True)
    elif _are_rows(taken, lines, not balance and len(fields) == lines.columns):
        lines.give_back(taken[1:])
        return _Row([first], _literal(first, lines.delimiter), is_literal=True)
    if balance == OPEN:
        raise csv.Error(OPEN)
    return _Row(taken, fields)


def _quoted_row(first: Line, lines: _Lines) -> tuple[list[Line], list[str], str]:
    """(the lines that a row takes, its fields, what is wrong with its quotation marks by RFC 4180, 2.5 to 2.7, or "")."""
    taken = [first]
    try:
        strict = csv.reader(lines.following(first, taken), delimiter=lines.delimiter, strict=True)
        return taken, next(strict, []), ""
    except csv.Error:
        lines.give_back(taken[1:])
    taken = [first]
    fields = next(csv.reader(lines.following(first, taken), delimiter=lines.delimiter), [])
    return taken, fields, _balance(taken, lines.delimiter)


def _are_rows(taken: Sequence[Line], lines: _Lines, is_whole: bool) -> bool:
    """Whether the lines after the first of a row, which a quoted field has swallowed, are rows of their own. `is_whole`: the
    row is well quoted and has the right number of fields, so that it must be plain."""
    within = taken[1:]
    is_wide = lines.delimiter == "\t" or lines.columns > NARROW
    if is_whole:
        fewest = 1 if lines.delimiter == "\t" else FEWEST_ALIKE
        return is_wide and len(within) >= fewest and all(map(lines.is_like_row, taken))
    alike = sum(map(lines.is_like_row, within))
    return alike > 0 and alike >= (MOST_ALIKE if is_wide else MOST_ALIKE_NARROW) * len(within)


def _balance(taken: Sequence[Line], delimiter: str) -> str:
    """What is wrong with a row's quotation marks by the strict reading, "" for nothing."""
    try:
        list(csv.reader((line.text for line in taken), delimiter=delimiter, strict=True))
    except csv.Error as error:
        return OPEN if "unexpected end" in str(error) else str(error)
    return ""


def _quoted(taken: Sequence[Line], delimiter: str) -> list[str]:
    return next(csv.reader((line.text for line in taken), delimiter=delimiter), [])


def _literal(line: Line, delimiter: str) -> list[str]:
    """A line's fields if quotation marks are letters."""
    return line.text.rstrip("\r\n").split(delimiter)
