"""The command that exports tables: export."""

from __future__ import annotations

import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.copies import note_copy
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.export import export as export_tables
from ontherecord.warehouse.table_export import FORMATS, Format, write_table


@with_options("home", "as_json")
def export(
    options: Options,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder (default: export/ in the home folder); with --table, a file (default: stdout)."
        ),
    ] = None,
    table: Annotated[str | None, typer.Option(help="Only this table or view, as one file.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="Of that file: csv, json (an object a line) or parquet.")
    ] = None,
    excel_safe: Annotated[
        bool, typer.Option("--excel-safe", help="In CSV, put ' before text that would run as a formula.")
    ] = False,
) -> None:
    """Export all tables as Parquet, or one as a file.

    Parquet files hold a month each; only months whose rows changed are rewritten.

    Articles may hold text that a spreadsheet runs as a formula (=, +, -, @ at the start of a cell):
    use --excel-safe for such a CSV.

    Example: ontherecord export --table quotes --format csv --out quotes.csv
    """
    paths = options.settings().paths
    if table is not None:
        _export_table(paths, table, _format(format_, out), out, excel_safe, options.as_json)
        return
    if format_ is not None or excel_safe:
        raise SettingsError("--format and --excel-safe are for one table: name it with --table.")
    done = export_tables(paths, paths.export if out is None else out)
    facts = {
        "out": str(done.out),
        "written": len(done.written),
        "kept": done.kept_count,
        "removed": len(done.removed),
        "rows": done.row_count,
        "bytes": done.bytes,
        "written_files": done.written,
        "removed_files": done.removed,
    }
    if options.as_json:
        print_json(facts)
        return
    written = counted(len(done.written), "file")
    files = f"{written} written, {done.kept_count:,} kept, {len(done.removed):,} removed"
    print(f"Exported to {done.out}: {files} ({counted(done.row_count, 'row')}, {done.bytes:,} bytes).")


def _format(format_: str | None, out: Path | None) -> Format:
    """Return the format that is named, or that the ending of the file means; CSV for stdout.

    Raises SettingsError if there is no such format.
    """
    if format_ is None and out is None:
        return "csv"
    ending = "" if out is None else out.suffix.removeprefix(".").lower()
    wanted = format_ or {"ndjson": "json", "jsonl": "json"}.get(ending, ending)
    for known in FORMATS:
        if wanted == known:
            return known
    if format_ is None:
        raise SettingsError(
            f"The name {str(out)!r} says no format. Add --format, one of {', '.join(FORMATS)}."
        )
    raise SettingsError(f"There is no format {format_!r} to export. There are {', '.join(FORMATS)}.")


def _export_table(
    paths: DataDir, table: str, format_: Format, out: Path | None, excel_safe: bool, as_json: bool
) -> None:

    if excel_safe and format_ != "csv":
        raise SettingsError("--excel-safe is for CSV: add --format csv.")
    if out is None and as_json:
        raise SettingsError("--json prints facts where the table goes: name a file with --out.")
    if out is not None:
        facts = asdict(write_table(paths, table, format_, out, excel_safe=excel_safe))
        note_copy(paths, "table", out)
        if as_json:
            print_json(facts)
        else:
            print(f"Wrote {out} ({facts['row_count']:,} rows, {facts['bytes']:,} bytes).")
        return
    if format_ == "parquet" and sys.stdout.isatty():
        raise SettingsError("A terminal cannot show Parquet: name a file with --out.")
    _to_stdout(paths, table, format_, excel_safe)


def _to_stdout(paths: DataDir, table: str, format_: Format, excel_safe: bool) -> None:
    """Write a table to stdout; a terminal is spared what would steer it."""
    with TemporaryDirectory() as folder:
        file = Path(folder) / "table"
        write_table(paths, table, format_, file, excel_safe=excel_safe)
        if sys.stdout.isatty():
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    print(sanitize(line.rstrip("\n")))
        else:
            with open(file, "rb") as content:
                shutil.copyfileobj(content, sys.stdout.buffer)
            sys.stdout.flush()
