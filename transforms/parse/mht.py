"""Saved pages (.mht): the page among the parts of a MIME message."""

from __future__ import annotations

from dataclasses import replace
from email import message_from_bytes, policy
from email.errors import MessageError

from transforms.parse.block import Parsed, Unreadable
from transforms.parse.html import parse_html


def parse_mht(raw: bytes) -> Parsed:
    """The first HTML part of a saved page, with the address it was saved from. Raises Unreadable where there is none."""
    try:
        message = message_from_bytes(raw, policy=policy.compat32)
        parts = [p for p in message.walk() if p.get_content_type() in ("text/html", "application/xhtml+xml")]
        page = parts[0].get_payload(decode=True) if parts else None
    except (MessageError, ValueError, LookupError) as error:
        raise Unreadable("damaged", f"no MIME message: {error}") from error
    if not isinstance(page, bytes) or not page.strip():
        raise Unreadable("damaged", "a saved page without a page in it")
    parsed = parse_html(page, parts[0].get_content_charset())
    address = parts[0].get("Content-Location") or message.get("Snapshot-Content-Location") or ""
    return replace(
        parsed,
        media_type="multipart/related",
        facts={**parsed.facts, **({"url": address} if address.startswith("http") else {})},
    )
