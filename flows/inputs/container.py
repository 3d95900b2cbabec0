"""The records of a container, counted and spooled as they stream by."""

from __future__ import annotations

import io
import os
from collections import Counter
from collections.abc import Iterator, Mapping
from typing import Any

from flows.inputs.spool import Spool, facts_hash, said_of
from flows.inputs.uris import enclosing
from flows.inputs.walk import Input, failed, printable
from transforms.ids import document_id_of
from transforms.parse.block import well_formed
from transforms.parse.columns import Columns
from transforms.parse.containers import Broken, Limits, read_container

MOST_REJECTS = 1000  # rejects of one kind that a container has a row each for; the rest is one row
Maps = Mapping[str, Mapping[str, str]]
"""Which columns of exports hold what, for each INPUT that they were named for: {path: {field: column}}."""


def mapping_of(maps: Maps, path: str) -> Mapping[str, str]:
    """The columns named for a file: those of the nearest INPUT that it is or lies in.

    >>> mapping_of({"/in": {"text": "Body"}, "/in/nl": {"text": "Lijf"}}, "/in/nl/a.csv")
    {'text': 'Lijf'}
    """
    return next((maps[root] for root in enclosing(path) if root in maps), {})


def mapped(columns: Columns, maps: Maps, path: str) -> Columns:
    """The columns of exports as they are for one input, with those that the user named for it."""
    return columns.with_own(mapping_of(maps, path))


# ------------------------------------------------------------------ containers
class Disk(io.FileIO):
    """A file that remembers whether the disk failed, which readers take for damage."""

    error: OSError | None = None

    def readinto(self, buffer: Any) -> int | None:
        """As FileIO."""
        try:
            return super().readinto(buffer)
        except OSError as error:
            self.error = error
            raise

    def readall(self) -> bytes:
        """As FileIO."""
        try:
            return super().readall()
        except OSError as error:
            self.error = error
            raise


class Records:
    """The records of one container, as they stream by into the spool. Of each kind of reject the first 1,000 are given one by
    one, and the rest as one. Afterwards: whether the disk failed (`failed`), and what to say of the container (`notes`)."""

    def __init__(self, path: str, limits: Limits, mapping: Mapping[str, str], spool: Spool) -> None:
        self.path = path
        self.uri = printable(path)
        self.limits = limits
        self.mapping = mapping
        self.spool = spool
        self.failed = False
        self.notes: list[str] = []
        self._rejected: Counter[str] = Counter()
        self._range: dict[str, tuple[str, str]] = {}

    def __iter__(self) -> Iterator[Input]:
        error: OSError | None = None
        try:
            self.limits.stored = os.stat(self.path).st_size
            disk = Disk(self.path)
            with io.BufferedReader(disk, 1 << 16) as stream:
                for record in read_container(stream, os.path.basename(self.path), self.limits):
                    if disk.error is not None:
                        break
                    source = f"{self.uri}!{printable(record.name)}" if record.name else self.uri
                    if isinstance(record, Broken):
                        yield from self._reject(source, record)
                        continue
                    document_id = document_id_of(record.raw)
                    said = said_of(record, self.mapping)
                    facts = facts_hash(record.suffix, said)
                    self.spool.add(source, document_id, facts, said, record)
                    yield Input(
                        source, self.path, document_id, len(record.raw), container=self.path, facts_hash=facts
                    )
                error = disk.error
        except OSError as failure:
            error = failure
        yield from self._rest()
        if error is not None:
            self.failed = True
            yield failed(self.uri, self.path, error)
        if self.limits.mended:
            self.notes.append(f"{self.uri}: {self.limits.mended} record(s) held what is no text, now U+FFFD")

    def _reject(self, source: str, broken: Broken) -> Iterator[Input]:
        self._rejected[broken.reason] += 1
        if self._rejected[broken.reason] <= MOST_REJECTS:
            detail = well_formed(broken.detail)
            yield Input(
                source_uri=source,
                path=self.path,
                document_id=None,
                size=0,
                reason=broken.reason,
                detail=detail,
                container=self.path,
            )
        else:
            name = printable(broken.name)
            self._range[broken.reason] = (self._range.get(broken.reason, (name, name))[0], name)

    def _rest(self) -> Iterator[Input]:
        for reason, (one, last) in self._range.items():
            more = self._rejected[reason] - MOST_REJECTS
            source, detail = the_rest(self.uri, one, last, more)
            yield Input(
                source_uri=source,
                path=self.path,
                document_id=None,
                size=0,
                reason=reason,
                detail=detail,
                container=self.path,
                records=more,
            )


def the_rest(container: str, first: str, last: str, number: int) -> tuple[str, str]:
    """(source, detail) of the reject that stands for many records of a container."""
    return (
        f"{container}!{first} to {last}",
        f"{number:,} more records rejected for this reason, from {first} to {last}",
    )
