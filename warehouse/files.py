"""Files that appear whole or not at all, and the bytes of tables."""

from __future__ import annotations

import errno
import os
import shutil
from collections.abc import Mapping
from hashlib import sha256
from pathlib import Path

import pyarrow as pa
import pyarrow.parquet as pq

from warehouse import ours

ROW_GROUP = 131_072  # rows; DuckDB's own size, and the one that pruned best when measured


def part_file(part: str) -> str:
    """The file name of a part's rows in a snapshot."""
    return f"part-{part}.parquet"


def write_parquet(table: pa.Table, path: Path) -> str:
    """Write an Arrow table and return the file's SHA-256; the same rows make the same bytes, in whatever chunks. Ids, which `explain` looks rows up
    by, get Bloom filters: a reader then opens the one part that has the row."""
    path.parent.mkdir(parents=True, exist_ok=True)
    sought = {
        *(table.schema.metadata or {}).get(b"key", b"").decode().split(","),
        "article_id",
        "document_id",
    }
    strings = [
        f.name for f in table.schema if f.name in sought and f.name.endswith("_id") and f.type == pa.string()
    ]
    temporary = ours.unfinished(path)
    pq.write_table(
        table.combine_chunks(),
        temporary,
        compression="zstd",
        compression_level=3,
        row_group_size=ROW_GROUP,
        write_page_index=True,
        bloom_filter_options={name: {"ndv": len(table), "fpp": 0.01} for name in strings}
        if len(table)
        else None,
    )
    sync_file(temporary)
    digest = hash_file(temporary)
    temporary.replace(path)
    return digest


def hash_file(path: Path) -> str:
    """SHA-256 of a file."""
    digest = sha256()
    with path.open("rb") as file:
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def write_part(folder: Path, tables: Mapping[str, pa.Table]) -> None:
    """Write a part's tables into a folder that appears whole or not at all; where it is there, it holds the same already."""
    temporary = ours.unfinished(folder)
    for name, table in tables.items():
        write_parquet(table, temporary / f"{name}.parquet")
    try:
        temporary.rename(folder)
    except OSError as error:  # left by a run that did not end, or written by another worker in the meantime
        if error.errno not in (errno.ENOTEMPTY, errno.EEXIST):
            raise
        shutil.rmtree(temporary)
    sync_dir(folder.parent)


def link_or_copy(source: Path, target: Path) -> None:
    """The same file under another name; a copy where the file system has no hard links."""
    target.parent.mkdir(parents=True, exist_ok=True)
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)


def replace_text(path: Path, text: str) -> None:
    """Write a small file whole or not at all."""
    temporary = ours.unfinished(path)
    with temporary.open("x", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    sync_dir(path.parent)


def sync_file(path: Path) -> None:
    """Make what a file holds last through a power cut."""
    with path.open("rb") as file:
        os.fsync(file.fileno())


def sync_dir(path: Path) -> None:
    """Make renames in a folder last through a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
