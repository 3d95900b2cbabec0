"""Text in, names and records out."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from transforms.names.lexicon import Lexicon


def read(
    text: str, published: date | str | None = None, lexicon: Lexicon | None = None
) -> dict[str, list[dict[str, Any]]]:
    """The names and records of one article, by table: rows of `mentions`, `figures`, `attributions`, `quotes`, `events` and
    `unknown_names`, with the columns of docs/dictionary.md; its `articles` row, and its `paragraphs`, which have the offsets.
    `published` is its day (a date, or YYYY-MM-DD), which "on Tuesday" is counted from; without it the text's own is taken.

    A headline stands alone on the first line, apart from the text by a blank one; a text that begins like a page of HTML is read as one.
    The lexicon is the built-in one unless another is given (`flows.versions.lexicon_of((folder,))`). What repeats, and what is a copy,
    is decided over many documents: that is what `warwire run` is for. Raises transforms.parse.Unreadable where there is no text in it.

    >>> found = read("Fighting\\n\\nThe SDF captured Hajin on Friday and killed 12 ISIS fighters, the army said.", "2018-12-16")
    >>> [(m["surface"], m["entity_id"]) for m in found["mentions"]]
    [('SDF', 'syrian_democratic_forces'), ('Hajin', 'hajin'), ('ISIS', 'islamic_state')]
    >>> [(f["measure"], f["best"], f["force_id"]) for f in found["figures"]]
    [('killed', 12.0, 'islamic_state')]
    >>> [(e["event_type"], e["actor_id"], e["place_id"], str(e["date_start"])) for e in found["events"]][0]
    ('territory_gained', 'syrian_democratic_forces', 'hajin', '2018-12-14')
    """
    # The front door alone knows where the seed tables lie: the rooms behind it read no files.
    from flows.versions import lexicon_of
    from transforms.ids import document_id_of
    from transforms.reading import READ, read_one
    from transforms.staging import Raw

    raw = text.encode("utf-8", "replace")
    day = date.fromisoformat(published) if isinstance(published, str) else published
    tables = read_one(Raw(document_id_of(raw), ".txt", raw), lexicon or lexicon_of(()), day)
    names: Sequence[str] = [table.name for table in READ if table.name != "documents"]
    return {name: tables[name].to_pylist() for name in names}


__all__ = ["read"]
