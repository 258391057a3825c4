"""Mail: press releases and newsletters as messages, one in an `.eml` file or many in an mbox.

The subject is the headline, the plain text the body (else the HTML as text); the signature below `-- ` is
left out. The Message-ID is the key, and `From` is kept as a header, not taken for an author or a paper.

    From: Press office <press@harbour.example>
    Date: Sun, 20 Dec 2015 01:00:00 +0100
    Subject: Tram leaves on time

    The first tram …

Attachments are not read: deliver them as files of their own. It cannot read encrypted mail or Outlook's .msg.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import bad_article, make_article
from ontherecord.flows.landing.forms.markup import paragraphs_of
from ontherecord.flows.landing.forms.plain_article import paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.warehouse.records import RawFile

NAME = "mail"
SUFFIXES = (".eml", ".mbox", ".mbx")

_SHOWN_BYTES = 200
_MBOX = re.compile(rb"^From [^\r\n]*\d{4}[^\r\n]*\r?\n(?=[A-Za-z-]+:)", re.MULTILINE)
_QUOTED_FROM = re.compile(rb"^>(>*From )", re.MULTILINE)
_HEADER = re.compile(rb"^(?P<name>[A-Za-z][A-Za-z0-9-]*):", re.MULTILINE)
# Of these, a message has three; a text with `Key: value` headers has none but date and subject.
_OF_MAIL = frozenset((
    b"from", b"to", b"message-id", b"mime-version", b"received", b"return-path", b"delivered-to",
    b"content-type", b"reply-to", b"cc", b"content-transfer-encoding", b"subject", b"date",
))  # fmt: skip
_KEPT = ("From", "Reply-To", "To", "Organization", "List-Id", "Sender")
_SIGNATURE = re.compile(r"^-- ?$", re.MULTILINE)


def is_form(content: bytes, name: str) -> bool:
    """Say whether a file is a message or an mbox, by its headers."""
    head = content[:20_000].lstrip(b"\xef\xbb\xbf\r\n")
    if _MBOX.match(head):
        return True
    headers = re.split(rb"\r?\n\r?\n", head, maxsplit=1)[0]
    names = {match["name"].lower() for match in _HEADER.finditer(headers)}
    return _HEADER.match(head) is not None and b"from" in names and len(names & _OF_MAIL) >= 3


def read(raw: RawFile) -> Iterator[RawArticle | BadArticle]:
    """Yield the article of each message; one that cannot be read is a bad article."""
    content = raw.content.lstrip(b"\xef\xbb\xbf\r\n")
    starts = list(_MBOX.finditer(content))
    if not starts or starts[0].start() != 0:
        yield _read_message(1, content)
        return
    ends = [*(match.start() for match in starts[1:]), len(content)]
    for number, (start, end) in enumerate(zip(starts, ends, strict=True), start=1):
        yield _read_message(number, _QUOTED_FROM.sub(rb"\1", content[start.end() : end]))


def _read_message(number: int, content: bytes) -> RawArticle | BadArticle:
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        key = (_header(message, "Message-ID") or "").strip("<> ") or None
        part = message.get_body(preferencelist=("plain", "html"))
        text, repairs = _text(part) if part is not None else ("", ())
        is_html = part is not None and part.get_content_subtype() == "html"
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
        why = "The message cannot be read; its headers or its encoding are damaged. Deliver it again."
        start = content[:_SHOWN_BYTES].decode("utf-8", "replace")
        return bad_article(number, None, "message_unreadable", start, why)
    headers = [
        ("subject", _header(message, "Subject")),
        ("date", _header(message, "Date")),
        ("language", _header(message, "Content-Language")),
        *((name.lower(), _header(message, name)) for name in _KEPT),
        ("message-id", key),
        *(("attachment", attachment.get_filename()) for attachment in message.iter_attachments()),
    ]
    text = _SIGNATURE.split(text, maxsplit=1)[0]
    body = paragraphs_of(text) if is_html else paragraphs_of_text(text.split("\n"))
    return make_article(number, key, headers, body, repairs)


def _header(message: EmailMessage, name: str) -> str | None:
    """Return a header, decoded; None if it is missing or cannot be decoded."""
    try:
        value = message[name]
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, IndexError):
        return None
    return None if value is None else str(value)


def _text(part: Any) -> tuple[str, tuple[str, ...]]:
    """Return the text of a part: in the encoding that it says, else in the one that its bytes allow."""
    payload = part.get_payload(decode=True)
    content = (
        payload if isinstance(payload, bytes) else str(part.get_payload()).encode("utf-8", "surrogateescape")
    )
    if not content.strip():
        return "", ()
    charset = part.get_content_charset()
    if charset and charset not in ("us-ascii", "ascii"):
        try:
            return content.decode(charset).replace("\r\n", "\n"), ()
        except (LookupError, UnicodeDecodeError):
            pass
    return decode_markup(content)
