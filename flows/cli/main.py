"""The command line, `ontherecord`: its commands, each imported when it runs."""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import import_module
from importlib.metadata import version
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from ontherecord.flows.cli.command_log import log_command, log_failure
from ontherecord.flows.cli.endings import begin, output_error, tell
from ontherecord.flows.cli.plain_words import PlainCommand, near_commands
from ontherecord.flows.cli.stopping import stoppable
from ontherecord.flows.log_file import LOG, keep_log

_CONTEXT: Mapping[str, Any] = {"help_option_names": ["-h", "--help"], "max_content_width": 100}


@dataclass(frozen=True, slots=True)
class Command:
    """A command before it is loaded: its module in flows/cli, its function, and the line in the list."""

    module: str
    function: str
    help: str


class LazyGroup(TyperGroup):
    """Commands that are imported when one of them runs: `ontherecord --help` imports none."""

    def __init__(self, name: str, lazy: Mapping[str, Command | LazyGroup], help: str) -> None:
        super().__init__(
            name=name,
            help=help,
            no_args_is_help=True,
            rich_markup_mode=None,
            context_settings=dict(_CONTEXT),
        )
        self.lazy = lazy

    def list_commands(self, ctx: Any) -> list[str]:
        return list(self.lazy)

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        found = self.lazy.get(cmd_name)
        return _load(cmd_name, found) if isinstance(found, Command) else found

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args and args[0] not in self.lazy and not args[0].startswith("-"):
            near = near_commands(args[0], list(self.lazy))
            ctx.fail(f"There is no command {args[0]!r}.{near}")
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        with formatter.section("Commands"):
            formatter.write_dl(
                [(name, (command.help or "").splitlines()[0]) for name, command in self.lazy.items()]
            )

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        # Only the outermost group sees the words as they were typed.
        return super().parse_args(ctx, args if ctx.parent else with_new_spellings(args))


def _load(name: str, command: Command) -> Any:
    one = typer.Typer(add_completion=False, rich_markup_mode=None)
    # A query may open with a comment, which looks like an option.
    settings = {**_CONTEXT, "ignore_unknown_options": name == "sql"}
    module = import_module(f"ontherecord.flows.cli.{command.module}")
    one.command(name, cls=PlainCommand, context_settings=settings)(getattr(module, command.function))
    return typer.main.get_command(one)


quarantine = LazyGroup(
    "quarantine",
    {
        "list": Command("quarantine", "list_quarantine", "List quarantined files and the rule each failed."),
        "show": Command(
            "quarantine", "show_quarantined", "Show why a file or article is quarantined, and its text."
        ),
        "dismiss": Command(
            "quarantine", "dismiss_quarantined", "Clear quarantined files that nobody will fix."
        ),
        "retry": Command("reruns", "retry", "Retry quarantined files after a change of rules or code."),
    },
    help="List, show, dismiss and retry quarantined files.\n\nExample: ontherecord quarantine list",
)
landing = LazyGroup(
    "landing",
    {"describe": Command("landing", "describe", "Show how a file is read, and its first article.")},
    help="Inspect landed files.\n\nExample: ontherecord landing describe articles/week.csv",
)
alerts = LazyGroup(
    "alerts",
    {
        "list": Command("alerts", "list_alerts", "List open alerts as of the last run."),
        "install": Command(
            "alerts", "install_alerts", "Have Prefect send alerts to the webhook that is set."
        ),
    },
    help="List anomalies, and have them sent.\n\nExample: ontherecord alerts list",
)
app = LazyGroup(
    "ontherecord",
    {
        "ingest": Command("ingest", "ingest", "Load new files from the landing folder, or one file, once."),
        "serve": Command("serve", "serve", "Run schedules, worker and dashboard until Ctrl-C."),
        "sql": Command("query", "sql", "Query the published warehouse, read-only."),
        "status": Command("query", "status", "Show what is published, recent runs, and who is writing."),
        "browse": Command("reading", "browse", "Read the archive in the browser until Ctrl-C."),
        "show": Command("reading", "show", "Write an article as an HTML page, with its quotes marked."),
        "report": Command("report", "report", "Write an HTML page about what is published."),
        "export": Command("export", "export", "Export the tables, or one of them, for other tools."),
        "sample": Command("coding", "sample", "Draw random quotes into a sheet for people to check."),
        "evaluate": Command(
            "coding", "evaluate", "Report how many quotes are right, from a completed sheet."
        ),
        "correct": Command("coding", "correct", "Turn a coder's corrections into lines of corrections.csv."),
        "history": Command("history", "history", "List an article's versions, or compare two."),
        "cite": Command("cite", "cite", "Describe what produced the archive, in prose and BibTeX."),
        "schema": Command("schema", "schema", "Print what tables, columns and macros mean."),
        "landing": landing,
        "quarantine": quarantine,
        "alerts": alerts,
        "forget": Command("forget", "forget", "Take an article down, wherever it is kept, and keep it out."),
        "backfill": Command("reruns", "backfill", "Load an archive by publication day."),
        "reprocess": Command("reruns", "reprocess", "Compare loaded quotes with what this version finds."),
        "maintain": Command("reruns", "maintain", "Run the nightly maintenance."),
        "check": Command("query", "check", "Run the checks on the published warehouse."),
        "publish": Command("ingest", "publish", "Rebuild the marts and publish, changed or not."),
        "doctor": Command("recovery", "doctor", "Find problems in the home folder, and fix them."),
        "rebuild": Command("recovery", "rebuild", "Rebuild a lost or damaged writer.duckdb."),
        "backup": Command("recovery", "backup", "Back up all that cannot be rebuilt into one file."),
        "restore": Command("recovery", "restore", "Create a home folder from a backup."),
        "copy-warehouse": Command("recovery", "copy", "Copy a warehouse to a lake or back, and compare."),
    },
    help=(
        "Who said what about whom: a folder of news articles, queried in SQL.\n\n"
        "Example: ontherecord ingest articles/, then ontherecord sql"
    ),
)

# Spellings of 1.x, which work until 3.0 and are shown nowhere.
OLD_COMMANDS: Mapping[str, tuple[str, ...]] = {
    "up": ("serve",),
    "replay": ("quarantine", "retry"),
    "dictionary": ("schema",),
    "versions": ("history",),
    "migrate-warehouse": ("copy-warehouse",),
}
OLD_OPTIONS: Mapping[str, Mapping[str, str]] = {
    "reprocess": {"--switch": "--apply", "--force": "--all"},
    "rebuild": {"--from-landing": "--from-scratch", "--without-model": "--skip-extraction"},
    "export": {"--for-spreadsheet": "--excel-safe"},
}


def _print_version(wanted: bool) -> None:
    if wanted:
        print(f"ontherecord {version('ontherecord')}")
        raise typer.Exit


def _global_options() -> list[Any]:
    """Return the options before the command, as typer makes them of a function."""
    one = typer.Typer(add_completion=False, rich_markup_mode=None)

    @one.callback(invoke_without_command=True)
    def _(
        version: Annotated[
            bool,
            typer.Option(
                "--version", is_eager=True, callback=_print_version, help="Print the version and exit."
            ),
        ] = False,
    ) -> None: ...

    return list(typer.main.get_command(one).params)


app.params += _global_options()


def with_new_spellings(arguments: Sequence[str]) -> list[str]:
    """Return a command line with the spellings of 1.x replaced by today's."""
    if not arguments:
        return []
    command, *rest = arguments
    options = OLD_OPTIONS.get(command, {})
    return [*OLD_COMMANDS.get(command, (command,)), *(options.get(word, word) for word in rest)]


def main() -> None:
    """Run a command: exit 0 when it did its job, 1 when it failed, 2 when it was called wrongly.

    A command that a signal ended exits with 128 and the signal's number.
    """
    keep_log()
    try:
        begin()
        log_command(sys.argv[1:])
        code = _run()
    except KeyboardInterrupt:  # before a command had begun
        code = 130
    except BaseException as error:
        code = tell(error)
        log_failure(sys.argv[1:], error)
    if not code and (failed := output_error()):
        code = tell(failed)
    LOG.info("ended with %d", code)
    sys.exit(code)


def _run() -> int:
    """Run the command that is asked for; return its exit code."""
    try:
        with stoppable():
            app()
    except SystemExit as end:  # as typer ends each command
        return end.code if isinstance(end.code, int) else int(end.code is not None)
    return 0
