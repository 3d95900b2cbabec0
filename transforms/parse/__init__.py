"""Formats: each a file here and a line in PARSERS."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from transforms.parse.block import Block, Parsed, Unreadable, well_formed
from transforms.parse.text import parse_markdown, parse_text


def parse_html(raw: bytes, declared: str | None) -> Parsed:
    """See transforms.parse.html; imported with the first page, so that what reads no page starts without its parser."""
    from transforms.parse.html import parse_html as parse_page

    return parse_page(raw, declared)


def parse_mht(raw: bytes, declared: str | None) -> Parsed:
    """See transforms.parse.mht."""
    from transforms.parse.mht import parse_mht as parse_saved

    return parse_saved(raw)


PARSERS: dict[str, Callable[[bytes, str | None], Parsed]] = {
    ".txt": parse_text,
    ".text": parse_text,
    ".md": parse_markdown,
    ".markdown": parse_markdown,
    ".html": parse_html,
    ".htm": parse_html,
    ".xhtml": parse_html,
    ".mht": parse_mht,
    ".mhtml": parse_mht,
}
"""File name ending → parser: bytes and the encoding that came with them in, text and blocks out. Containers, which hold
several documents, are in transforms.parse.containers.READERS."""

LOOKS_LIKE_HTML = (b"<!doctype html", b"<html", b"<head", b"<body")


def parse(raw: bytes, suffix: str, declared: str | None = None) -> Parsed:
    """Read a document by its name's ending, or as a page where a text plainly is one.

    Raises Unreadable: `empty`, `unknown_format`, or what the parser says.
    """
    if not raw.strip():
        raise Unreadable("empty", "no text in it")
    parser = PARSERS.get(suffix.lower())
    if parser is None:
        raise Unreadable("unknown_format", f"{suffix or 'no ending'} is not one of {' '.join(PARSERS)}")
    if suffix.lower() not in (".mht", ".mhtml") and raw[:1024].lstrip(
        b"\xef\xbb\xbf \t\r\n"
    ).lower().startswith(LOOKS_LIKE_HTML):
        parser = parse_html
    parsed = parser(raw, declared)
    if not parsed.blocks:
        raise Unreadable("empty", "no text in it")
    text = well_formed(parsed.text)  # offsets stay: a letter for a letter
    return parsed if text is parsed.text else replace(parsed, text=text)


__all__ = ["PARSERS", "Block", "Parsed", "Unreadable", "parse"]
