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
            name = _plain_name(element)
            is_item = name in ("item", "entry")
            if event == "start":
                depth += 1
                root = root or name
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
        # A name in a namespace that nothing declares is told of at the end, when all has been read.
        if depth or error.code != etree.ErrorTypes.NS_ERR_UNDEFINED_NAMESPACE:
            yield Broken(f"#{number + 1}", "damaged", f"no XML from here on: {error}")
            return
    if not number and root not in ROOTS:
        raise Unreadable("unknown_format", "XML without feed items")


def _plain_name(element: Any) -> str:
    """An element's name without its namespace, also where nothing declares that (`content:encoded`)."""
    return str(element.tag).rsplit("}", 1)[-1].rsplit(":", 1)[-1]


def _said(item: Any) -> dict[str, str]:
    """An item's children by their plain names, the first of a name: their text, or the address they hold."""
    fields: dict[str, str] = {}
    for child in item:
        if not isinstance(child.tag, str):  # a comment
            continue
        text = "".join(child.itertext()).strip() or child.get("href", "")
        fields.setdefault(_plain_name(child), text)
    return fields


def _let_go(element: Any) -> None:
    """Free an element that has been read, and those before it in its parent."""
    element.clear()
    parent = element.getparent()
    while parent is not None and parent[0] is not element:
        del parent[0]
