"""Saved pages (.mht): the page among the parts of a MIME message."""

from __future__ import annotations

import re
from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError
from email.message import Message

from transforms.parse.block import Parsed, Unreadable, well_formed
from transforms.parse.html import parse_html

PAGES = ("text/html", "application/xhtml+xml")
LONGEST_HEADER = (
    65_536  # bytes of a header with its parameters, which the email package reads in quadratic time
)
LONG_HEADER = re.compile(rb"^content-[a-z-]{1,40}:[^\r\n]*(?:\r?\n[ \t][^\r\n]*)*", re.I | re.M)
MULTIPART = re.compile(rb"^content-type:\s*multipart/", re.I | re.M)
MOST_PARTS = 50  # multiparts, each of which every line is held against
# What the email package raises for messages that are none.
DAMAGE = (MessageError, ValueError, LookupError, TypeError, AttributeError, AssertionError)


def parse_mht(raw: bytes) -> Parsed:
    """The first HTML part of a saved page, with the address it was saved from. Raises Unreadable `damaged` where there is
    none."""
    _refuse_slow(raw)
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        part = next((p for p in message.walk() if p.get_content_type() in PAGES), None)
        page = part.get_payload(decode=True) if part else None
        charset = part.get_content_charset() if part else None
    except DAMAGE as error:
        raise Unreadable("damaged", f"no MIME message: {error}") from error
    if part is None or not isinstance(page, bytes) or not page.strip():
        raise Unreadable("damaged", "a saved page without a page in it")
    parsed = parse_html(page, charset)
    address = _address(part, "Content-Location") or _address(message, "Snapshot-Content-Location")
    facts = {**parsed.facts, **({"url": address} if address else {})}
    return replace(parsed, media_type="multipart/related", facts=facts)


def _address(part: Message, name: str) -> str:
    """A header that is a web address, or ""."""
    said = well_formed("".join(str(part.get(name) or "").split()))  # a long one is folded
    return said if said.startswith("http") else ""


def _refuse_slow(raw: bytes) -> None:
    """Raises Unreadable for a message that would take the email package minutes to read."""
    if any(len(m[0]) > LONGEST_HEADER for m in LONG_HEADER.finditer(raw)):
        raise Unreadable("damaged", f"a header of more than {LONGEST_HEADER:,} bytes")
    if sum(1 for _ in MULTIPART.finditer(raw)) > MOST_PARTS:
        raise Unreadable("too_deep", f"more than {MOST_PARTS} multiparts")
