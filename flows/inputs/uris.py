"""The names of sources: absolute paths, with !member#record inside containers."""

from __future__ import annotations

import os
from collections.abc import Iterator


def enclosing(uri: str) -> Iterator[str]:
    """What a source is or lies in, the nearest first: itself, containers, folders.

    >>> list(enclosing("/in/a.zip!b.csv!#3"))
    ['/in/a.zip!b.csv!#3', '/in/a.zip!b.csv', '/in/a.zip', '/in', '/']
    """
    yield uri
    yield from (uri[:at] or "/" for at in range(len(uri) - 1, -1, -1) if uri[at] in "/!" and uri != "/")


def container_of(source_uri: str) -> str:
    """The file of a record's source, or "" for a source that is a file itself."""
    path, mark, _ = source_uri.partition("!")
    return path if mark and not os.path.exists(source_uri) else ""
