"""What a run is given: files, folders, and the records of containers, each with its id or the reason it has none."""

from __future__ import annotations

import io
import os
import stat
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

from flows.spool import Read, Spool, facts_hash, said_of
from flows.versions import lexicon_of, stage_version
from transforms import tables
from transforms.ids import document_id_of
from transforms.parse.block import well_formed
from transforms.parse.columns import Columns
from transforms.parse.containers import Broken, Limits, container_suffix, read_container
from warehouse import ours
from warehouse.lake import Lake, staged_documents

STAGED_IDS = (tables.STAGED_DOCUMENTS, tables.STAGED_REJECTS)
MOST_REJECTS = 1000  # rejects of one kind that a container has a row each for; the rest is one row
Maps = Mapping[str, Mapping[str, str]]
"""Which columns of exports hold what, for each INPUT that they were named for: {path: {field: column}}."""


@dataclass(frozen=True)
class Input:
    """An input as listed: its id and the hash of what its source says of it, or why it could not be read (`failed`: the disk
    would not, this time); `container` is the file it is a record of, or ""; `records` how many rejected records it stands for."""

    source_uri: str
    path: str
    document_id: str | None
    size: int = 0
    reason: str = ""
    detail: str = ""
    container: str = ""
    facts_hash: str = ""
    failed: bool = False
    records: int = 1


@dataclass
class Listing:
    """The inputs as found; the containers that were read to their ends; the parts that hold their new records, and which
    these are; what was staged before, {document_id: ((part, facts_hash), ...)}; the INPUTs and folders below which nothing
    could be seen, with why, and those that are empty; what to say of containers."""

    found: list[Input]
    containers: list[str] = field(default_factory=list)
    spooled: list[str] = field(default_factory=list)
    spooled_reads: set[Read] = field(default_factory=set)
    staged: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)
    unseen: dict[str, str] = field(default_factory=dict)
    empty: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def done(self, prefix: str) -> set[Read]:
        """The documents that are staged by these rules, with the facts they were read with."""
        return {(d, facts) for d, parts in self.staged.items() for part, facts in parts if part.startswith(prefix)}


def list_inputs(
    inputs: Sequence[str], lake: Lake, max_document: int, lexicon_folders: tuple[Path, ...], maps: Maps
) -> Listing:
    """Every file of the inputs and every record of the containers among them, each with its id or the reason it has
    none. Folders are walked, hidden files left out. The bytes of new records are put aside, in parts, as they stream by."""
    lexicon = lexicon_of(lexicon_folders)
    prefix = stage_version(lexicon)
    listing = Listing([], staged=staged_documents(lake, STAGED_IDS))
    first: dict[str, str] = {}
    for row in lake.read(tables.DOCUMENT_SOURCES).to_pylist():
        first[row["document_id"]] = min(row["source_uri"], first.get(row["document_id"], row["source_uri"]))
    spool = Spool(lake.stage / ".spool", prefix, listing.done(prefix), first)
    seen = Seen(lake.root / "seen.parquet")
    found: dict[str, Input] = {}
    looked: set[str] = set()
    walk = Walk(lake.root.resolve())
    for given in inputs:
        if not given:
            found[""] = Input("", "", None, reason="missing", detail="an input without a name")
            continue
        for path in walk.files(os.path.abspath(given)):
            if path in looked:
                continue
            looked.add(path)
            if container_suffix(os.path.basename(path)) and os.path.isfile(path):
                columns = _mapped(lexicon.columns, maps, path)
                records = Records(path, Limits(max_document, 0, columns), mapping_of(maps, path), spool)
                for record in records:
                    found[record.source_uri] = _both(found.get(record.source_uri), record)
                if records.failed:
                    listing.unseen[printable(path)] = found[printable(path)].detail
                else:
                    listing.containers.append(path)
                listing.notes += records.notes
            else:
                found[printable(path)] = _look(path, max_document, seen, is_input=path == os.path.abspath(given))
        if (one := found.get(printable(os.path.abspath(given)))) and one.reason in ("missing", "unreadable"):
            listing.unseen[one.source_uri] = one.detail
    for folder in walk.unreadable:
        found[folder.source_uri] = folder
        listing.unseen[folder.source_uri] = folder.detail
    for linked in walk.linked:
        found[linked.source_uri] = linked
    seen.keep()
    listing.empty = sorted(walk.empty())
    listing.found = [found[name] for name in sorted(found)]
    listing.containers.sort()
    listing.spooled, listing.spooled_reads = spool.close(), spool.kept
    return listing


def spool_again(
    containers: Sequence[str], wanted: set[Read], lake: Lake, max_document: int, folders: tuple[Path, ...], maps: Maps
) -> list[str]:
    """Put aside these records of containers that are no inputs of this run: the parts' paths. Nothing else is taken from them."""
    lexicon = lexicon_of(folders)
    spool = Spool(lake.stage / ".spool", stage_version(lexicon), set(), {}, wanted)
    for path in containers:
        limits = Limits(max_document, 0, _mapped(lexicon.columns, maps, path))
        for _ in Records(path, limits, mapping_of(maps, path), spool):
            pass
    return spool.close()


def mapping_of(maps: Maps, path: str) -> Mapping[str, str]:
    """The columns named for a file: those of the nearest INPUT that it is or lies in.

    >>> mapping_of({"/in": {"text": "Body"}, "/in/nl": {"text": "Lijf"}}, "/in/nl/a.csv")
    {'text': 'Lijf'}
    """
    return next((maps[root] for root in enclosing(path) if root in maps), {})


def enclosing(uri: str) -> Iterator[str]:
    """What a source is or lies in, the nearest first: itself, containers, folders.

    >>> list(enclosing("/in/a.zip!b.csv!#3"))
    ['/in/a.zip!b.csv!#3', '/in/a.zip!b.csv', '/in/a.zip', '/in', '/']
    """
    yield uri
    yield from (uri[:at] or "/" for at in range(len(uri) - 1, -1, -1) if uri[at] in "/!" and uri != "/")


def is_below(path: str, root: str) -> bool:
    """Whether a source is a root or lies in it.

    >>> is_below("/in/a.csv!#3", "/in/a.csv"), is_below("/in/a.csv", "/in"), is_below("/input/a.csv", "/in")
    (True, True, False)
    """
    return root in enclosing(path)


def _mapped(columns: Columns, maps: Maps, path: str) -> Columns:
    return columns.with_own(mapping_of(maps, path))


def container_of(source_uri: str) -> str:
    """The file of a record's source, or "" for a source that is a file itself."""
    path, mark, _ = source_uri.partition("!")
    return path if mark and not os.path.exists(source_uri) else ""


def _both(one: Input | None, other: Input) -> Input:
    """Two rejects of one source as one: a container may be damaged in two places, and all of it is told."""
    if one is None or one.document_id or other.document_id or one.detail == other.detail:
        return other
    return replace(other, detail=f"{one.detail}; {other.detail}", records=one.records + other.records)


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
                    yield Input(source, self.path, document_id, len(record.raw), container=self.path, facts_hash=facts)
                error = disk.error
        except OSError as failure:
            error = failure
        yield from self._rest()
        if error is not None:
            self.failed = True
            yield _failed(self.uri, self.path, error)
        if self.limits.mended:
            self.notes.append(f"{self.uri}: {self.limits.mended} record(s) held what is no text, now U+FFFD")

    def _reject(self, source: str, broken: Broken) -> Iterator[Input]:
        self._rejected[broken.reason] += 1
        if self._rejected[broken.reason] <= MOST_REJECTS:
            detail = well_formed(broken.detail)
            yield Input(source, self.path, None, 0, broken.reason, detail, self.path)
        else:
            name = printable(broken.name)
            self._range[broken.reason] = (self._range.get(broken.reason, (name, name))[0], name)

    def _rest(self) -> Iterator[Input]:
        for reason, (one, last) in self._range.items():
            more = self._rejected[reason] - MOST_REJECTS
            source, detail = the_rest(self.uri, one, last, more)
            yield Input(source, self.path, None, 0, reason, detail, self.path, records=more)


def the_rest(container: str, first: str, last: str, number: int) -> tuple[str, str]:
    """(source, detail) of the reject that stands for many records of a container."""
    return f"{container}!{first} to {last}", f"{number:,} more records rejected for this reason, from {first} to {last}"


# ------------------------------------------------------------------ files
def printable(name: str) -> str:
    """A name as text that any tool can store: bytes that are no UTF-8 are written out.

    >>> printable("caf\\udce9.txt"), printable("half \\ud83d")
    ('caf\\\\xe9.txt', 'half \ufffd')
    """
    try:
        return name.encode("utf-8", "surrogateescape").decode("utf-8", "backslashreplace")
    except UnicodeEncodeError:
        return well_formed(name)


class Walk:
    """The files below the inputs, and what of these could not be walked: folders that cannot be read, and links to folders,
    which are not followed. What starts with a point is left out."""

    def __init__(self, warehouse: Path) -> None:
        self.warehouse = str(warehouse)
        self.unreadable: list[Input] = []
        self.linked: list[Input] = []
        self._folders: dict[str, bool] = {}  # whether a file lies in or below it

    def files(self, path: str) -> Iterator[str]:
        """The files of an input, in order; the input itself where it is none or no folder."""
        if not os.path.isdir(path):
            yield path
            return
        for folder, inner, names in os.walk(path, onerror=self._refused):
            kept = []
            for name in sorted(n for n in inner if not n.startswith(".")):
                below = os.path.join(folder, name)
                if os.path.realpath(below) == self.warehouse:
                    continue
                if os.path.islink(below):
                    uri = printable(below)
                    detail = "a link to a folder, which is not followed; name it as an INPUT of its own"
                    self.linked.append(Input(uri, below, None, reason="unreadable", detail=detail))
                else:
                    kept.append(name)
            inner[:] = kept
            names = sorted(n for n in names if not n.startswith("."))
            self._folders.setdefault(folder, False)
            if names:
                self._note(folder, path)
            yield from (os.path.join(folder, name) for name in names)

    def _note(self, folder: str, top: str) -> None:
        while not self._folders.get(folder) and is_below(folder, top):
            self._folders[folder] = True
            folder = os.path.dirname(folder)

    def _refused(self, error: OSError) -> None:
        path = os.fspath(error.filename)
        self.unreadable.append(_failed(printable(path), path, error))

    def empty(self) -> list[str]:
        """The folders without any file in or below them."""
        return [printable(folder) for folder, filled in self._folders.items() if not filled]


def _failed(uri: str, path: str, error: OSError) -> Input:
    return Input(uri, path, None, reason="unreadable", detail=error.strerror or str(error), failed=True)


_SEEN: dict[str, pa.DataType] = {
    "path": pa.string(),
    "size": pa.int64(),
    "changed": pa.int64(),
    "inode": pa.int64(),
    "document_id": pa.string(),
}
SETTLED = 2 * 10**9  # nanoseconds after which a file system tells a later write from an earlier one


class Seen:
    """The files hashed before, with what the file system said of them then: one that it says the same of is not read again. As
    git's index, it trusts no file that was written just before it was looked at."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.now: dict[str, tuple[int, int, int, str]] = {}
        try:
            known = pq.read_table(path, schema=pa.schema(_SEEN)).to_pydict()
        except (OSError, pa.ArrowException):  # none yet, or damaged: everything is read
            known = {name: [] for name in _SEEN}
        self.before = dict(zip(known["path"], zip(*list(known.values())[1:], strict=True), strict=True))

    def known(self, path: str, status: os.stat_result) -> str | None:
        """The id of a file that is as it was."""
        size, changed, inode, document_id = self.before.get(path, (-1, -1, -1, ""))
        if (size, changed, inode) != (status.st_size, status.st_ctime_ns, status.st_ino):
            return None
        self.now[path] = (size, changed, inode, document_id)
        return str(document_id)

    def add(self, path: str, status: os.stat_result, document_id: str) -> None:
        """Remember a file just hashed, unless it was written so late that the next write might look the same."""
        if time.time_ns() - status.st_ctime_ns > SETTLED:
            self.now[path] = (status.st_size, status.st_ctime_ns, status.st_ino, document_id)

    def keep(self) -> None:
        """Write down what is known now; files not looked at this time stay known."""
        if all(self.before.get(p) == v for p, v in self.now.items()):
            return
        rows = self.before | self.now
        columns = zip(*((p, *v) for p, v in sorted(rows.items())), strict=True)
        temporary = ours.unfinished(self.path)
        arrays = [pa.array(c, t) for c, t in zip(columns, _SEEN.values(), strict=True)]
        pq.write_table(pa.Table.from_arrays(arrays, schema=pa.schema(_SEEN)), temporary, compression="zstd")
        temporary.replace(self.path)


def _look(path: str, max_document: int, seen: Seen, is_input: bool) -> Input:
    uri, facts = printable(path), facts_hash(Path(path).suffix)
    try:
        status = os.stat(path)
        if not stat.S_ISREG(status.st_mode):
            return Input(uri, path, None, reason="unreadable", detail="not a regular file")
        if status.st_size > max_document:
            detail = f"{status.st_size:,} bytes; --max-document is {max_document:,}"
            return Input(uri, path, None, reason="too_large", detail=detail)
        if document_id := seen.known(uri, status):
            return Input(uri, path, document_id, status.st_size, facts_hash=facts)
        raw = Path(path).read_bytes()
    except FileNotFoundError:
        if is_input:
            return Input(uri, path, None, reason="missing", detail="no such file or folder")
        if os.path.islink(path):
            return Input(uri, path, None, reason="missing", detail="a link to nothing")
        detail = "vanished while the inputs were listed"
        return Input(uri, path, None, reason="unreadable", detail=detail, failed=True)
    except OSError as error:
        return _failed(uri, path, error)
    document_id = document_id_of(raw)
    seen.add(uri, status, document_id)
    return Input(uri, path, document_id, len(raw), facts_hash=facts)
