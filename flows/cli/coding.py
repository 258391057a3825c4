"""Commands for people who check and correct what was found: sample, evaluate, correct."""

from __future__ import annotations

from dataclasses import asdict
from datetime import date
from importlib.metadata import version
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.coding.corrections import add_corrections, corrections_of
from ontherecord.flows.coding.evaluate import CRITERIA, Evaluation
from ontherecord.flows.coding.evaluate import evaluate as evaluate_sheets
from ontherecord.flows.coding.sheet import read_sheet, write_sheet
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.copies import note_copy
from ontherecord.warehouse.overlay import preview_corrections
from ontherecord.warehouse.samples import STRATA, draw_sample

_MOST_CHARACTERS = 70  # of a quote in a table
SheetArgument = Annotated[Path, typer.Argument(metavar="SHEET", help="The completed sheet, .csv or .xlsx.")]


@with_options("home", "as_json")
def sample(
    options: Options,
    quotes: Annotated[int, typer.Option(min=1, help="How many quotes to draw.")] = 200,
    by: Annotated[
        str, typer.Option(help=f"Columns to stratify by, such as kind,outlet. Any of {', '.join(STRATA)}.")
    ] = "kind",
    seed: Annotated[int, typer.Option(help="The same seed draws the same quotes.")] = 1,
    out: Annotated[
        Path | None,
        typer.Option(help="File to write, with any suffix (default: coding/ in the home folder)."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace the sheet if it exists.")] = False,
) -> None:
    """Draw random quotes into a sheet for people to check.

    The sheet is written as CSV and as a spreadsheet. docs/checking.md says how to fill it in.

    Example: ontherecord sample --quotes 200 --by kind,outlet --seed 7
    """
    home = options.settings().paths
    columns = tuple(name.strip() for name in by.split(",") if name.strip())
    drawn = draw_sample(home, quotes, columns, seed)
    base = home.coding / f"sheet-{seed}" if out is None else out
    base = base.with_suffix("") if base.suffix.lower() in (".csv", ".xlsx") else base
    how = f"by {', '.join(columns) or 'nothing'}; seed {seed}; drawn on {date.today()}"
    how = f"{how}; On the Record {version('ontherecord')}"
    files = write_sheet(drawn, base, drawn=how, replace=replace)
    for file in files:
        note_copy(home, "table", file)
    if options.as_json:
        facts = {"quotes": len(drawn.quotes), "of": drawn.total, "strata": dict(drawn.strata)}
        print_json({**facts, "by": list(columns), "seed": seed, "files": [str(file) for file in files]})
        return
    strata = counted(len(drawn.strata), "stratum", "strata")
    print(f"Drew {counted(len(drawn.quotes), 'quote')} of {drawn.total:,} from {strata} (seed {seed}).")
    for file in files:
        print(f"Wrote {file}.")
    print("Fill in the coloured columns of one of them, then run `ontherecord evaluate FILE`.")


@with_options("as_json")
def evaluate(
    options: Options,
    sheet: SheetArgument,
    second: Annotated[
        Path | None, typer.Argument(metavar="SHEET2", help="The same sheet, completed by another coder.")
    ] = None,
) -> None:
    """Report how many quotes are right, from a completed sheet.

    Shares are weighted to stand for the whole archive, with 95% intervals. With two sheets, it also reports
    how far the coders agree. It needs no warehouse.

    Example: ontherecord evaluate ida.xlsx odd.xlsx
    """
    found = evaluate_sheets(read_sheet(sheet), None if second is None else read_sheet(second))
    if options.as_json:
        print_json({**asdict(found), "paragraph": found.paragraph()})
        return
    _print_evaluation(found)


def _print_evaluation(found: Evaluation) -> None:
    print(
        f"{found.coded_count:,} of {counted(found.row_count, 'row')} coded, "
        f"from {counted(len(found.strata), 'stratum', 'strata')} of {sum(found.strata.values()):,} quotes."
    )
    rows = [
        (
            group.name,
            group.row_count,
            f"{group.archive_count:,}",
            *(group.shares[c].percent() if c in group.shares else "" for c in ("row", *CRITERIA[:-1])),
        )
        for group in found.groups
    ]
    print_table(
        ("rows", "coded", "stand for", "right, %", "speech, %", "words, %", "speaker, %"),
        rows,
        "Right, weighted, with 95% intervals",
    )
    if found.agreements:
        print_table(
            ("coders on", "rows", "same, %", "Krippendorff's alpha"),
            [
                (
                    a.criterion,
                    a.row_count,
                    f"{100 * a.same_share:.1f}",
                    "all verdicts the same" if a.alpha is None else f"{a.alpha:.2f}",
                )
                for a in found.agreements
            ],
        )
    print(sanitize(found.paragraph()))


@with_options("home", "as_json")
def correct(
    options: Options,
    sheet: SheetArgument,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write corrections.csv; without it, only show.")
    ] = False,
) -> None:
    """Turn a coder's corrections into lines of corrections.csv.

    Without --apply it shows the lines, and which of them would not apply. The next run corrects what is
    loaded; deleting a line from the file undoes it.

    Example: ontherecord correct sheet-7.xlsx --apply
    """
    home = options.settings().paths
    found = corrections_of(read_sheet(sheet))
    problems = preview_corrections(home, found.lines)
    added, replaced = add_corrections(home, found.lines) if apply else (0, 0)
    if options.as_json:
        lines = [{**asdict(line), "problem": problems[line.line_no]} for line in found.lines]
        print_json(
            {
                "lines": lines,
                "wrong_without_answer": [row.id for row in found.unsaid],
                "added": added,
                "replaced": replaced,
                "file": str(home.corrections) if apply else None,
            }
        )
        return
    print_table(
        ("what", "article", "words", "becomes", "does not apply, because"),
        [(c.what, c.article, _shortened(c.words), c.becomes, problems[c.line_no]) for c in found.lines],
    )
    if found.unsaid:
        rows = ", ".join(str(row.row_no) for row in found.unsaid)
        print(
            f"Wrong, but the sheet does not say what is right: {counted(len(found.unsaid), 'row')} ({rows})."
        )
    if apply:
        same = len(found.lines) - added - replaced
        print(
            f"Wrote {home.corrections}: {counted(added, 'line')} added, {replaced:,} replaced, {same:,} as "
            "before. The next `ontherecord ingest` applies them."
        )
    else:
        print(
            f"{counted(len(found.lines), 'line')}; nothing was written. Add --apply to write corrections.csv."
        )


def _shortened(words: str) -> str:
    return words if len(words) <= _MOST_CHARACTERS else f"{words[: _MOST_CHARACTERS - 1]}…"
