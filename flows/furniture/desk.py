"""Desk lines: what reporters, editors and agencies write around a text.

Bylines, credits, the agency's signature, notes for the desks that get the text, and marks of its end. A line
that may be a sentence of the article is none of them.
"""

from __future__ import annotations

import re

from ontherecord.flows.furniture.agencies import agency_name, is_agency

# A byline is short: one to three names, a role, a paper.
_LONGEST_BYLINE = 120
# A credit names a dozen reporters at most; a longer paragraph in brackets is an aside.
_LONGEST_CREDIT = 600
_LONGEST_NOTE = 200
_MOST_NOTE_WORDS = 20
_LONGEST_MARK = 40

_NAME = r"[^\W\d_][\w.'’-]*"
_BYLINE = re.compile(
    r"(?:By|BY|Written by|Posted by|Story by)\s*:?\s+"
    rf"(?P<names>{_NAME}(?:[ ,|/&]{{1,3}}{_NAME}){{0,17}})\W{{0,2}}"
)
_BYLINE_WORDS = frozenset((
    "and", "for", "the", "of", "in", "at", "de", "del", "da", "di", "van", "von", "der", "den", "la",
    "le", "el", "al", "bin", "staff", "writer", "writers", "correspondent", "reporter", "editor",
    "special", "to", "with",
))  # fmt: skip
_ROLES = frozenset((
    "correspondent", "correspondents", "reporter", "reporters", "writer", "writers", "staff", "bureau",
))  # fmt: skip
# 'By Monday', 'By Train From Oslo': a time or a means and no person.
_NO_NAMES = frozenset((
    "monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday", "january", "february",
    "march", "april", "may", "june", "july", "august", "september", "october", "november", "december",
    "the", "a", "an", "all", "then", "now", "any", "land", "sea", "air", "train", "car", "way", "far",
    "design", "numbers", "his", "her", "their", "our", "my", "your", "its", "this", "that", "law",
))  # fmt: skip
_WORK = (
    r"(?i:(?:(?:additional|extra|further|original|contributing)\s)?"
    r"(?:report(?:ing|ed)|writ(?:ing|ten)|edit(?:ing|ed)|compil(?:ing|ed)|translat(?:ing|ion|ed)|graphics?"
    r"|research(?:ed)?|photography|production))"
)
_WORK_BY = rf"(?i:with\s)?{_WORK}(?:\s?(?:,|&|and)\s?{_WORK}){{0,2}}\s(?i:by)\s+{_NAME}"
_INPUTS = r"(?i:with\s(?:agency\s|agencies\s|additional\s)?inputs?|agenc(?:y|ies)\sinputs?|inputs?\sfrom)\b"
# '(Reporting by A; Editing by B)', 'Writing by A', '(With extra reporting by A in Oslo)', '(By A)'.
_CREDIT = re.compile(rf"[(\[]?\s?(?:{_WORK_BY}|{_INPUTS}).*|\(By\s{_NAME}.*\)")
_CREDIT_AT_END = re.compile(
    rf"(?<=[.!?\"”’)\]])\s+(?P<credit>[(\[]{_WORK_BY}[^()]{{0,{_LONGEST_CREDIT}}}[)\]])\.?$"
)
_CREDIT_WORDS = frozenset((
    "reporting", "reported", "writing", "written", "editing", "edited", "compiling", "compiled",
    "translating", "translated", "translation", "additional", "extra", "further", "original",
    "contributing", "by", "from", "graphic", "graphics", "research", "researched", "photography",
    "production", "newsroom", "bureau", "desk", "team", "video", "data", "report", "input", "inputs",
    "agency", "agencies",
))  # fmt: skip
# 'Ida Brandt in Oslo contributed to this report.'
_CONTRIBUTED = re.compile(
    r"\(?[A-Z].{3,200}\scontribut(?:ed|es) (?:reporting )?(?:to|for) this (?:report|story|article)"
    r"(?:\s(?:from|in)\s[A-Z][^.]{1,40}(?:\.[A-Z]\.?)?)?\.?\)?|Contributing: [A-Z].{3,150}"
)
_FEED_NOTE = re.compile(
    r"\(?(?:Except for the headline, )?[Tt]his (?:story|article|report|copy) (?:has|was) (?:not been|not) "
    r"(?:edited|modified)\b.{2,160}|Our Standards: .{2,80}"
)
_DASH = r"(?:-{1,2}|[–—―])"
# '- AFP' and a no-break space at the very end; agencies sign in capitals, some with a slash or plus.
_DASHED_SIGNATURE = re.compile(r"[-–—]\s?([A-Z][A-Za-z]{1,15}(?:[ /&+]{1,3}[A-Z][A-Za-z]{1,15}){0,3})")
# '--IANS', '(PTI)', 'REUTER', 'PTI SJK RT' with the initials of the desk.
_SIGNATURE = re.compile(
    rf"[(/\[]?{_DASH}?\s?(?P<agency>[A-Z][A-Za-z+/ -]{{1,40}}?)(?:\s[A-Z]{{2,4}}){{0,3}}[)\]/-]?"
)
_SIGNATURE_AT_END = re.compile(
    rf"(?<=[.!?\"”’)])\s*(?:{_DASH}\s?(?P<dashed>[A-Z][A-Za-z ]{{1,30}})"
    r"|\((?P<bracketed>[A-Z][A-Za-z ]{1,30})\)|\s(?P<bare>[A-Z]{2,10})(?:\s[A-Z]{2,4}){0,3})\.?$"
)
# '-- Ida Brandt, Oslo newsroom (99 1) 555 0134': whom other desks call back.
_DESK = re.compile(
    r"--?\s?(?:(?P<name>[A-Z][\w.'’ -]{2,40}), )?[A-Z][\w .-]{1,30}\s[Nn]ewsroom[\s,+()\d x-]*"
)
# 'bc/rt', '(sk/dpb)': the initials of reporter and editor.
_INITIALS = re.compile(
    r"(?!and/|he/|she/|his/|her/|yes/|no/)\(?[a-z]{2,4}(?:/[a-z]{2,5}){1,3}/?\)?"
    r"|\(?[A-Z]{2,3}(?:/[A-Z]{2,3}){1,3}\)?"
)
_END_MARK = re.compile(
    r"\((?i:more|end|ends)\)|MORE|ENDS?|Ends\.?|-{1,2}\s?(?i:more|ends?|0|30)\s?-{1,2}"
    r"|#(?:\s?#){1,4}(?:\s(?i:return))?|_{3,}|-{3,}|—{2,}|={3,}|\*(?:\s?\*){2,}|NNNN"
)
_END_MARK_AT_END = re.compile(
    r"\s+#(?:\s?#){2}(?:\s(?i:return))?$"
    r"|(?<=[.!?\"”’)])\s+(?:-(?:0|30)-|\((?i:more|end|ends)\)|-{1,2}(?i:more|ends?)-{1,2})$"
)
_EMBARGO = re.compile(
    r"[*\s]{0,3}(?:(?i:strictly )?(?i:under )?(?i:embargo(?:ed)?)(?:\s?:|\s(?i:until|till|for|to)\b).*"
    r"|(?i:not for (?:release|publication|broadcast) (?:before|until)\b).*"
    r"|(?:HOLD FOR RELEASE|Hold for release|FOR RELEASE|For Release)\b.*"
    r"|(?i:for immediate release)\b.{0,60})"
)
_EDITORS = re.compile(r"\(?(?:Eds:|Eds,|ATTENTION EDITORS|Attention editors)(?!\w).*")
# '(Adds details)', '(Updates throughout)': what a new version of a story has.
_NOTE = re.compile(
    r"\((?:Adds|Updates|Recasts|Repeats|Refiles|Rewrites|Writes through|Removes|Changes|Fixes|Releads"
    r"|New throughout|Wraps|Trims|Inserts|Rpts|ADDS|UPDATES|RECASTS|REPEATS|REFILES)\b.*\)"
)
# 'BC-SARN-FERRY, 1st Ld', 'SARN-FERRY/RATES (UPDATE 1)', 'SARN-FERRY/'.
_SLUG_PART = r"[A-Za-z0-9.&]{1,20}"
_SLUG = re.compile(
    rf"(?:[A-Z]{{2}}[A-Z0-9]*(?:[-/]{{1,2}}{_SLUG_PART}){{1,6}}(?:/|(?=[ ,]))"
    rf"|[A-Z]{{2}}(?:-{{1,2}}{_SLUG_PART}){{2,6}})"
    r"(?:,\s?(?:\d(?:st|nd|rd|th)|\d{1,4})\b.{0,30}|\s\([A-Z]+(?: \d)?(?:, [A-Z0-9 ]+)?\))?"
)
_CORRECTION = re.compile(
    r"[*(\[]{0,2}(?:(?i:corrections?|clarifications?|corrections? and clarifications?)(?:\s?:|$)"
    r"|Corrects\b|This (?:story|article|report|version|item)(?: has been| was)?"
    r" (?:corrects|corrected|clarified|amended|updated to correct|updated to clarify)\b"
    r"|An? (?:earlier|previous) version of this (?:story|article|report|item)\b)"
)


def read_byline(line: str) -> str | None:
    """Return the names of a line such as 'By Ida Brandt', or None."""
    if len(line) > _LONGEST_BYLINE or (found := _BYLINE.fullmatch(line)) is None:
        return None
    names = found["names"]
    words = [word.strip(".,") for word in re.split(r"[ ,|/&]+", names)]
    if words[0].lower() in _NO_NAMES and words[-1].lower() not in _ROLES:
        return None
    if not all(word[:1].isupper() or word.lower() in _BYLINE_WORDS for word in words):
        return None
    return names if len(words) > 1 or is_agency(words[0]) else None


def is_credit(line: str) -> bool:
    """Say whether a line names who reported, wrote or edited the text."""
    if len(line) > _LONGEST_CREDIT:
        return False
    named = _CREDIT.fullmatch(line) is not None and _has_only_names(line)
    return named or _CONTRIBUTED.fullmatch(line.lstrip("—_- ")) is not None


def _has_only_names(credit: str) -> bool:
    """Say whether a credit has names, places and the words for the work, and no sentence."""
    words = re.findall(_NAME, credit)
    known = _BYLINE_WORDS | _CREDIT_WORDS
    return all(word[0].isupper() or word.strip(".").lower() in known for word in words)


def credit_at_end(line: str) -> int:
    """Return where the credit in brackets at the end of a paragraph begins, or its length."""
    found = _CREDIT_AT_END.search(line, max(0, len(line) - _LONGEST_CREDIT))
    return found.start() if found and _has_only_names(found["credit"]) else len(line)


def read_desk(line: str) -> tuple[bool, str | None]:
    """Say whether a line is a desk's telephone number, and return the reporter whom it names."""
    found = _DESK.fullmatch(line) if len(line) <= _LONGEST_BYLINE else None
    return found is not None, found["name"] if found is not None else None


def is_feed_note(line: str) -> bool:
    """Say whether a line says how the paper got the text: unedited, from a feed."""
    return len(line) <= _LONGEST_NOTE and _FEED_NOTE.fullmatch(line) is not None


def read_signature(line: str) -> str | None:
    """Return the agency that signs on a line of its own, or None."""
    if found := _DASHED_SIGNATURE.fullmatch(line):
        return agency_name(found[1])
    found = _SIGNATURE.fullmatch(line) if len(line) <= _LONGEST_MARK else None
    agency = found["agency"].strip() if found else ""
    return agency_name(agency) if is_agency(agency) else None


def signature_at_end(line: str) -> tuple[int, str | None]:
    """Return where the agency that signs behind the last sentence begins, and its name."""
    found = _SIGNATURE_AT_END.search(line, max(0, len(line) - _LONGEST_MARK))
    agency = found and (found["dashed"] or found["bracketed"] or found["bare"])
    return (
        (found.start(), agency_name(agency)) if found and agency and is_agency(agency) else (len(line), None)
    )


def is_end_mark(line: str) -> bool:
    """Say whether a line is a mark of the end or the initials of the desk."""
    return len(line) <= _LONGEST_MARK and bool(_END_MARK.fullmatch(line) or _INITIALS.fullmatch(line))


def end_mark_at_end(line: str) -> int:
    """Return where the mark of the end behind the last sentence begins, or the line's length."""
    found = _END_MARK_AT_END.search(line, max(0, len(line) - _LONGEST_MARK))
    return found.start() if found else len(line)


def is_head_note(line: str) -> bool:
    """Say whether a line is for the desks that get the text: a slug, an embargo, what is new."""
    if len(line) > _LONGEST_NOTE or len(line.split()) > _MOST_NOTE_WORDS:
        return False
    return any(form.fullmatch(line) for form in (_NOTE, _EMBARGO, _EDITORS, _SLUG))


def is_correction(line: str) -> bool:
    """Say whether a line says what an earlier version had wrong."""
    return _CORRECTION.match(line) is not None
