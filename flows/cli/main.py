"""The command line: `ontherecord`. Which commands there are; what each does stands in flows/commands."""

from __future__ import annotations

import os
import sys

import typer

from ontherecord.flows.cli import alerts, export, report
from ontherecord.flows.cli import history as versions
from ontherecord.flows.cli import ingest as run
from ontherecord.flows.cli import quarantine as quarantined
from ontherecord.flows.cli import query as ask
from ontherecord.flows.cli import recovery as fix
from ontherecord.flows.cli import reruns as rerun
from ontherecord.flows.cli import schema as describe
from ontherecord.flows.cli import serve as service
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.errors import OnTheRecordError, SettingsError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help=(
        "Who said what about whom: a folder of news articles, asked in SQL.\n\n"
        "Example: ontherecord ingest articles/, then ontherecord sql"
    ),
    context_settings={"help_option_names": ["-h", "--help"]},
)
for command in (
    run.ingest,
    service.up,
    ask.sql,
    report.report,
    ask.status,
    ask.check,
    describe.dictionary,
    versions.versions,
    export.export,
    rerun.retry_quarantine,
    rerun.backfill,
    rerun.reprocess,
    rerun.maintain,
    run.publish,
    fix.doctor,
    fix.rebuild,
    fix.backup,
    fix.restore,
    fix.migrate_warehouse,
):
    # A query may open with a comment, which looks like an option.
    app.command(context_settings={"ignore_unknown_options": command is ask.sql})(command)

quarantine = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="Quarantined files, and why.\n\nExample: ontherecord quarantine list",
)
quarantine.command("list")(quarantined.list_quarantine)
quarantine.command("show")(quarantined.show_quarantined)
app.add_typer(quarantine, name="quarantine")

alert = typer.Typer(
    no_args_is_help=True,
    rich_markup_mode=None,
    help="What is not as it usually is.\n\nExample: ontherecord alerts list",
)
alert.command("list")(alerts.list_alerts)
alert.command("install")(alerts.install_alerts)
app.add_typer(alert, name="alerts")


def main() -> None:
    """Run a command: exit 0 when it did its job, 1 when it failed, 2 when it was called wrongly."""
    try:
        app()
    except SettingsError as error:
        print_error(error)
        sys.exit(2)
    except OnTheRecordError as error:
        print_error(error)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


def print_error(error: OnTheRecordError) -> None:
    """Print an error. What it names may come from files."""
    for line in f"ontherecord: {error}".split("\n"):
        print(sanitize(line), file=sys.stderr)
