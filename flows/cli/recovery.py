"""Commands for when something is wrong, and for before: doctor, rebuild, backup, restore; and to move."""

from __future__ import annotations

import sys
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import (
    HomeOption,
    JsonOption,
    LandingArgument,
    ModelOption,
    WaitOption,
    WorkersOption,
)
from ontherecord.warehouse.errors import SettingsError


def doctor(
    fix: Annotated[bool, typer.Option("--fix", help="Fix what can be fixed without a loss.")] = False,
    deep: Annotated[
        bool, typer.Option("--deep", help="Also read every landed file and every kept extract.")
    ] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Say what is wrong with the home, and how to fix it.

    Exit 1 if anything is found that needs somebody. It can stand beside a run, and changes nothing
    without --fix.

    Example: ontherecord doctor --fix
    """
    from ontherecord.flows.cli.tables import print_json, print_table
    from ontherecord.flows.recovery.doctor.examine import examine
    from ontherecord.flows.recovery.summaries import examined_summary

    _refuse_lake(home, "doctor", "`ontherecord check` and `ontherecord status` look at it")
    found = examine(home, deep=deep, fix=fix)
    if as_json:
        print_json([asdict(finding) for finding in found])
    else:
        print_table(
            ("check", "state", "what", "next step"),
            [(f.check, f.state, f.what, f.next_step or "") for f in found],
        )
        print(examined_summary(found))
    if any(finding.state == "problem" for finding in found):
        sys.exit(1)


def rebuild(
    landing: LandingArgument = None,
    from_landing: Annotated[
        bool, typer.Option("--from-scratch", help="Use no copy: make all of it from the files.")
    ] = False,
    without_model: Annotated[
        bool, typer.Option("--skip-extraction", help="Leave files without a kept extract to the next ingest.")
    ] = False,
    home: HomeOption = None,
    workers: WorkersOption = None,
    model: ModelOption = None,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Make a lost or damaged writer's file again.

    It is copied from warehouse.duckdb where that is whole, and from there on, or without it, made from the
    article files and the extracts that were kept. The damaged file is moved aside, never deleted.

    Example: ontherecord rebuild articles/
    """
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
    from ontherecord.flows.recovery.rebuild import rebuild as run
    from ontherecord.flows.recovery.summaries import rebuilt_facts, rebuilt_summary
    from ontherecord.flows.settings import load_settings

    _refuse_lake(home, "rebuild", "put its catalog back from a backup of Postgres")
    settings = load_settings(home=home, landing=landing, workers=workers, model=model)
    with TerminalRunner() as runner:
        done = run(
            settings,
            runner,
            settings.landing,
            from_landing=from_landing,
            without_model=without_model,
            wait_seconds=wait,
        )
    if as_json:
        print_json(rebuilt_facts(done))
    else:
        print(rebuilt_summary(done))


def backup(
    file: Annotated[Path, typer.Argument(help="File to write, or a folder to write one into.")],
    replace: Annotated[bool, typer.Option("--replace", help="Replace the file if it exists.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Write one file with all that cannot be made again.

    Runs may go on meanwhile. It has the published warehouse, the bytes of quarantined files, cached extracts,
    alerts, aliases.csv and ontherecord.toml, which may hold secrets: only you may read the file.

    Example: ontherecord backup press.zip
    """
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.recovery.summaries import backup_facts
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.backup import back_up

    _refuse_lake(home, "backup", "back up its catalog with pg_dump, and then its files")
    done = back_up(load_settings(home=home).paths, file, replace=replace)
    if as_json:
        print_json(backup_facts(done))
        return
    print(
        f"Wrote {done.file}: {done.article_count:,} articles as of change {done.change_no}, "
        f"{done.file_count:,} files, {done.bytes:,} bytes."
    )
    for left in done.left_out:
        print(f"Left out, being damaged: {left}. See `ontherecord doctor --fix`.")


def restore(
    file: Annotated[Path, typer.Argument(help="File that `ontherecord backup` wrote.")],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Make a home from a backup.

    The home must be empty or not exist. The next ingest loads what has landed since the backup.

    Example: ontherecord restore press.zip --home press/
    """
    from ontherecord.flows.cli.tables import print_json
    from ontherecord.flows.recovery.summaries import backup_facts
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.backup import restore as run

    _refuse_lake(home, "restore", "put catalog and files back, or restore without it and copy-warehouse")
    paths = load_settings(home=home).paths
    done = run(file, paths)
    if as_json:
        print_json({"home": str(paths.folder), **backup_facts(done)})
        return
    print(
        f"Restored {paths.folder}: {done.article_count:,} articles, as of {done.made_at}. "
        "`ontherecord ingest LANDING` loads what has landed since."
    )


def _refuse_lake(home: Path | None, command: str, instead: str) -> None:
    """Raise SettingsError if the warehouse is a lake, which a command for files would not find."""
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.lake import lake_name

    try:
        lake = load_settings(home=home).paths.lake
    except SettingsError:
        return  # for the command to tell
    if lake:
        raise SettingsError(
            f"`ontherecord {command}` is for a warehouse in a file; this one is the lake {lake_name(lake)}: "
            f"{instead} (docs/lake.md)."
        )


def migrate_warehouse(
    source: Annotated[str, typer.Argument(metavar="from", help="A home folder, postgresql://…, or `lake`.")],
    target: Annotated[str, typer.Argument(metavar="to", help="The same: where an empty one is or is to be.")],
    home: HomeOption = None,
    wait: WaitOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Copy a warehouse to a lake or back, and compare.

    `lake` is the one of the settings ONTHERECORD_WAREHOUSE and ONTHERECORD_LAKE. The old warehouse stays as
    it is; what is copied is held against it row by row.

    Example: ontherecord copy-warehouse data lake
    """
    from ontherecord.flows.cli.tables import print_json, print_table
    from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
    from ontherecord.flows.recovery.copy_warehouse import copy_warehouse, parse_warehouse
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.publish import published_name

    settings = load_settings(home=home)
    old, new = (parse_warehouse(given, settings) for given in (source, target))
    with TerminalRunner() as runner:
        moved = copy_warehouse(old, new, settings, runner, wait)
    if as_json:
        print_json({"published": published_name(new), "tables": [asdict(table) for table in moved]})
        return
    print_table(("table", "rows, all the same"), [(m.table, f"{m.row_count:,}") for m in moved])
    print(f"Moved to {published_name(new)}. The old one stays as it was.")
