"""What a snapshot says of itself."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from warehouse import ours

MENDED = "restore it, let `warwire doctor` look, or build the warehouse anew"
NO_MANIFEST = (
    OSError,
    ValueError,
    KeyError,
    TypeError,
    AttributeError,
)  # what a file that is none makes `Manifest.of` raise
SCHEMA_VERSION = 1


class WarehouseBusy(RuntimeError):
    """Another run holds the warehouse."""


class WarehouseError(RuntimeError):
    """The warehouse cannot be used; the message says the remedy."""


class NotAWarehouse(WarehouseError):
    """The folder holds something else and is left as it is."""


@dataclass(frozen=True)
class Manifest:
    """What a snapshot holds: {table: {file name: SHA-256}}, {part: hash of the marks it was read under}, the key of all the
    inputs and rules it was built from, the version of the rules it was read by, which columns of exports were named for which
    INPUT ({path: {field: column}}), and the code that declared its tables. Raises ValueError for a name that is none of our own: names are joined to paths."""

    files: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    parts: Mapping[str, str] = field(default_factory=dict)
    inputs_key: str = ""
    read_by: str = ""
    maps: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    built_by: str = ""
    schema_version: int = SCHEMA_VERSION

    def __post_init__(self) -> None:
        for form, names in (
            (ours.TABLE, self.files),
            (ours.PART_FILE, [name for files in self.files.values() for name in files]),
            (ours.DIGEST, [digest for files in self.files.values() for digest in files.values()]),
            (ours.PART, self.parts),
        ):
            odd = [n for n in names if not form.fullmatch(n)]
            if odd:
                raise ValueError(f"{odd[0]!r} is no name of a warehouse")

    def to_json(self) -> str:
        """As text, the same for the same content."""
        body = {
            "schema_version": self.schema_version,
            "inputs_key": self.inputs_key,
            "read_by": self.read_by,
            "built_by": self.built_by,
            "maps": self.maps,
            "files": self.files,
            "parts": self.parts,
        }
        return json.dumps(body, indent=1, sort_keys=True) + "\n"

    @classmethod
    def of(cls, text: str) -> Manifest:
        """The manifest that `to_json` wrote. Raises ValueError, KeyError, TypeError or AttributeError where the text is none."""
        body: dict[str, Any] = json.loads(text)
        return cls(
            body["files"],
            body["parts"],
            body["inputs_key"],
            body.get("read_by", ""),
            body.get("maps", {}),
            body.get("built_by", ""),
            int(body["schema_version"]),
        )

    @property
    def snapshot(self) -> str:
        """The snapshot's name: a hash of its tables' content."""
        return sha256(json.dumps(self.files, sort_keys=True).encode()).hexdigest()[:16]
