"""Commands that check, rebuild, back up and copy: doctor, rebuild, backup, restore, copy-warehouse."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

import typer

from ontherecord.flows.cli.options import LandingArgument, Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
from ontherecord.flows.plural import counted
from ontherecord.flows.recovery.copy_warehouse import copy_warehouse, parse_warehouse
from ontherecord.flows.recovery.doctor.examine import examine, summarize
from ontherecord.flows.recovery.rebuild import rebuild as rebuild_writer
from ontherecord.flows.recovery.restore import restore as restore_home
from ontherecord.warehouse.backup import Backup, back_up
from ontherecord.warehouse.errors import SettingsError
from ontherecord.warehouse.lake import lake_name
from ontherecord.warehouse.publish import published_name


@with_options("home", "as_json")
def doctor(
    options: Options,
    fix: Annotated[
        bool, typer.Option("--fix", help="Fix what can be fixed without losing anything.")
    ] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also read all landed files and cached extracts.")
    ] = False,
) -> None:
    """Find problems in the home folder, and fix them.

    Exit 1 if a problem is found. It can run while other commands do, and changes nothing without --fix.

    Example: ontherecord doctor --fix
    """
    _refuse_lake(options, "doctor", "`ontherecord check` and `ontherecord status` look at it")
    found = examine(options.home, deep=deep, fix=fix)
    if options.as_json:
        print_json([asdict(finding) for finding in found])
    else:
        print_table(
            ("check", "state", "what", "next step"),
            [(f.check, f.state, f.what, f.next_step or "") for f in found],
        )
        print(summarize(found))
    if any(finding.state == "problem" for finding in found):
        sys.exit(1)


@with_options("home", "workers", "model", "wait", "as_json")
def rebuild(
    options: Options,
    landing: LandingArgument = None,
    from_scratch: Annotated[
        bool, typer.Option("--from-scratch", help="Copy nothing: rebuild all of it from the article files.")
    ] = False,
    skip_extraction: Annotated[
        bool,
        typer.Option("--skip-extraction", help="Leave files without a cached extract to the next ingest."),
    ] = False,
) -> None:
    """Rebuild a lost or damaged writer.duckdb.

    It is copied from warehouse.duckdb if that is intact; the rest, or all of it, is rebuilt from the article
    files and cached extracts. The damaged file is moved aside, never deleted.

    Example: ontherecord rebuild articles/
    """
    _refuse_lake(options, "rebuild", "put its catalog back from a backup of Postgres")
    settings = options.settings(landing=landing)
    with TerminalRunner() as runner:
        done = rebuild_writer(
            settings,
            runner,
            settings.landing,
            from_scratch=from_scratch,
            skip_extraction=skip_extraction,
            wait_seconds=options.wait,
        )
    if options.as_json:
        print_json(done.to_dict())
    else:
        print(done.summary())


@with_options("home", "as_json")
def backup(
    options: Options,
    file: Annotated[Path, typer.Argument(help="File to write, or a folder to write one into.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it exists.")] = False,
) -> None:
    """Back up all that cannot be rebuilt into one file.

    Runs may continue meanwhile. The file contains the published warehouse, the bytes of quarantined files,
    cached extracts, alerts, aliases.csv, corrections.csv and ontherecord.toml, without its secrets: keep
    those elsewhere. Only you may read it.

    Example: ontherecord backup press.zip
    """
    _refuse_lake(options, "backup", "back up its catalog with pg_dump, and then its files")
    done = back_up(options.settings().paths, file, replace=replace)
    if options.as_json:
        print_json(_backup_dict(done))
        return
    print(
        f"Wrote {done.file}: {counted(done.article_count, 'article')} as of change {done.change_no}, "
        f"{counted(done.file_count, 'file')}, {done.bytes:,} bytes."
    )
    for left in done.left_out:
        print(f"Left out, being damaged: {left}. See `ontherecord doctor --fix`.")
    if done.secrets:
        print(f"Left out, being secret: {', '.join(done.secrets)} of ontherecord.toml. Keep them elsewhere.")


@with_options("home", "as_json")
def restore(
    options: Options,
    file: Annotated[Path, typer.Argument(help="File that `ontherecord backup` wrote.")],
    tombstones: Annotated[
        Path | None, typer.Option(help="The tombstones.json of the lost home, if you have it.")
    ] = None,
) -> None:
    """Create a home folder from a backup.

    The home folder must be empty or not exist yet. What was taken down since the backup stays down, if the
    file .tombstones.json that `ontherecord forget` wrote is still next to the backup, or --tombstones names
    the one of the lost home. The next ingest loads what has landed since.

    Example: ontherecord restore press.zip --home press/
    """
    _refuse_lake(options, "restore", "put catalog and files back, or restore without it and copy-warehouse")
    paths = options.settings().paths
    with TerminalRunner() as runner:
        restored = restore_home(file, options.settings(), runner, tombstones)
    done = restored.backup
    if options.as_json:
        facts = {"home": str(paths.folder), "tombstones": restored.tombstone_count}
        print_json({**facts, **_backup_dict(done)})
        return
    if restored.tombstone_count:
        print(f"Taken down again: {counted(restored.tombstone_count, 'tombstone')}.")
    print(
        f"Restored {paths.folder}: {counted(done.article_count, 'article')}, as of {done.made_at}. "
        "`ontherecord ingest LANDING` loads what has landed since."
    )
    if done.secrets:
        print(f"Set again in ontherecord.toml, as backups have no secrets: {', '.join(done.secrets)}.")


def _refuse_lake(options: Options, command: str, instead: str) -> None:
    """Raise SettingsError if the warehouse is a lake, which a command for files would not find."""
    try:
        lake = options.settings().paths.lake
    except SettingsError:
        return  # the command itself reports it
    if lake:
        raise SettingsError(
            f"`ontherecord {command}` is for a warehouse in a file; this one is the lake {lake_name(lake)}: "
            f"{instead} (docs/lake.md)."
        )


@with_options("home", "wait", "as_json")
def copy(
    options: Options,
    source: Annotated[str, typer.Argument(metavar="from", help="A home folder, postgresql://…, or `lake`.")],
    target: Annotated[str, typer.Argument(metavar="to", help="The same, for an empty or a new warehouse.")],
) -> None:
    """Copy a warehouse to a lake or back, and compare.

    `lake` means the lake that ONTHERECORD_WAREHOUSE and ONTHERECORD_LAKE name. The old warehouse stays as it
    is; the copy is compared with it row by row.

    Example: ontherecord copy-warehouse data lake
    """
    settings = options.settings()
    old, new = (parse_warehouse(given, settings) for given in (source, target))
    with TerminalRunner() as runner:
        moved = copy_warehouse(old, new, settings, runner, options.wait)
    if options.as_json:
        print_json({"published": published_name(new), "tables": [asdict(table) for table in moved]})
        return
    print_table(("table", "rows, all the same"), [(m.table, f"{m.row_count:,}") for m in moved])
    print(f"Moved to {published_name(new)}. The old one stays as it was.")


def _backup_dict(done: Backup) -> dict[str, Any]:
    """Return a backup as `--json` prints it."""
    return {
        "file": str(done.file),
        "bytes": done.bytes,
        "made_at": done.made_at,
        "change_no": done.change_no,
        "articles": done.article_count,
        "files": done.file_count,
        "left_out": list(done.left_out),
        "secrets_left_out": list(done.secrets),
    }
