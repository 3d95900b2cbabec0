"""What documents and names hold, on its way to a terminal or a spreadsheet: shown, and never obeyed."""

from __future__ import annotations

import re
from typing import Any, TextIO

# Control characters but tab and line feed, and the marks that turn the direction of what follows.
OBEYED = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")
FORMULA = ("=", "+", "-", "@", "\t", "\r")


def plain(text: str) -> str:
    r"""A text with what a terminal would obey written out.

    >>> plain("red \x1b[31m")
    'red \\x1b[31m'
    """
    return OBEYED.sub(lambda m: m[0].encode("unicode_escape").decode(), text)


def cell(value: object) -> object:
    """A value as a cell of CSV: a text that a spreadsheet would take for a formula gets an apostrophe before it (OWASP, CSV
    injection).

    >>> cell("=1+1"), cell(-5), cell("Raqqa")
    ("'=1+1", -5, 'Raqqa')
    """
    return f"'{value}" if isinstance(value, str) and value.startswith(FORMULA) else value


class Plain:
    """A text stream that writes out what a terminal would obey; `stream` is the one below, for data on its way to a file."""

    def __init__(self, stream: TextIO) -> None:
        self.stream = stream

    def write(self, text: str) -> int:
        """Write a text; how many characters were given."""
        self.stream.write(plain(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)
