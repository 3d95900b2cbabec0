"""What in a folder is warwire's own: the marker that says so, and the form of every name it gives. Nothing else is ever
removed or written over, and no name that comes from a file is joined to a path before its form is checked."""

from __future__ import annotations

import os
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Iterator
from pathlib import Path

MARKER = "warwire-warehouse.txt"
MARKED = "This folder is a warehouse that `warwire` writes; its own files in it are replaced and removed by runs.\n"

SNAPSHOT = re.compile(r"[0-9a-f]{16}")
BUILDING = ".building"
PART = re.compile(r"[0-9a-f]{8}-[0-9a-f]{16}")
PART_FILE = re.compile(r"part-(?:0|[0-9a-f]{8}-[0-9a-f]{16})\.parquet")
TABLE = re.compile(r"[a-z][a-z0-9_]*")
DIGEST = re.compile(r"[0-9a-f]{64}")
# A file or folder not yet under its name. The second line is how versions before 0.2 named theirs.
UNFINISHED = re.compile(
    r"\.[\w.-]+\.[0-9a-f]{12}\.tmp(?:\.wal)?"
    r"|\.warehouse\.tmp\d+\.duckdb(?:\.wal)?|\.current\.tmp|\.[\w.-]+\.(?:json|html)\.tmp|seen\.parquet\.tmp|\.\d{8}T[\d.-]+\.tmp"
)
STAGING = re.compile(rf"\.todo|\.spool|\.marks|\.{PART.pattern}\.(?:[0-9a-f]{{12}}\.tmp|\d+)")
FILES = (MARKER, "lock", "current.json", "seen.parquet", "warehouse.duckdb")
FOLDERS = ("snapshots", "stage", "runs", "damaged")


def unfinished(path: Path) -> Path:
    """A name beside a path that nobody else has, for what is renamed to it once it is whole."""
    return path.with_name(f".{path.name}.{secrets.token_hex(6)}.tmp")


def named(folder: Path, is_ours: Callable[[str], object]) -> Iterator[Path]:
    """What a folder holds under names of ours, by name; links left out, nothing where there is no such folder."""
    try:
        with os.scandir(folder) as entries:
            names = sorted(e.name for e in entries if is_ours(e.name) and not e.is_symlink())
    except (FileNotFoundError, NotADirectoryError):
        return
    yield from (folder / name for name in names)


def snapshots(root: Path) -> Iterator[Path]:
    """The finished snapshots' folders."""
    return (path for path in named(root / "snapshots", SNAPSHOT.fullmatch) if path.is_dir())


def parts(root: Path) -> Iterator[Path]:
    """The staged parts' folders."""
    return (path for path in named(root / "stage", PART.fullmatch) if path.is_dir())


def leftovers(root: Path) -> Iterator[Path]:
    """What runs that died left: unfinished files, snapshots and parts."""
    yield from named(root, UNFINISHED.fullmatch)
    yield from named(root / "snapshots", BUILDING.__eq__)
    yield from named(root / "stage", STAGING.fullmatch)
    for folder in named(root / "runs", TABLE.fullmatch):
        yield from named(folder, UNFINISHED.fullmatch)


def remove(path: Path) -> None:
    """Remove one of our own files or folders; what lies behind a link is never touched."""
    if stat.S_ISDIR(os.lstat(path).st_mode):
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)


def is_marked(root: Path) -> bool:
    """Whether a folder carries the marker."""
    try:
        return stat.S_ISREG(os.lstat(root / MARKER).st_mode)
    except OSError:
        return False


def put_marker(root: Path) -> None:
    """Mark a folder as a warehouse."""
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW
    try:
        with open(os.open(root / MARKER, flags, 0o666), "w", encoding="utf-8") as file:
            file.write(MARKED)
    except FileExistsError:  # another run was faster
        pass


def first_link(root: Path) -> Path | None:
    """The first of a warehouse's own files and folders that is a symbolic link; `current` alone may be one."""
    looked = [root / name for name in (*FILES, *FOLDERS)]
    own: dict[str, tuple[Callable[[str], object], ...]] = {
        "snapshots": (SNAPSHOT.fullmatch, BUILDING.__eq__),
        "stage": (PART.fullmatch, STAGING.fullmatch),
        "runs": (TABLE.fullmatch,),
        "damaged": (TABLE.fullmatch,),
    }
    for folder, forms in own.items():
        looked += [Path(e.path) for e in _entries(root / folder) if any(form(e.name) for form in forms)]
    for snapshot in snapshots(root):
        looked += [Path(e.path) for e in _entries(snapshot)]
    return next((path for path in looked if path.is_symlink()), None)


def _entries(folder: Path) -> list[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            return sorted(entries, key=lambda e: e.name)
    except (FileNotFoundError, NotADirectoryError):
        return []
