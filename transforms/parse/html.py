"""Web pages: visible text block by block, what the markup says of each, and the page's own metadata."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from itertools import accumulate, islice
from typing import Any

from htmldate import find_date
from lxml import etree

from transforms.parse.block import MOST_BLOCKS, Block, Parsed, Unreadable, too_many_blocks
from transforms.parse.decode import decode
from transforms.parse.main_text import judged
from transforms.parse.metadata import facts_of
from transforms.parse.prose import Elements, PageBlock

INVISIBLE = {
    "script",
    "style",
    "noscript",
    "template",
    "svg",
    "head",
    "iframe",
    "object",
    "select",
    "textarea",
    "math",
}
INLINE = {
    "a", "abbr", "acronym", "b", "bdi", "bdo", "big", "cite", "code", "data", "del", "dfn", "em", "font", "i", "ins",
    "kbd", "label", "mark", "q", "s", "samp", "small", "span", "strike", "strong", "sub", "sup", "time", "tt", "u",
    "var", "wbr", "img", "br",
}  # fmt: skip
# What a tag around a block says of it; the innermost tag that says something wins.
BY_TAG = {"nav": "navigation", "footer": "furniture", "aside": "related", "figcaption": "caption", "form": "furniture",
          "button": "furniture", "menu": "navigation", "dialog": "furniture", "time": "date", "address": "byline",
          "h1": "title", "h2": "heading", "h3": "heading", "h4": "heading", "h5": "heading", "h6": "heading"}  # fmt: skip
# What a class or id says, as whole words of it (class="article-share-bar" has the words article, share, bar).
BY_CLASS = {
    "comment": "comment_policy", "comments": "comment_policy", "disqus": "comment_policy", "respond": "comment_policy",
    "share": "share", "sharing": "share", "social": "share", "related": "related", "recommended": "related",
    "newsletter": "furniture", "subscribe": "furniture", "cookie": "furniture", "consent": "furniture",
    "paywall": "furniture", "login": "furniture", "footer": "furniture", "sidebar": "related", "widget": "related",
    "breadcrumb": "navigation", "breadcrumbs": "navigation", "menu": "navigation", "nav": "navigation",
    "navigation": "navigation", "pagination": "navigation", "ad": "advertisement", "ads": "advertisement",
    "advert": "advertisement", "advertisement": "advertisement", "promo": "furniture", "copyright": "copyright",
    "caption": "caption", "carousel": "caption", "gallery": "caption", "credit": "credit", "byline": "byline", "author": "byline", "tags": "tags",
    "standfirst": "standfirst", "dek": "standfirst", "subtitle": "standfirst", "dateline": "date",
    "published": "date", "timestamp": "date", "masthead": "outlet",
}  # fmt: skip
WORDS = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])")
DECLARED = re.compile(
    rb"""<meta(?:(?!<meta)[^>])+charset\s*=\s*(?:["']\s*)?([\w.:-]+)|<\?xml(?:(?!<\?xml)[^>])+encoding\s*=\s*["']([\w.:-]+)""",
    re.I,
)
DEEPEST = 2000  # tags within tags that a page may have; from 2048 on libxml2 leaves out the rest
MOST_ATTRIBUTES = 5000  # of one tag; libxml2 compares each with all before it, 75,000 of them for ten seconds
SHORT_TAG = 2 * MOST_ATTRIBUTES  # characters of a tag that cannot have more
# A quotation mark opens a value after an equals sign alone; elsewhere it is a letter like others (WHATWG HTML, tokenization).
TAG = re.compile(r"""<[a-zA-Z](?:[^=>]+|=\s*(?:"[^"]*"|'[^']*')?)*""")
OPENING = re.compile(r"<(!--|script\b|style\b|[a-zA-Z])", re.I)
CLOSINGS = {
    "!--": re.compile("-->"),
    "script": re.compile("</script", re.I),
    "style": re.compile("</style", re.I),
}
ATTRIBUTE = re.compile(r"""[^\s=/"'>]+(?:\s*=\s*(?:"[^"]*"|'[^']*'|[^\s"'>]*))?""")
EARLIEST, LATEST = "1990-01-01", "2099-12-31"  # fixed, since the library's own bound is today
PARSER = etree.HTMLParser(
    encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False, huge_tree=True
)


def parse_html(raw: bytes, declared: str | None = None) -> Parsed:
    """A page's visible text in page order, furniture included; its blocks with hints; its metadata as facts.

    `declared` is the encoding that came with the page (an HTTP header). A block of the main text has the hint "main"
    or "heading": it stands in what transforms.parse.main_text takes for the article.
    """
    own = DECLARED.search(raw[:4096])
    name = declared or ((own[1] or own[2]).decode("ascii") if own else None)
    source, encoding, basis = decode(raw, name)
    page = trimmed(source)
    as_it_is = page is source and encoding == "utf-8" and basis in ("declared", "valid")
    root = _tree(raw if as_it_is else page.encode("utf-8", "replace"))
    if root is None:
        return Parsed("", [], "text/html", encoding, basis)
    facts = facts_of(root)
    body = root.find("body")
    found, elements = _blocks(root if body is None else body)
    if len(found) > MOST_BLOCKS:
        raise too_many_blocks()
    hints = judged(found, elements, page)
    starts = [0, *accumulate(len(block.text) + 1 for block in found)]
    blocks = [
        Block(start, start + len(block.text), hint)
        for block, start, hint in zip(found, starts, hints, strict=False)
    ]
    if "date" not in facts and (
        printed := find_date(page, min_date=EARLIEST, max_date=LATEST, original_date=True)
    ):
        facts["page_date"] = printed
    return Parsed("\n".join(block.text for block in found), blocks, "text/html", encoding, basis, facts)


def trimmed(page: str) -> str:
    """A page whose tags have no more attributes than libxml2 can compare with one another in a moment; the same string
    where none has more.

    >>> len(trimmed("<p" + " a=1" * 9_000 + ">Raqqa</p>"))
    20012
    """
    if all(m.end() - m.start() <= SHORT_TAG for m in TAG.finditer(page)):
        return page  # as nearly all: what looks like a tag in a script counts here as well
    out: list[str] = []
    at = 0
    for start, end in _tags(page):
        if end - start > SHORT_TAG and (most := _after_most(page, start, end)):
            out.append(page[at:most])
            at = end
    return "".join([*out, page[at:]]) if out else page


def _tags(page: str) -> Iterator[tuple[int, int]]:
    """The spans of opening tags outside comments, scripts and style sheets, each less its last bracket."""
    unclosed: set[str] = set()  # what has no end from here on: looked for once
    at = 0
    while opened := OPENING.search(page, at):
        tag = TAG.match(page, opened.start())
        if tag:
            yield tag.span()
        at = tag.end() if tag else opened.end()
        closing = CLOSINGS.get((opened[1] or "").lower())
        if closing and closing.pattern not in unclosed:
            if closed := closing.search(page, at):
                at = closed.end()
            else:
                unclosed.add(closing.pattern)


def _after_most(page: str, start: int, end: int) -> int | None:
    """Where the last attribute ends that a tag may have; None where it has no more."""
    attributes = islice(ATTRIBUTE.finditer(page, start, end), MOST_ATTRIBUTES, None)
    return next((m.end() for m in attributes), None)


def _tree(page: bytes) -> Any:
    """A page in UTF-8 as an lxml tree, or None where there is no tag and no text in it."""
    try:
        return etree.fromstring(page, PARSER)
    except etree.ParseError:
        return None


@lru_cache(maxsize=16_384)
def _said(names: str) -> tuple[str, str]:
    """What the first telling word of a class or an id says of the text in it, and that word; two times "" if none does."""
    for word in WORDS.findall(names):
        hint = BY_CLASS.get(word.lower())
        if hint:
            return hint, word.lower()
    return "", ""


def _is_hidden(node: Any) -> bool:
    style = node.get("style")
    return (
        node.get("hidden") is not None
        or node.get("aria-hidden") == "true"
        or (style is not None and "display:none" in style.replace(" ", ""))
    )


class _Reading:
    """The visible blocks of a page so far, the block elements they stand in, and the text since the last boundary."""

    def __init__(self) -> None:
        self.found: list[PageBlock] = []
        self.elements = [(0, "body", "", 0, ("", ""))]  # as the rows of Elements
        self.paths: dict[tuple[int, str, str], int] = {}
        self.pieces: list[str] = []
        self.linked = 0  # characters of them that are inside links

    def end(self, place: int) -> None:
        """Make the text gathered a block of the element at a place, if there is any; and begin anew."""
        if text := " ".join("".join(self.pieces).split()):
            self.found.append(PageBlock(text, place, self.linked))
        self.pieces.clear()
        self.linked = 0

    def enter(self, node: Any, tag: str, parent: int) -> int:
        """The place of a new element in the list."""
        classes, name = node.get("class") or "", node.get("id") or ""
        if tag in BY_TAG:
            says = (BY_TAG[tag], tag)
        else:
            says = _said(classes) if classes else ("", "")
            if name and not says[0]:
                says = _said(name)
        path = self.paths.setdefault((self.elements[parent][3], tag, classes), len(self.paths) + 1)
        self.elements.append((parent, tag, f"{classes} {name}", path, says))
        return len(self.elements) - 1


def _blocks(root: Any) -> tuple[list[PageBlock], Elements]:
    """Every visible block, in page order, and the block elements they stand in, the root first."""
    page = _Reading()
    pieces = page.pieces
    place, in_link, depth = 0, False, 1
    begun = False  # there was text since the last boundary, be it white space
    # What is to come, last first: elements, and for an element gone into what holds after it: the block element, whether
    # in a link, whether a boundary is there, the text after it.
    ahead: list[Any] = [*reversed(root), (0, False, False, root.text)]
    while ahead:
        node = ahead.pop()
        if type(node) is tuple:
            left, (place, in_link, is_block, text) = place, node
            depth -= 1
            if is_block:
                if pieces:
                    page.end(left)
                begun = False
        elif (tag := node.tag) in INVISIBLE or _is_hidden(node):
            text = node.tail
        else:
            is_block = tag not in INLINE or (tag == "time" and not begun)
            if is_block:
                if pieces:
                    page.end(place)
                begun = False
            elif tag == "br" and pieces:
                pieces.append("\n")
            text, inner = node.text, node[::-1]
            if text or inner:
                ahead.append((place, in_link, is_block, node.tail))
                ahead.extend(inner)
                depth += 1
                if depth > DEEPEST:
                    raise Unreadable("too_deep", f"tags nested more than {DEEPEST} deep")
                if is_block:
                    place = page.enter(node, tag, place)
                elif tag == "a":
                    in_link = True
            else:  # an empty element is a boundary at most
                text = node.tail
        if text:
            begun = True
            if pieces or not text.isspace():
                pieces.append(text)
                if in_link:
                    page.linked += len(text.strip())
    if pieces:
        page.end(place)
    return page.found, Elements(*zip(*page.elements, strict=True))
