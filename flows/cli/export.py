"""The command that exports tables: export."""

from __future__ import annotations

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.temporary import temporary_folder
from ontherecord.warehouse.copies import note_copy
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ExportError, SettingsError
from ontherecord.warehouse.export import EXPORTED
from ontherecord.warehouse.export import export as export_tables
from ontherecord.warehouse.graph_export import AT_LEAST, EDGES, Edges, write_graph
from ontherecord.warehouse.spreadsheet import write_workbook
from ontherecord.warehouse.sqlite_export import write_sqlite
from ontherecord.warehouse.table_export import FORMATS as TABLE_FORMATS
from ontherecord.warehouse.table_export import Format as TableFormat
from ontherecord.warehouse.table_export import TableFile, write_table
from ontherecord.warehouse.whole_file import WholeFile

FORMATS = (*TABLE_FORMATS, "xlsx", "sqlite", "gexf")
_ENDINGS = {"ndjson": "json", "jsonl": "json", "sqlite3": "sqlite", "db": "sqlite"}
_NAME = "ontherecord"  # of a file that is not named


@with_options("home", "as_json")
def export(
    options: Options,
    out: Annotated[
        Path | None, typer.Option(help="File or folder to write. Its suffix sets the format.")
    ] = None,
    table: Annotated[str | None, typer.Option(help="Only this table or view.")] = None,
    format_: Annotated[
        str | None, typer.Option("--format", help="csv, json, parquet, xlsx, sqlite or gexf.")
    ] = None,
    excel_safe: Annotated[
        bool,
        typer.Option("--excel-safe", help="In CSV, put ' before what Excel would run as a formula or round."),
    ] = False,
    edges: Annotated[str | None, typer.Option(help=f"In a graph: {' (default) or '.join(EDGES)}.")] = None,
    at_least: Annotated[
        int | None,
        typer.Option(min=1, help=f"In a graph: fewest articles or quotes of an edge (default: {AT_LEAST})."),
    ] = None,
) -> None:
    """Export the tables, or one of them, for other tools.

    \b
    parquet  a folder of all tables by month; only what changed is written again (default; csv with --table)
    csv      a file for each table
    json     the same, one object per line
    xlsx     a workbook for Excel, a sheet for each table
    sqlite   a database, for Datasette and SQLite clients
    gexf     a graph of names, for Gephi

    Without --out, parquet goes to export/ in the home folder, one table as csv, json or parquet to
    stdout, everything else to the current folder.

    Example: ontherecord export --format xlsx
    """  # noqa: D301 - \b keeps the lines of the list
    paths = options.settings().paths
    chosen = _format(format_, out, table)
    _check(chosen, table, excel_safe, edges, at_least)
    if chosen in ("xlsx", "sqlite"):
        write = write_workbook if chosen == "xlsx" else write_sqlite
        file = _file(out, f"{table or _NAME}.{chosen}")
        _export_whole(paths, file, lambda: write(paths, file, table), options.as_json)
    elif chosen == "gexf":
        file, kind = _file(out, f"{_NAME}.gexf"), _edges(edges)
        _export_whole(
            paths, file, lambda: write_graph(paths, file, kind, at_least or AT_LEAST), options.as_json
        )
    elif table is not None:
        _export_table(paths, table, _table_format(chosen), out, excel_safe, options.as_json)
    elif chosen == "parquet":
        _export_months(paths, out, options.as_json)
    else:
        folder = Path(f"{_NAME}-{chosen}") if out is None else out
        _export_files(paths, _table_format(chosen), folder, excel_safe, options.as_json)


def _format(format_: str | None, out: Path | None, table: str | None) -> str:
    """Return the format that is named, or that the ending of the file means.

    Raises SettingsError if there is no such format.
    """
    if format_ is not None:
        if format_ not in FORMATS:
            raise SettingsError(f"There is no format {format_!r} to export. There are {', '.join(FORMATS)}.")
        return format_
    if out is None:
        return "parquet" if table is None else "csv"
    ending = out.suffix.removeprefix(".").lower()
    wanted = _ENDINGS.get(ending, ending)
    if table is None:
        if wanted in ("csv", "json") and not out.is_dir():
            raise SettingsError(
                f"{str(out)!r} holds one table: name it with --table, or add --format {wanted} and name a "
                "folder with --out."
            )
        return wanted if wanted in FORMATS else "parquet"
    if wanted not in FORMATS:
        raise SettingsError(
            f"The name {str(out)!r} says no format. Add --format, one of {', '.join(FORMATS)}."
        )
    return wanted


def _check(chosen: str, table: str | None, excel_safe: bool, edges: str | None, at_least: int | None) -> None:
    """Raise SettingsError for options that do not go together."""
    if excel_safe and chosen == "xlsx":
        raise SettingsError("An .xlsx file runs no formulas anyway: leave out --excel-safe.")
    if excel_safe and chosen != "csv":
        raise SettingsError("--excel-safe is for CSV: add --format csv.")
    if chosen == "gexf" and table is not None:
        raise SettingsError("A graph has no tables: leave out --table, and choose with --edges.")
    if chosen != "gexf" and (edges is not None or at_least is not None):
        raise SettingsError("--edges and --at-least are for a graph: add --format gexf.")


def _edges(edges: str | None) -> Edges:
    for known in EDGES:
        if edges in (known, None):
            return known
    raise SettingsError(f"There are no edges {edges!r}. There are {' and '.join(EDGES)}.")


def _table_format(chosen: str) -> TableFormat:
    return next(known for known in TABLE_FORMATS if known == chosen)


def _file(out: Path | None, name: str) -> Path:
    """Return the file to write: what is named, or a name of ours in that or the current folder."""
    if out is None:
        return Path(name)
    return out / name if out.is_dir() else out


def _export_months(paths: DataDir, out: Path | None, as_json: bool) -> None:
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
    if as_json:
        print_json(facts)
        return
    written = counted(len(done.written), "file")
    files = f"{written} written, {done.kept_count:,} kept, {len(done.removed):,} removed"
    print(f"Exported to {done.out}: {files} ({counted(done.row_count, 'row')}, {done.bytes:,} bytes).")


def _export_whole(paths: DataDir, file: Path, write: Callable[[], WholeFile], as_json: bool) -> None:
    """Write a file of several tables, and tell what is in it and what is not."""
    note_copy(paths, "table", file)  # a killed export leaves a draft
    done = write()
    note_copy(paths, "table", file)
    if as_json:
        print_json({**asdict(done), "file": str(file)})
        return
    counts = ", ".join(f"{name} {count:,}" for name, count in done.row_counts.items())
    print(f"Wrote {file} ({counts}; {done.bytes:,} bytes).")
    for note in done.notes:
        print(note)


def _export_files(
    paths: DataDir, format_: TableFormat, folder: Path, excel_safe: bool, as_json: bool
) -> None:
    """Write each table to a file of a folder."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise ExportError(f"{folder} cannot be made: {error}. Name another folder with --out.") from error
    done = [
        _write_noted(paths, table.name, format_, folder / f"{table.name}.{format_}", excel_safe)
        for table in EXPORTED
    ]
    if as_json:
        print_json({"out": str(folder), "files": [{**asdict(f), "file": str(f.file)} for f in done]})
        return
    counts = ", ".join(f"{f.table} {f.row_count:,}" for f in done)
    print(f"Wrote {counted(len(done), 'file')} to {folder} ({counts}).")


def _export_table(
    paths: DataDir, table: str, format_: TableFormat, out: Path | None, excel_safe: bool, as_json: bool
) -> None:
    """Write one table to a file, or to stdout."""
    if out is None and as_json:
        raise SettingsError("--json prints facts where the table goes: name a file with --out.")
    if out is not None:
        done = _write_noted(paths, table, format_, _file(out, f"{table}.{format_}"), excel_safe)
        if as_json:
            print_json(asdict(done))
        else:
            print(f"Wrote {done.file} ({done.row_count:,} rows, {done.bytes:,} bytes).")
        return
    if format_ == "parquet" and sys.stdout.isatty():
        raise SettingsError("A terminal cannot show Parquet: name a file with --out.")
    _to_stdout(paths, table, format_, excel_safe)


def _write_noted(paths: DataDir, table: str, format_: TableFormat, file: Path, excel_safe: bool) -> TableFile:
    note_copy(paths, "table", file)  # a killed export leaves a draft
    done = write_table(paths, table, format_, file, excel_safe=excel_safe)
    note_copy(paths, "table", file)
    return done


def _to_stdout(paths: DataDir, table: str, format_: TableFormat, excel_safe: bool) -> None:
    """Write a table to stdout; a terminal is spared what would steer it."""
    with temporary_folder() as folder:
        file = folder / "table"
        write_table(paths, table, format_, file, excel_safe=excel_safe)
        if sys.stdout.isatty():
            with open(file, encoding="utf-8") as lines:
                for line in lines:
                    print(sanitize(line.rstrip("\n")))
        else:
            with open(file, "rb") as content:
                shutil.copyfileobj(content, sys.stdout.buffer)
            sys.stdout.flush()
