"""The coding sheet: what was drawn, with empty columns for a coder's answers, as CSV and for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ontherecord.flows.coding.context import context_of
from ontherecord.flows.plural import counted
from ontherecord.warehouse.drafts import draft_of
from ontherecord.warehouse.errors import SheetError
from ontherecord.warehouse.samples import Sample, SampledQuote
from ontherecord.warehouse.spreadsheet import lxml_errors_told

YES, NO, CANNOT_TELL = "yes", "no", "cannot tell"
# What a coder fills in, with the allowed values; () is free text.
ANSWERS: Mapping[str, tuple[str, ...]] = {
    "is_quote": (YES, NO),
    "words_right": (YES, NO),
    "starts_with": (),
    "ends_with": (),
    "speaker_right": (YES, NO, CANNOT_TELL),
    "right_speaker": (),
    "right_kind": ("direct", "mixed", "indirect", "act"),
    "note": (),
}
_SHOWN = ("id", "headline", "before", "sentence", "after", "kind", "words", "speaker")
# What evaluate and correct need; a spreadsheet hides it, so that confidence sways nobody.
_KEPT = ("article", "place", "outlet", "published_on", "confidence", "stratum", "stratum_size", "drawn")
COLUMNS = (*_SHOWN, *ANSWERS, *_KEPT)
_NEEDED = tuple(c for c in COLUMNS if c not in ("headline", "before", "after", "outlet", "note"))
_GUIDE = (
    ("is_quote", "yes if somebody said, wrote or thought these words, as the article tells it; else no."),
    ("words_right", "yes if the words begin and end where they should; no if words are missing or too many."),
    ("starts_with", "If not: the first words of the right quote. Leave it empty if only the end is wrong."),
    ("ends_with", "If not: its last words. Leave it empty if only the beginning is wrong."),
    ("speaker_right", "yes, no, or cannot tell if the whole article does not tell either."),
    ("right_speaker", "If not: the name in full; A; B for joint speakers; nobody if the text does not tell."),
    ("right_kind", "The kind, where ours is wrong; else empty."),
    ("note", "Anything."),
)
_WIDTHS = {"id": 12, "headline": 24, "before": 40, "sentence": 60, "after": 40, "words": 40, "speaker": 20}
_MOST_CHARACTERS = 30_000  # a cell takes 32,767
# As in sql/export/excel_safe.sql.
_FORMULA = tuple("=+-@＝＋－＠\t\r\n")
# Errors that one message lists.
_LISTED = 5


@dataclass(frozen=True, slots=True)
class CodedQuote:
    """A row of a filled sheet: what we had, and the coder's answers, None where empty."""

    row_no: int
    id: str
    article: str
    place: int
    words: str
    kind: str
    speaker: str | None
    confidence: float
    stratum: str
    stratum_size: int
    drawn: str
    is_quote: str | None
    words_right: str | None
    starts_with: str | None
    ends_with: str | None
    speaker_right: str | None
    right_speaker: str | None
    right_kind: str | None
    note: str | None

    @property
    def is_coded(self) -> bool:
        return self.is_quote is not None


@dataclass(frozen=True, slots=True)
class Sheet:
    """A filled sheet."""

    file: Path
    rows: tuple[CodedQuote, ...]


def write_sheet(sample: Sample, base: Path, *, drawn: str, replace: bool = False) -> tuple[Path, Path]:
    """Write the sheet as BASE.csv and BASE.xlsx; return both. `drawn` says how and of what it was drawn.

    Raises SheetError if one of them exists, unless `replace`, or cannot be written.
    """
    files = base.with_name(f"{base.name}.csv"), base.with_name(f"{base.name}.xlsx")
    if not replace and (existing := [file for file in files if file.exists()]):
        raise SheetError(
            f"{existing[0]} exists, and may be filled in. Name another file with --out, or add --replace."
        )
    rows = [_row(quote, sample, drawn) for quote in sample.quotes]
    try:
        base.parent.mkdir(parents=True, exist_ok=True)
        for file, write in zip(files, (_write_csv, _write_xlsx), strict=True):
            with draft_of(file) as draft, lxml_errors_told():
                write(draft, rows)
    except OSError as error:
        raise SheetError(
            f"The sheet cannot be written to {base.parent}: {error.strerror or error}. See that it can "
            "be written and has free space, or name another place with --out."
        ) from error
    return files


def _row(quote: SampledQuote, sample: Sample, drawn: str) -> dict[str, Any]:
    context = context_of(quote.body, quote.char_start, quote.char_end)
    return {
        "id": f"q{quote.article_id}-{quote.quote_no}",
        "headline": quote.title,
        "before": context.before,
        "sentence": context.sentence,
        "after": context.after,
        "kind": quote.kind,
        "words": quote.words,
        "speaker": quote.speaker,
        "article": quote.source_path,
        "place": quote.char_start,
        "outlet": quote.outlet,
        "published_on": quote.published_on.isoformat(),
        "confidence": round(quote.confidence, 2),
        "stratum": quote.stratum,
        "stratum_size": sample.strata[quote.stratum],
        "drawn": f"{drawn}; extractor {quote.extractor_version}",
    }


def _heading(column: str) -> str:
    """Return a column's heading, with the allowed values of a coder's column."""
    allowed = ANSWERS.get(column, ())
    return f"{column} ({', '.join(allowed)})" if allowed else column


def _write_csv(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with open(file, "w", encoding="utf-8-sig", newline="") as out:  # Excel knows UTF-8 by its mark only
        writer = csv.writer(out)
        writer.writerow(_heading(column) for column in COLUMNS)
        for row in rows:
            writer.writerow(_inert(row.get(column)) for column in COLUMNS)


def _inert(value: Any) -> Any:
    """Return a value that a spreadsheet does not run as a formula."""
    return f"'{value}" if isinstance(value, str) and value.startswith(_FORMULA) else value


def _write_xlsx(file: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font, PatternFill
    from openpyxl.utils import get_column_letter
    from openpyxl.worksheet.datavalidation import DataValidation

    book = Workbook()
    sheet = book.active
    sheet.title = "quotes"
    sheet.append([_heading(column) for column in COLUMNS])
    for number, row in enumerate(rows, start=2):
        for index, column in enumerate(COLUMNS, start=1):
            cell = sheet.cell(number, index)
            cell.value = _cell_value(column, row.get(column))
            if isinstance(row.get(column), str) and column != "sentence":
                cell.data_type = "s"  # text, whatever it begins with
            cell.alignment = Alignment(wrap_text=column not in _KEPT, vertical="top")
    for index, column in enumerate(COLUMNS, start=1):
        letter = get_column_letter(index)
        sheet.column_dimensions[letter].width = _WIDTHS.get(column, 14)
        sheet.column_dimensions[letter].hidden = column in _KEPT
        heading = sheet.cell(1, index)
        heading.font = Font(bold=True)
        heading.alignment = Alignment(wrap_text=True, vertical="top")
        if column in ANSWERS:
            heading.fill = PatternFill("solid", fgColor="FFF2CC")
        if allowed := ANSWERS.get(column):
            rule = DataValidation("list", formula1=f'"{",".join(allowed)}"', allow_blank=True)
            rule.error = f"Use one of: {', '.join(allowed)}."
            rule.add(f"{letter}2:{letter}{len(rows) + 1}")
            sheet.add_data_validation(rule)
    sheet.freeze_panes = "B2"
    guide = book.create_sheet("guide")
    for line in (("column", "what to write"), *_GUIDE):
        guide.append(line)
    guide.column_dimensions["A"].width, guide.column_dimensions["B"].width = 18, 100
    book.save(file)


def _cell_value(column: str, value: Any) -> Any:
    """Return what a cell of a spreadsheet takes: no control characters, and the quote in bold."""
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
    from openpyxl.cell.rich_text import CellRichText, TextBlock
    from openpyxl.cell.text import InlineFont

    if not isinstance(value, str):
        return value
    text = ILLEGAL_CHARACTERS_RE.sub(" ", value)[:_MOST_CHARACTERS]
    if column != "sentence":
        return text
    before, _, rest = text.partition("[[")
    quote, _, after = rest.rpartition("]]")
    return CellRichText(
        *(part for part in (before, TextBlock(InlineFont(b=True), f"[[{quote}]]"), after) if part)
    )


def read_sheet(file: Path) -> Sheet:
    """Read a filled sheet, CSV or a spreadsheet.

    Raises SheetError, naming row and column, if it is no coding sheet or an answer is not allowed.
    """
    try:
        lines = list(_xlsx_lines(file) if file.suffix.lower() in (".xlsx", ".xlsm") else _csv_lines(file))
    except FileNotFoundError as error:
        raise SheetError(f"There is no sheet {file}. Name the file that was filled in.") from error
    except OSError as error:
        raise SheetError(f"{file} cannot be read: {error.strerror or error}.") from error
    if not lines:
        raise SheetError(f"{file} is empty. Name a sheet that `ontherecord sample` wrote.")
    heading, *rows = lines
    columns = [str(name or "").partition("(")[0].strip().casefold() for name in heading]
    if missing := [c for c in _NEEDED if c not in columns]:
        raise SheetError(
            f"{file}, row 1: there is no column {missing[0]!r}. Keep the columns of the sheet that "
            "`ontherecord sample` wrote; hidden ones too."
        )
    problems: list[str] = []
    found = [
        coded
        for row_no, row in enumerate(rows, start=2)
        if any(row) and (coded := _coded(row_no, dict(zip(columns, row, strict=False)), columns, problems))
    ]
    seen: dict[str, int] = {}
    problems += [
        f"row {coded.row_no}, column id: {coded.id} is in row {seen[coded.id]} already"
        for coded in found
        if seen.setdefault(coded.id, coded.row_no) != coded.row_no
    ]
    if problems:
        more = f"\n  and {len(problems) - _LISTED:,} more" if len(problems) > _LISTED else ""
        listed = "\n  ".join(problems[:_LISTED])
        raise SheetError(
            f"{file} has {counted(len(problems), 'invalid cell')}:\n  {listed}{more}\nMend them, save the "
            "sheet, and run this again. docs/checking.md says what each column takes."
        )
    return Sheet(file, tuple(found))


def _csv_lines(file: Path) -> Iterator[list[str | None]]:
    try:
        text = file.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        raise SheetError(f"{file} is not UTF-8. Save it as 'CSV UTF-8', or as .xlsx.") from error
    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)  # some languages' spreadsheets write semicolons
    for row in csv.reader(io.StringIO(text, newline=""), delimiter=delimiter):
        yield [_plain(value) for value in row]


def _plain(value: str) -> str | None:
    """Return a cell without the mark that keeps it from being run as a formula; None if it is empty."""
    text = value[1:] if value[:1] == "'" and value[1:].startswith(_FORMULA) else value
    return text if text.strip() else None


def _xlsx_lines(file: Path) -> Iterator[list[str | None]]:
    from zipfile import BadZipFile

    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(file, read_only=True, data_only=True)
    except (BadZipFile, InvalidFileException, KeyError, ValueError) as error:
        raise SheetError(f"{file} is no spreadsheet ({error}). Save it again as .xlsx.") from error
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [None if value is None or not str(value).strip() else str(value) for value in row]
    book.close()


def _coded(
    row_no: int, row: Mapping[str, str | None], columns: Sequence[str], problems: list[str]
) -> CodedQuote | None:
    """Return a row, or None with its problems added."""
    before = len(problems)

    def report(column: str, what: str) -> None:
        problems.append(f"row {row_no}, column {column} ({_letter(columns, column)}{row_no}): {what}")

    for column in ("id", "article", "words", "kind", "stratum"):
        if not row.get(column):
            report(column, "it is empty, but came filled in. Copy it back from the first sheet")
    numbers: dict[str, float] = {}
    for column in ("place", "confidence", "stratum_size"):
        try:
            # In some languages, a spreadsheet writes .95 as 0,95.
            numbers[column] = float((row.get(column) or "").replace(",", "."))
        except ValueError:
            report(column, f"{row.get(column)!r} is no number. Copy it back from the first sheet")
    answers = {name: (row.get(name) or "").strip() or None for name in ANSWERS}
    for name, allowed in ANSWERS.items():
        given = answers[name]
        if allowed and given is not None:
            answers[name] = next(
                (value for value in allowed if value == " ".join(given.casefold().split())), None
            )
            if answers[name] is None:
                report(name, f"{given!r} is not allowed. Use {' or '.join(allowed)}")
    if len(problems) == before:
        for column, what in _gaps(answers):
            report(column, what)
    if len(problems) > before:
        return None
    return CodedQuote(
        row_no=row_no,
        id=row["id"] or "",
        article=row["article"] or "",
        place=int(numbers["place"]),
        words=row["words"] or "",
        kind=row["kind"] or "",
        speaker=row.get("speaker"),
        confidence=numbers["confidence"],
        stratum=row["stratum"] or "",
        stratum_size=int(numbers["stratum_size"]),
        drawn=row.get("drawn") or "",
        **answers,
    )


def _gaps(answers: Mapping[str, str | None]) -> Iterable[tuple[str, str]]:
    """Yield the columns that an answer in another one needs or excludes."""
    filled = [name for name, value in answers.items() if value is not None and name != "note"]
    if answers["is_quote"] is None and filled:
        yield "is_quote", f"it is empty, but {filled[0]} is filled in. Write yes or no"
    if answers["is_quote"] != YES:
        return
    for name in ("words_right", "speaker_right"):
        if answers[name] is None:
            yield name, f"it is empty, but is_quote is yes. Use {' or '.join(ANSWERS[name])}"
    for right, given in (
        ("words_right", "starts_with"),
        ("words_right", "ends_with"),
        ("speaker_right", "right_speaker"),
    ):
        if answers[right] == YES and answers[given] is not None:
            yield given, f"it is filled in, but {right} is yes. Write no there, or empty this"


def _letter(columns: Sequence[str], column: str) -> str:
    """Return the letter of a column, as a spreadsheet shows it."""
    number, letters = columns.index(column) + 1, ""
    while number:
        number, rest = divmod(number - 1, 26)
        letters = chr(65 + rest) + letters
    return letters
