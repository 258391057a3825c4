"""Decode bytes to text and repair what other programs broke in it, with a warning for each repair."""

from __future__ import annotations

import codecs
import html
import html.entities
import re

import ftfy

from ontherecord.flows.landing.file_types import refuse_other_types
from ontherecord.flows.plural import counted
from ontherecord.warehouse.errors import BadDelivery
from ontherecord.warehouse.records import Failure

# Control characters that no text needs. Tab and line feed stay; carriage returns became line feeds before,
# and vertical tabs and form feeds become spaces.
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1f\x7f\x80-\x84\x86-\x9f]")
_SPACES = re.compile(r"[\x0b\x0c\x85]")
_INVISIBLE = re.compile("[\u200b\u2060\ufeff\u00ad]")
# Half of a character: JSON can escape one alone, but no table can store it.
_SURROGATES = re.compile("[\ud800-\udfff]")
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
# Marks of Windows-1252 that went through ISO 8859-1 into Unicode: quotation marks, dashes, the bullet. No
# text has these controls, so they can mean nothing else. The others (letters, U+0085) are left to the rules
# above.
_MARKS = {code: bytes([code]).decode("cp1252") for code in range(0x91, 0x98)}
_MARK = re.compile(r"[\x91-\x97]")
_ENTITY = re.compile(r"&(?:#\d{2,6}|#[xX][0-9a-fA-F]{2,5}|[A-Za-z][A-Za-z0-9]{1,30});")
# What UTF-8 looks like when it is read as an 8-bit encoding, once or twice: â€œ, Ã©, Â£.
_DOUBLED = re.compile(r"â[€\x80-\x9f‚-„†-•‹›ˆ˜–—™]|[ÃÂ][\x80-\xbf€‚-„†-•‹›ˆ˜–—™Ž-žŒœŠšŸƒ…‰]|ã€|ï»¿|ðŸ")
# One of the signs that any repair looks for: most texts have none.
_SUSPECT = re.compile(
    "[&âÃÂã\u200b\u2060\ufeff\u00ad\u202a-\u202e\u2066-\u2069\ud800-\udfff\ufffd\x00-\x08\x0b-\x1f\x7f-\x9f]|ï»¿|ðŸ"
)
# What is left of a dash or an apostrophe whose other bytes are lost: no word is â alone, none ends in âs.
_REMNANT = re.compile(r"(?<![^\W\d_])â(?![^\W\d_])|(?<=[a-z])âs\b")
# Only what undoes a wrong decoding; the text's own quotation marks, ligatures and widths are the writer's.
_UNDO = ftfy.TextFixerConfig(
    unescape_html=False,
    remove_terminal_escapes=False,
    fix_latin_ligatures=False,
    fix_character_width=False,
    uncurl_quotes=False,
    fix_line_breaks=False,
    fix_surrogates=False,
    remove_control_chars=False,
    normalization=None,
)
# Bytes that are letters or marks of another encoding, in places where those of Windows-1252 cannot stand: its
# Õ (an apostrophe of Mac OS Roman) inside a small word, its low quote, daggers and per mille (é, ç, ê, ë of
# DOS) right after a letter.
_MAC_ROMAN = re.compile(rb"[a-z]\xd5(?:[a-z]|\s)|(?:^|\s)\xd2[A-Za-z]|[a-z.,?!]\xd3(?:\s|$)")
_DOS = re.compile(rb"[A-Za-z][\x82\x87\x88\x89][a-z]")
# Five bytes Windows-1252 leaves undefined; browsers and ftfy map them to the C1 control of the same number.
_UNDEFINED = {byte: chr(byte) for byte in (0x81, 0x8D, 0x8F, 0x90, 0x9D)}

EMPTY = Failure("empty_file", None, None, "The file is empty. Deliver it again with its text.")


def decode(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file, repaired, with line feeds as its only line ends, and warnings for repairs.

    Raises BadDelivery if the bytes are not text (`empty_file`, `not_text`, `binary`).
    """
    text, warnings = decode_markup(content)
    text, more = repair(text)
    return text, tuple(dict.fromkeys((*warnings, *more)))


def decode_markup(content: bytes) -> tuple[str, tuple[str, ...]]:
    """Return the text of a file that is written in a markup, whose entities are part of it, and warnings.

    UTF-8 first, with or without a byte order mark; UTF-16 with one; else the 8-bit encoding that the bytes
    allow: Windows-1252, or Mac OS Roman or DOS where their marks stand in words.

    Raises BadDelivery if the bytes are not text (`empty_file`, `not_text`, `binary`).
    """
    if not content.strip():
        raise BadDelivery(EMPTY)
    if failure := refuse_other_types(content):
        raise BadDelivery(failure)
    text, warnings = _to_text(content)
    return text.replace("\r\n", "\n").replace("\r", "\n"), tuple(warnings)


def repair(text: str) -> tuple[str, tuple[str, ...]]:
    """Repair what other programs broke in a text: entities, double encoding, lost marks, control characters.

    Only what can mean one thing is repaired. What looks doubly encoded and cannot be undone stays, with the
    warning `encoding_doubtful`.
    """
    if not _SUSPECT.search(text):
        return text, ()
    warnings = []
    if "&" in text and (plain := _unescape(text)) != text:
        text = plain
        warnings.append("html_entities")
    if _DOUBLED.search(text):
        text, more = _undo_double_encoding(text)
        warnings += more
    if "â" in text and "encoding_doubtful" not in warnings and _REMNANT.search(text):
        warnings.append("encoding_doubtful")
    text, count = _MARK.subn(lambda match: _MARKS[ord(match[0])], text)
    if count:
        warnings.append("c1_marks")
    for pattern, replacement, warning in (
        (_SURROGATES, "\ufffd", ""),
        (_CONTROLS, "", "control_characters"),
        (_SPACES, " ", "control_characters"),
        (_INVISIBLE, "", "invisible_characters"),
        (_BIDI, "", "direction_marks"),
    ):
        text, count = pattern.subn(replacement, text)
        if count and warning:
            warnings.append(warning)
    if "\ufffd" in text:
        warnings.append("replacement_character")
    return text, tuple(warnings)


def _unescape(text: str) -> str:
    """Replace entities, twice escaped ones too (`&amp;rsquo;`); words after `&` that are none stay."""
    for _ in range(2):
        text = _ENTITY.sub(lambda match: _character(match[0]), text)
    return text


def _character(entity: str) -> str:
    if entity[1] == "#" or entity[1:] in html.entities.html5:
        return html.unescape(entity)
    return entity


def _undo_double_encoding(text: str) -> tuple[str, list[str]]:
    """Undo UTF-8 that was read as an 8-bit encoding, line by line; one line may be broken and another not."""
    lines = text.split("\n")
    fixed = [ftfy.fix_encoding(line, _UNDO) if _DOUBLED.search(line) else line for line in lines]
    warnings = ["double_encoding"] if fixed != lines else []
    if any(_DOUBLED.search(line) for line in fixed):
        warnings.append("encoding_doubtful")
    return "\n".join(fixed), warnings


def _to_text(content: bytes) -> tuple[str, list[str]]:
    for bom, encoding in ((codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be")):
        if content.startswith(bom):
            return content[len(bom) :].decode(encoding, "replace"), ["encoding_utf16"]
    if b"\x00" in content:
        raise BadDelivery(_binary(content))
    content = content.removeprefix(codecs.BOM_UTF8)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError as error:
        if error.reason == "unexpected end of data":
            return content[: error.start].decode("utf-8"), ["truncated_character"]
    return _from_other_encoding(content)


def _from_other_encoding(content: bytes) -> tuple[str, list[str]]:
    if _MAC_ROMAN.search(content):
        return content.decode("mac_roman"), ["encoding_mac_roman"]
    if _DOS.search(content):
        return content.decode("cp850"), ["encoding_dos"]
    lines = content.split(b"\n")
    as_utf8 = [_from_utf8(line) for line in lines]
    if any(text is not None and not text.isascii() for text in as_utf8):
        # Files put together from several: some lines are UTF-8, and read as Windows-1252 they would be lost.
        both = zip(as_utf8, lines, strict=True)
        text = "\n".join(_from_windows_1252(line) if text is None else text for text, line in both)
        return text, ["encoding_mixed"]
    return _from_windows_1252(content), ["encoding_windows_1252"]


def _from_utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _binary(content: bytes) -> Failure:
    """Return the failure of a file with zero bytes; where they are tells how they came about."""
    first, count = content.index(b"\x00"), content.count(b"\x00")
    some = f"{counted(count, 'zero byte')} of {counted(len(content), 'byte')}, the first at byte {first}"
    text = content.rstrip(b"\x00")
    if not text:
        value, why = (
            f"{count} zero bytes and nothing else",
            "Disk space was reserved for the file, but it was never written.",
        )
    elif b"\x00" not in text:
        value, why = f"zero bytes from byte {first} to the end", "The end of the file was never written."
    elif count * 3 >= len(content):
        value = some
        why = "The file is not text, or is UTF-16 without a byte order mark. Save it as text in UTF-8."
    else:
        value, why = some, "The text contains zero bytes, so parts of it are lost."
    return Failure("binary", None, value, f"{why} Deliver the complete file again.")


def _from_windows_1252(content: bytes) -> str:
    decoded = content.decode("cp1252", "surrogateescape")
    return "".join(_UNDEFINED.get(ord(c) - 0xDC00, c) if "\udc80" <= c <= "\udcff" else c for c in decoded)
