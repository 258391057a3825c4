"""Page lines: what a page has between an article's paragraphs, from captions to advertisements.

They stay in the body, and the extractor reads only what `article_words` leaves of them.
"""

from __future__ import annotations

import re

from ontherecord.flows.furniture.desk import (
    credit_at_end,
    is_correction,
    is_credit,
    is_end_mark,
    is_feed_note,
    read_desk,
)

# A caption that says what it is; what follows is the picture's.
_CAPTION = re.compile(
    r"\s*(?:FILE\s?(?:PHOTO|PICTURE|IMAGE)?|File (?:photo|picture|image)|PHOTO|Photo|IMAGE|Image|PICTURE"
    r"|Picture|PICTURED|Pictured|CAPTION|Caption|Photo caption|Photograph)\s?(?::|\s[-–—])\s?(?=\S)"
)
# Who took the picture, on a line of its own or at the end of a caption.
_PHOTO_CREDIT_LENGTH = 160
_PHOTOGRAPHER = (
    r"[A-Z][\w.'’-]*(?:\s(?:[A-Z][\w.'’-]*|de|da|del|der|den|dos|du|van|von|bin|al|el|la|and)){0,5}"
)
_PICTURE_AGENCY = (
    r"(?:Getty Images|AFP|AP|(?:The )?Associated Press|Reuters|REUTERS|Bloomberg(?: News)?|EPA(?:-EFE)?|EFE"
    r"|UPI|Shutterstock|Alamy|PA(?: Wire)?|The New York Times|The Washington Post|Agence France-Presse)"
)
_PHOTO_CREDIT = re.compile(
    r"(?:(?<=[.!?\"”’)])\s*|^)(?:"
    rf"(?:{_PHOTOGRAPHER}(?:/{_PHOTOGRAPHER}){{0,3}}[\s/])?(?i:via)\s[A-Z]{{2,12}}(?:/{_PHOTOGRAPHER}){{0,2}}"
    rf"|{_PHOTOGRAPHER}(?:\s?/\s?|\s(?i:via)\s){_PICTURE_AGENCY}(?:\s?/\s?{_PICTURE_AGENCY})?"
    rf"|[A-Z]{{2,12}}(?:\s(?i:photos?))?\s?/\s?{_PHOTOGRAPHER}(?:/{_PHOTOGRAPHER}){{0,3}}"
    r"|[(\[](?:AP|AFP|Reuters|REUTERS|Getty|EPA)(?:\s(?i:photos?|images))?\s?/\s?[^()\[\]]{2,80}[)\]]"
    r"|[(\[](?i:file photo|photo|picture|image|photograph)(?i:\s?:|\sby|\scourtesy|\scredit)\b"
    r"[^()\[\]]{2,120}[)\]]"
    r"|[(\[](?:Photo|Picture|Image) [A-Z][^()\[\]/]{2,80}/\s?[^()\[\]]{2,60}[)\]]"
    r"|(?:Photo|Picture|Image|Photograph|Source)(?:\s(?:credit|by|courtesy of))?:\s"
    rf"{_PHOTOGRAPHER}(?:[/,]\s?{_PHOTOGRAPHER}){{0,3}}"
    r")\.?$"
)
# The same where a page's text runs on behind it: '… last year. Ann Kim/Getty Images At the time, …'.
_TWO_WORDS = r"[A-Z][\w.'’-]+(?: [A-Z]\.)? (?:(?:de|da|del|der|den|van|von|bin|al|el) ){0,2}[A-Z][\w.'’-]+"
_CREDIT_WITHIN = re.compile(
    r"(?<=[.!?\"”’)])\s+(?:"
    rf"(?:(?:Photo|Picture|Image|Photograph|Credit)(?: credit| by| courtesy of)?:? )?{_TWO_WORDS}"
    rf"(?:/| for | via ){_PICTURE_AGENCY}(?:/{_PICTURE_AGENCY}| via {_PICTURE_AGENCY}| [Pp]hotos?){{0,2}}"
    rf"|(?:AP Photo|REUTERS|Reuters|AFP|EPA) ?/ ?{_TWO_WORDS}"
    r"|[(\[](?:(?i:file photo|photo|picture|image|photograph)(?i:\s?:|\sby|\scourtesy|\scredit)"
    r"|(?:AP|AFP|Reuters|REUTERS|EPA)(?: Photos?)?\s?/)[^()\[\]]{2,80}[)\]]"
    # Not 'Ann Kim for The New York Times Magazine', 'a Gazette/Bloomberg Politics poll'.
    r")\.?\s+(?!(?:Magazine|Company|Co|Book|Style|Opinion|Politics|Economics|Editorial|News|Foundation)\b)"
    r"(?=[\"“'‘(]?[A-Z0-9])"
)
_MAY_HAVE_CREDIT = re.compile(r"/|[Pp]hoto|PHOTO|[Pp]icture|Image|Credit| via | for The ")
_PAGE = re.compile(
    r"(?i:advertisements?|(?:story|article) continues below(?: advertisement)?|continue reading below"
    r"|continue reading(?: the main story)?|slideshow(?: \(\d+ images?\))?"
    r"|share (?:or comment on )?this (?:article|story)|sponsored content|skip advertisement)[.:]?"
    # A link to another story, after its label.
    r"|[\[(]?(?:(?i:(?:read|see) (?:more|also|next)|also (?:read|see)|more (?:on this|from)|recommended"
    r"|most read|related(?: (?:stories|story|articles?|coverage|news))?|don[’']t miss|click here)"
    r"|READ|WATCH|LISTEN|MORE|SEE)\s?[:|>»].{0,250}"
    r"|Originally published (?:as|by|in|on|at) [^.!?]{2,160}"
    r"|To read the full (?:story|article|report)\b.{0,60}\b(?:click|visit|go to)\b.{2,80}"
    r"|(?:Graphic|Chart|Interactive): [^.!?]{2,100}|SOURCE:? [A-Z].{2,100}"
    r"|(?:Follow|Like) (?:us|@\w+|(?:[A-Z][\w.'’-]*\s?){1,4}) ?on "
    r"(?:Twitter|Facebook|Instagram|X|Threads|Bluesky)(?: (?:@\S+|and .{2,40}|for .{2,60}))?\.?"
    r"|©.{2,160}|(?:\(c\)|Copyright)\s(?:©\s?|\(c\)\s?)?\d{4}.{0,160}"
)


def is_caption(paragraph: str) -> bool:
    """Say whether a paragraph is labelled as a picture's caption: 'FILE PHOTO: The ferry at Sarn'."""
    return _CAPTION.match(paragraph) is not None


def is_furniture(paragraph: str) -> bool:
    """Say whether a paragraph is a caption, or has no word of the article's own."""
    return is_caption(paragraph) or not article_words(paragraph)


def is_photo_credit(line: str) -> bool:
    """Say whether a line is nothing but a picture's credit."""
    return bool(line) and _photo_credit_at(line) == 0


def article_words(paragraph: str) -> str:
    """Return a paragraph without the credit at its end; empty if it is furniture and no caption.

    A byline is kept: it says who 'I' is.
    """
    line = paragraph.strip()
    if (
        _PAGE.fullmatch(line)
        or is_correction(line)
        or is_credit(line)
        or is_feed_note(line)
        or is_end_mark(line)
        or read_desk(line)[0]
    ):
        return ""
    words = paragraph.rstrip()
    return words[: min(_photo_credit_at(words), credit_at_end(words))]


def around_credits(paragraph: str) -> list[tuple[int, int]]:
    """List the stretches of a paragraph before, between and after the pictures' credits within it.

    Offsets are the paragraph's. Words on two sides of a credit are no one sentence.
    """
    stretches, at = [], 0
    for found in _CREDIT_WITHIN.finditer(paragraph) if _MAY_HAVE_CREDIT.search(paragraph) else ():
        stretches.append((at, found.start()))
        at = found.end()
    return [*stretches, (at, len(paragraph))]


def _photo_credit_at(line: str) -> int:
    """Return where the picture's credit at the end of a line begins, or the line's length."""
    found = _PHOTO_CREDIT.search(line, max(0, len(line) - _PHOTO_CREDIT_LENGTH))
    return found.start() if found else len(line)
