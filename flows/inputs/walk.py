"""The files below the inputs, and what is known of them from the run before."""

from __future__ import annotations

import os
import stat
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from flows.inputs.spool import facts_hash
from flows.inputs.uris import enclosing
from transforms import tables
from transforms.ids import document_id_of
from transforms.parse.block import well_formed
from warehouse import ours

STAGED_IDS = (tables.STAGED_DOCUMENTS, tables.STAGED_REJECTS)


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


def is_below(path: str, root: str) -> bool:
    """Whether a source is a root or lies in it.

    >>> is_below("/in/a.csv!#3", "/in/a.csv"), is_below("/in/a.csv", "/in"), is_below("/input/a.csv", "/in")
    (True, True, False)
    """
    return root in enclosing(path)


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
        self.unreadable.append(failed(printable(path), path, error))

    def empty(self) -> list[str]:
        """The folders without any file in or below them."""
        return [printable(folder) for folder, filled in self._folders.items() if not filled]


def failed(uri: str, path: str, error: OSError) -> Input:
    """An input that the disk would not give."""
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


def look(path: str, max_document: int, seen: Seen, is_input: bool) -> Input:
    """One file as an input: its id, or the reason that it has none."""
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
        return failed(uri, path, error)
    document_id = document_id_of(raw)
    seen.add(uri, status, document_id)
    return Input(uri, path, document_id, len(raw), facts_hash=facts)
