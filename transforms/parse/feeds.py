"""Feeds: the items of RSS and Atom with their text."""

from __future__ import annotations

from collections.abc import Iterator
from typing import IO, Any

from transforms.parse.block import Unreadable
from transforms.parse.exports import row_record
from transforms.parse.stream import Broken, Limits, Record

ROOTS = ("rss", "feed", "RDF", "channel")


def read_feed(stream: IO[bytes], name: str, limits: Limits) -> Iterator[Record | Broken]:
    """The items of an RSS or Atom feed with their text; what stands around them is let go as it streams by."""
    from lxml import etree

    number, depth, inside, root = 0, 0, 0, ""
    parsing = etree.iterparse(stream, events=("start", "end"), resolve_entities=False, no_network=True)
    try:
        for event, element in parsing:
            is_item = etree.QName(element).localname in ("item", "entry")
            if event == "start":
                depth += 1
                root = root or etree.QName(element).localname
                inside = inside or (depth if is_item else 0)
                continue
            if inside == depth:
                inside = 0
                number += 1
                yield row_record(
                    number, etree.tostring(element, encoding="utf-8", with_tail=False), _said(element), limits
                )
            depth -= 1
            if not inside:
                _let_go(element)
    except etree.XMLSyntaxError as error:
        yield Broken(f"#{number + 1}", "damaged", f"no XML from here on: {error}")
    else:
        if not number and root not in ROOTS:
            raise Unreadable("unknown_format", "XML without feed items")


def _said(item: Any) -> dict[str, str]:
    """An item's children by their plain names, the first of a name: their text, or the address they hold."""
    fields: dict[str, str] = {}
    for child in item:
        if not isinstance(child.tag, str):  # a comment
            continue
        text = "".join(child.itertext()).strip() or child.get("href", "")
        fields.setdefault(child.tag.rsplit("}", 1)[-1], text)
    return fields


def _let_go(element: Any) -> None:
    """Free an element that has been read, and those before it in its parent."""
    element.clear()
    while element.getprevious() is not None:
        del element.getparent()[0]
