"""The one grammar of quotation marks. Two questions are asked of it, and their answers differ where marks are not closed or straight:
what is inside marks (for `mentions.in_quote`), and what is quoted (for `quotes`, and for whose words those of an article are)."""

from __future__ import annotations

import re

MARKED = re.compile(r"“[^”\n]*(?:”|$|(?=\n))|\"[^\"\n]*(?:\"|$|(?=\n))|«[^»\n]*(?:»|$|(?=\n))", re.M)
# a straight mark opens before a letter and after a space, and closes the other way round
QUOTED = re.compile(
    r"(?:[“«„]|``|(?<![\w.,!?…])\"(?=\S))((?:[^“”\"«»„\n`]|`(?!`))+?)(?:[”»“]|(?<=\S)\"|''|(?=\n|``)|\Z)"
)


def find_marked(text: str) -> list[tuple[int, int]]:
    """Spans between quotation marks, the marks among them, curly or straight; a mark never closed runs to the end of its paragraph.

    >>> t = 'He “left” and "went".'
    >>> [t[a:b] for a, b in find_marked(t)]
    ['“left”', '"went"']
    """
    return [m.span() for m in MARKED.finditer(text)]


def find_quoted(paragraph: str) -> list[tuple[int, int]]:
    """Spans of quoted words of one paragraph, without the marks; a mark never closed runs to its end.

    >>> t = 'He said "we left" at 5" tall'
    >>> [t[a:b] for a, b in find_quoted(t)]
    ['we left']
    """
    return [m.span(1) for m in QUOTED.finditer(paragraph) if m[1].strip()]
