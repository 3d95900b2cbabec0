"""Plain text: paragraphs apart by blank lines, one a line, or hard-wrapped."""

from __future__ import annotations

import re
from itertools import pairwise

from transforms.parse.block import MOST_BLOCKS, Block, Parsed, too_many_blocks
from transforms.parse.decode import decode

LINE = re.compile(r"[^\r\n\x0b\x0c\x85\u2028\u2029]+")
ENDS_SENTENCE = re.compile(r"[.!?:;…][\"'”’»)\]]*$")
HEADING_MARKS = re.compile(r"(#{1,6})\s")
NARROWEST, WIDEST = 40, 100  # characters a hard-wrapped line is wide


def parse_text(raw: bytes, declared: str | None = None) -> Parsed:
    """A plain text's blocks: a line each, or the lines of a paragraph together where the text is hard-wrapped."""
    text, encoding, basis = decode(raw, declared)
    return Parsed(text, find_blocks(text), "text/plain", encoding, basis)


def parse_markdown(raw: bytes, declared: str | None = None) -> Parsed:
    """A text in Markdown: its first first-level heading is the title, its other headings are headings. The marks stay in
    the document's text and are left out of the clean one (transforms.page.clean.clean_markdown)."""
    parsed = parse_text(raw, declared)
    blocks = []
    for block in parsed.blocks:
        marks = HEADING_MARKS.match(parsed.text, block.start, block.end)
        hint = ("title" if len(marks[1]) == 1 else "heading") if marks else "markdown"
        blocks.append(Block(block.start, block.end, hint))
    return Parsed(parsed.text, blocks, "text/markdown", parsed.encoding, parsed.encoding_basis)


def find_blocks(text: str) -> list[Block]:
    r"""Blocks over all non-space characters of a text, in order. Raises Unreadable where they are too many.

    >>> [(b.start, b.end) for b in find_blocks("A title\n\n  One line.\nAnother. \n")]
    [(0, 7), (11, 20), (21, 29)]
    """
    lines = [
        Block(m.start() + len(m[0]) - len(m[0].lstrip()), m.start() + len(m[0].rstrip()))
        for m in LINE.finditer(text)
        if not m[0].isspace()
    ]
    width = _wrap_width(text, lines)
    blocks = lines if width is None else _joined(text, lines, width)
    if len(blocks) > MOST_BLOCKS:
        raise too_many_blocks()
    return blocks


def _joined(text: str, lines: list[Block], width: int) -> list[Block]:
    """The lines of a text hard-wrapped at a width, those of a paragraph together."""
    joined: list[Block] = []
    for line in lines:
        before = joined[-1] if joined else None
        if before and _goes_on(text, before, line, width):
            joined[-1] = Block(before.start, line.end)
        else:
            joined.append(line)
    return joined


def _blank_between(text: str, before: Block, after: Block) -> bool:
    return len(text[before.end : after.start].strip(" \t\xa0").splitlines()) > 1


def _wrap_width(text: str, lines: list[Block]) -> int | None:
    """The width a text is hard-wrapped at, or None where its lines are paragraphs.

    Wrapped: three lines or more that are followed at once by another, most of them between 40 and 100 characters,
    most of them not the end of a sentence, and none far wider.
    """
    followed = [a for a, b in pairwise(lines) if not _blank_between(text, a, b)]
    if len(followed) < 3:
        return None
    widths = sorted(b.end - b.start for b in followed)
    fitting = sum(NARROWEST <= w <= WIDEST for w in widths)
    open_ends = sum(not ENDS_SENTENCE.search(text, max(b.start, b.end - 4), b.end) for b in followed)
    if fitting < 0.7 * len(followed) or open_ends < 0.6 * len(followed) or widths[-1] > 1.5 * WIDEST:
        return None
    return widths[int(0.9 * (len(widths) - 1))]


def _goes_on(text: str, before: Block, line: Block, width: int) -> bool:
    """Whether a line continues the block before it: no blank line between, and its first word had no room left."""
    if _blank_between(text, before, line):
        return False
    last = text[before.start : before.end].splitlines()[-1].strip()
    first_word = text[line.start : line.end].split(maxsplit=1)[0]
    return len(last) + 1 + len(first_word) > 0.8 * width
