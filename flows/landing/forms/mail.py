"""Mail: press releases and newsletters as messages, one in an `.eml` file or many in an mbox.

The subject is the headline, the plain text the body (else the HTML as text); the signature below `-- ` is
left out. So are what a message answers, the notes and contacts below a press release, and the terms below a
newsletter, with the warning `furniture_removed`. The Message-ID is the key, and `From` is kept as a header,
not taken for an author or a paper.

    From: Press office <press@harbour.example>
    Date: Sun, 20 Dec 2015 01:00:00 +0100
    Subject: Tram leaves on time

    The first tram …

Attachments are not read: deliver them as files of their own. It cannot read encrypted mail or Outlook's .msg.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from email import policy
from email.errors import MessageError
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any

from ontherecord.flows.landing.decode import decode_markup
from ontherecord.flows.landing.forms.deliver import bad_article, make_article
from ontherecord.flows.landing.forms.markup import paragraphs_of
from ontherecord.flows.landing.forms.plain_article import is_release, paragraphs_of_text
from ontherecord.flows.landing.forms.raw_article import BadArticle, RawArticle
from ontherecord.flows.landing.forms.release_end import REMOVED, without_notes
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
_FORWARDED = re.compile(r"^\s*(?:(?:fwd?|wg|tr|rv)\s*:\s*)+", re.IGNORECASE)
# How Gmail, Thunderbird, Apple Mail and Outlook part a note from what it forwards.
_FORWARD_MARK = re.compile(
    r"^[ \t>]*(?:-{3,}\s*(?:Forwarded message|Original Message|Forwarded Message)\s*-{3,}"
    r"|Begin forwarded message:|_{20,}(?=\s*\n\s*\*?From:))\s*$",
    re.MULTILINE | re.IGNORECASE,
)
_FORWARD_HEADER = re.compile(
    r"(?P<name>From|Sent|Date|To|Cc|Subject|Reply-To|Importance)\s*:\*?\s*(?P<value>.*)", re.IGNORECASE
)
_FORWARD_NAMES = {"sent": "date"}
# Mailman's lines below each message of a list.
_LIST_FOOTER = re.compile(r"\n_{40,}[ \t]*\n(?:[^\n]{0,200}\n?){1,8}\Z")
# What stands above a newsletter's text, and what begins the terms below it.
_VIEW = re.compile(
    r"[\W_]*(?:having trouble[^.?]{0,80}\?\s*)?(?:view|read|open|see)\s+(?:this\s+|it\s+|the\s+)?"
    r"(?:e-?mail\s+|message\s+|newsletter\s+|post\s+|online\s*)?"
    r"(?:(?:in|on)\s+(?:your\s+|a\s+|the\s+)?(?:web\s*)?(?:browser|web|app|site|website))?[\W_]*(?:https?://\S+[\W_]*)?",
    re.IGNORECASE,
)
_TERMS = re.compile(
    r"^\W*unsubscribe\b|\bunsubscribe\b.{0,80}$|\byou(?: are|'re|’re) (?:receiving|getting) this\b"
    r"|\byou received this (?:e-?mail|message|newsletter)\b|\bthis (?:e-?mail|message) was sent to\b"
    r"|\bupdate your (?:e-?mail )?preferences\b|\bmanage your (?:e-?mail )?(?:subscription|preferences)",
    re.IGNORECASE,
)
# Paragraphs at the end among which terms are looked for; words of a message that is more than a note.
_TERMS_LINES = 10
_FEWEST_WORDS = 30
# How mail programs mark what a message answers: who wrote it when, then its lines behind a sign.
_ANSWER = re.compile(r"\s*(?:re|aw|sv|antw)\s*:", re.IGNORECASE)
_QUOTED_LINE = re.compile(r"^[ \t]*>.*$", re.MULTILINE)
_QUOTE_SIGN = re.compile(r"^[ \t]*(?:>[ \t]?)+", re.MULTILINE)
_QUOTED_MESSAGE = re.compile(
    r"^(?:On\b[^\n]{5,200}(?:\n(?!>)[^\n]{1,200})?\bwrote:|Am [^\n]{5,200}schrieb[^\n]{0,100}:"
    r"|Le [^\n]{5,200}\ba écrit\s?:)[ \t]*\n(?:[ \t]*\n)*[ \t]*>[^\n]*(?:\n[ \t]*(?:>[^\n]*)?(?=\n|\Z))*",
    re.MULTILINE,
)
_WROTE = re.compile(
    r"^(?:On\b.{5,200}\bwrote:|Am .{5,200}schrieb.{0,100}:|Le .{5,200}\ba écrit\s?:)[ \t]*$", re.MULTILINE
)
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
        yield from _numbered([_read_message(1, content)])
        return
    ends = [*(match.start() for match in starts[1:]), len(content)]
    parts = (content[start.end() : end] for start, end in zip(starts, ends, strict=True))
    yield from _numbered(
        _read_message(number, _QUOTED_FROM.sub(rb"\1", part)) for number, part in enumerate(parts, start=1)
    )


def _numbered(found: Iterable[Iterable[RawArticle | BadArticle]]) -> Iterator[RawArticle | BadArticle]:
    """Yield articles with numbers of their own: a message may have others attached to it."""
    for number, article in enumerate((article for articles in found for article in articles), start=1):
        yield replace(article, number=number)


def _read_message(number: int, content: bytes) -> list[RawArticle | BadArticle]:
    """Return the article of a message, and those of the messages that are attached to it."""
    try:
        message = BytesParser(policy=policy.default).parsebytes(content)
        attached = [inner for inner in map(_attached, message.iter_attachments()) if inner is not None]
        articles = [_article(number, message)]
        if attached:
            # A digest, or one forwarded as an attachment; a note above it is no article.
            notes = len(articles[0].body.split()) < _FEWEST_WORDS
            articles = [] if notes else articles
            articles += [_article(number, inner) for inner in attached]
    except (MessageError, LookupError, ValueError, AttributeError, TypeError, RecursionError):
        why = "The message cannot be read; its headers or its encoding are damaged. Deliver it again."
        start = content[:_SHOWN_BYTES].decode("utf-8", "replace")
        return [bad_article(number, None, "message_unreadable", start, why)]
    return list(articles)


def _attached(part: Any) -> EmailMessage | None:
    inner = part.get_content() if part.get_content_type() == "message/rfc822" else None
    return inner if isinstance(inner, EmailMessage) else None


def _article(number: int, message: EmailMessage) -> RawArticle:
    key = (_header(message, "Message-ID") or "").strip("<> ") or None
    part = message.get_body(preferencelist=("plain", "html"))
    text, decoded = _text(part) if part is not None else ("", ())
    is_html = part is not None and part.get_content_subtype() == "html"
    text = "\n\n".join(paragraphs_of(text)) if is_html else text
    headers = [
        ("subject", _header(message, "Subject")),
        ("date", _header(message, "Date")),
        ("language", _header(message, "Content-Language")),
        *((name.lower(), _header(message, name)) for name in _KEPT),
        ("message-id", key),
        *(("attachment", attachment.get_filename()) for attachment in message.iter_attachments()),
    ]
    text, answered = _without_replies(text, _header(message, "Subject") or "")
    original, text = _original(text)
    given = dict(original)
    if given:
        # Who forwarded it, and when, is not the article's.
        headers = [(f"forwarded-{n}" if n in ("from", "date", "to") else n, v) for n, v in headers]
        headers = [*original, *((n, v) for n, v in headers if n not in given)]
    headers = [(n, _FORWARDED.sub("", v) if n == "subject" and v else v) for n, v in headers]
    text = _LIST_FOOTER.sub("", _SIGNATURE.split(text, maxsplit=1)[0])
    body = text.split("\n\n") if is_html else paragraphs_of_text(text.split("\n"))
    body, notes = without_notes(_without_view(body))
    body, terms = _without_terms(body)
    return make_article(number, key, headers, body, (*decoded, *answered, *notes, *terms))


def _without_replies(text: str, subject: str) -> tuple[str, tuple[str, ...]]:
    """Return a text without the messages that it answers, and the warning that they were left out.

    Where little is left, the text is in what is answered: a desk that says thanks for a release.
    """
    mark = _FORWARD_MARK.search(text)
    is_answer = _ANSWER.match(subject) or (mark and "original" in mark[0].lower())
    is_long = mark is not None and len(text[: mark.start()].split()) >= _FEWEST_WORDS
    if mark and is_long and is_answer and not _FORWARDED.match(subject):
        return text[: mark.start()], (REMOVED,)
    if _QUOTED_LINE.search(text) is None:
        # In HTML no sign stands before the lines that are answered.
        wrote = _WROTE.search(text) if _ANSWER.match(subject) else None
        is_above = wrote is not None and len(text[: wrote.start()].split()) >= _FEWEST_WORDS
        return (text[: wrote.start()], (REMOVED,)) if wrote and is_above else (text, ())
    rest = _QUOTED_MESSAGE.sub("\n", text)
    quoted = "\n".join(match[0] for match in _QUOTED_LINE.finditer(text))
    if len(_QUOTED_LINE.sub("", rest).split()) >= _FEWEST_WORDS:
        return _QUOTE_SIGN.sub("", rest), ((REMOVED,) if rest != text else ())
    is_thanks = rest != text and len(quoted.split()) >= _FEWEST_WORDS
    return _QUOTE_SIGN.sub("", quoted if is_thanks else text), ((REMOVED,) if is_thanks else ())


def _original(text: str) -> tuple[list[tuple[str, str]], str]:
    """Return the headers of the message that another one forwards, and the text below them."""
    mark = _FORWARD_MARK.search(text)
    if mark is None:
        return [], text
    lines = text[mark.end() :].lstrip("\n").split("\n")
    headers: list[tuple[str, str]] = []
    for at, line in enumerate(lines):
        if match := _FORWARD_HEADER.fullmatch(line.strip(" *")):
            name = _FORWARD_NAMES.get(match["name"].lower(), match["name"].lower())
            headers.append((name, match["value"].strip(" *")))
        elif line.strip() or (at and headers and not _FORWARD_HEADER.fullmatch(_next_filled(lines[at:]))):
            return (headers, "\n".join(lines[at:])) if len(headers) >= 2 else ([], text)
    return [], text


def _next_filled(lines: Sequence[str]) -> str:
    return next((line.strip(" *") for line in lines if line.strip()), "")


def _without_view(body: Sequence[str]) -> list[str]:
    """Return paragraphs without what stands above a text, such as `View in browser`."""
    start = next((i for i, line in enumerate(body) if not (_VIEW.fullmatch(line) or is_release(line))), 0)
    return list(body[start:])


def _without_terms(body: Sequence[str]) -> tuple[list[str], tuple[str, ...]]:
    """Return paragraphs without the terms below a newsletter, and the warning that they were left out."""
    last = range(max(1, len(body) - _TERMS_LINES), len(body))
    end = next((i for i in last if _TERMS.search(body[i])), len(body))
    return list(body[:end]), ((REMOVED,) if end < len(body) else ())


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
