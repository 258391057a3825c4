"""Corrections: a file of what people found wrong, laid over what the machine found.

`corrections.csv` in the home folder has the columns what, article, place, words, becomes and note. A quote is
known by its article, its words and its place; an entity by its name. The next run corrects what is loaded,
and undoes a line that was removed.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal, get_args

from ontherecord.warehouse import ids
from ontherecord.warehouse.aliases import Alias, Aliases, read_aliases
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import CorrectionError
from ontherecord.warehouse.records import Kind, QuoteKind, SpeakerType

What = Literal["not a quote", "speaker", "kind", "limits", "split", "merge", "rename", "dismiss"]
OF_QUOTES: tuple[What, ...] = ("not a quote", "speaker", "kind", "limits")
# What one entity is in all articles: a line of these is an alias.
OF_NAMES: tuple[What, ...] = ("merge", "rename")
COLUMNS = ("what", "article", "place", "words", "becomes", "note")
# The speaker of a quote whose speaker the text does not tell.
NOBODY = "nobody"


@dataclass(frozen=True, slots=True)
class Correction:
    """A line of the file. `article` is a source path, None for all; `place` the quote's char_start then."""

    line_no: int
    what: What
    article: str | None
    place: int | None
    words: str
    becomes: str | None
    note: str | None

    def key(self) -> tuple[Any, ...]:
        """Return what the line corrects: two lines with the same key contradict each other."""
        return self.what, self.article, self.place, ids.normalized(self.words)

    def row(self) -> list[str]:
        """Return the line as the file has it."""
        values = (self.what, self.article, self.place, self.words, self.becomes, self.note)
        return ["" if value is None else str(value) for value in values]


@dataclass(frozen=True, slots=True)
class GivenName:
    """A name as `becomes` gives it: 'Port Board (organization)' has a kind, 'officials (document)' a type."""

    name: str
    kind: str | None = None
    speaker_type: SpeakerType | None = None


def read_corrections(home: DataDir) -> tuple[Correction, ...]:
    """Read the corrections file; there are no corrections if there is no file.

    Raises CorrectionError, naming the line and column, if the file is invalid.
    """
    try:
        text = home.corrections.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return ()
    except (OSError, UnicodeDecodeError) as error:
        raise CorrectionError(
            f"{home.corrections} cannot be read: {error}. Save it as UTF-8 text."
        ) from error
    reader = csv.DictReader(io.StringIO(text, newline=""))
    if missing := [c for c in COLUMNS[:-1] if c not in (reader.fieldnames or ())]:
        raise CorrectionError(
            f"{home.corrections} has no column {missing[0]!r}. Its first line must be: {','.join(COLUMNS)}"
        )
    found = []
    for row in reader:
        values = {c: (row.get(c) or "").strip() or None for c in COLUMNS}
        if any(values.values()):
            found.append(_correction(values, reader.line_num, f"{home.corrections}, line {reader.line_num}"))
    return consistent(found, str(home.corrections))


def write_corrections(home: DataDir, lines: Iterable[Correction]) -> None:
    """Write the corrections file anew. Raises CorrectionError if it cannot be written."""
    file = home.corrections
    try:
        with draft_of(file) as draft, open(draft, "w", encoding="utf-8", newline="") as out:
            writer = csv.writer(out, lineterminator="\n")
            writer.writerow(COLUMNS)
            writer.writerows(line.row() for line in lines)
    except OSError as error:
        raise CorrectionError(
            f"{file} cannot be written: {error.strerror or error}. See that its folder can be written and "
            "has free space, and run it again."
        ) from error


def drop_corrections(home: DataDir, paths: Collection[str]) -> None:
    """Remove the lines on articles from the file: they have words of them."""
    lines = read_corrections(home)
    kept = [line for line in lines if line.article not in paths]
    if len(kept) < len(lines):
        write_corrections(home, kept)


def consistent(lines: Iterable[Correction], file: str) -> tuple[Correction, ...]:
    """Return the lines, each once.

    Raises CorrectionError if two of them contradict each other.
    """
    found: dict[tuple[Any, ...], Correction] = {}
    for line in lines:
        earlier = found.setdefault(line.key(), line)
        if earlier.becomes != line.becomes:
            raise CorrectionError(
                f"{file}, line {line.line_no}: line {earlier.line_no} has another value for the same "
                f"({earlier.becomes!r}, not {line.becomes!r}). Keep one of the two."
            )
    dropped = {line.key()[1:]: line for line in found.values() if line.what == "not a quote"}
    for line in found.values():
        if line.what in OF_QUOTES[1:] and (no_quote := dropped.get(line.key()[1:])):
            raise CorrectionError(
                f"{file}, line {line.line_no}: line {no_quote.line_no} says that this is not a quote. "
                "Delete one of the two."
            )
    return tuple(found.values())


def _correction(values: dict[str, str | None], line_no: int, where: str) -> Correction:
    """Check one line. Raises CorrectionError that begins with `where`."""
    what = next((name for name in get_args(What) if name == (values["what"] or "").casefold()), None)
    if what is None:
        raise CorrectionError(
            f"{where}, column what: {values['what']!r} is unknown. Use one of {', '.join(get_args(What))}."
        )
    place = values["place"]
    try:
        number = None if place is None else int(place)
    except ValueError:
        raise CorrectionError(
            f"{where}, column place: {place!r} is no number. Copy char_start of the quote, or leave it empty."
        ) from None
    needed = ["words"]
    needed += ["article"] if what in (*OF_QUOTES, "split") else []
    needed += [] if what in ("not a quote", "dismiss") else ["becomes"]
    for column in needed:
        if not values[column]:
            raise CorrectionError(
                f"{where}, column {column}: it is empty, and {what} needs it. Fill it in, or delete the line."
            )
    if what in OF_NAMES and values["article"]:
        raise CorrectionError(
            f"{where}, column article: {what} is for all articles. Empty it, or use split for one article."
        )
    becomes = values["becomes"]
    if what == "kind" and becomes not in get_args(QuoteKind):
        raise CorrectionError(
            f"{where}, column becomes: there is no kind {becomes!r}. Use one of "
            f"{', '.join(get_args(QuoteKind))}."
        )
    return Correction(
        line_no, what, values["article"], number, values["words"] or "", becomes, values["note"]
    )


def given_name(given: str) -> GivenName:
    """Split a name from the kind of entity or type of speaker in parentheses behind it, if there is one."""
    name, opening, last = given.strip().rpartition("(")
    word = last.removesuffix(")").strip()
    if opening and name.strip() and last.endswith(")"):
        if word in get_args(Kind):
            return GivenName(name.strip(), kind=word)
        for known in get_args(SpeakerType):
            if word == known:
                return GivenName(name.strip(), speaker_type=known)
    return GivenName(given.strip())


def read_names(home: DataDir, corrections: Sequence[Correction]) -> Aliases:
    """Return the aliases in force: those of aliases.csv, and the names that corrections merge or rename.

    Raises AliasError or CorrectionError if a line is invalid, or two contradict each other.
    """
    aliases = read_aliases(home)
    lines = dict(aliases.rows())
    for correction in corrections:
        if correction.what not in OF_NAMES:
            continue
        where = f"{home.corrections}, line {correction.line_no}"
        becomes = given_name(correction.becomes or "")
        alias = Alias(ids.normalized(correction.words), becomes.name, becomes.kind, None)
        earlier = lines.setdefault(alias.alias, alias)
        if (earlier.name, earlier.kind) != (alias.name, alias.kind):
            raise CorrectionError(
                f"{where}: {correction.words!r} is {earlier.name!r} by another line, of this file or of "
                f"{home.aliases.name}. Keep one of the lines."
            )
    for correction in corrections:
        name = given_name(correction.becomes or "").name
        further = lines.get(ids.normalized(name)) if correction.what in OF_NAMES else None
        if further and further.name != name:  # one entity would be two: lines do not apply to each other
            raise CorrectionError(
                f"{home.corrections}, line {correction.line_no}: {name!r} is {further.name!r} by another "
                f"line, of this file or of {home.aliases.name}. Write {further.name!r} here too."
            )
    return Aliases(lines.values())


def numbered(lines: Iterable[Correction], first: int) -> list[Correction]:
    """Return the lines with numbers from `first`."""
    return [replace(line, line_no=first + n) for n, line in enumerate(lines)]
