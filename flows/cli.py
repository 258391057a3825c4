"""The command line: `ontherecord`. Each command loads only what it needs, so that --help is quick."""

from __future__ import annotations

import os
import shutil
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from warehouse.errors import OnTheRecordError, SettingsError, WarehouseError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    help="Who said what about whom: a folder of news articles, asked in SQL.",
    context_settings={"help_option_names": ["-h", "--help"]},
)
quarantine = typer.Typer(no_args_is_help=True, rich_markup_mode=None, help="Files held back, and why.")
app.add_typer(quarantine, name="quarantine")

HomeOption = Annotated[
    Path | None, typer.Option("--home", help="The data folder (ONTHERECORD_HOME, else data/).")
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print facts as JSON.")]


def main() -> None:
    """Run a command: exit 0 when it did its job, 1 when it failed, 2 when it was called wrongly."""
    try:
        app()
    except SettingsError as error:
        print(f"ontherecord: {error}", file=sys.stderr)
        sys.exit(2)
    except OnTheRecordError as error:
        print(f"ontherecord: {error}", file=sys.stderr)
        sys.exit(1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)


@app.command()
def ingest(
    landing: Annotated[
        Path | None, typer.Argument(help="Folder with article files (else ONTHERECORD_LANDING).")
    ] = None,
    home: HomeOption = None,
    workers: Annotated[int | None, typer.Option(help="Processes that extract.")] = None,
    batch_size: Annotated[int | None, typer.Option(help="Files in one transaction.")] = None,
    model: Annotated[str | None, typer.Option(help="spaCy model.")] = None,
    prefect: Annotated[
        bool, typer.Option("--prefect", help="Run as a Prefect flow, on an embedded server if need be.")
    ] = False,
    data_docs: Annotated[
        bool, typer.Option("--data-docs", help="Build Great Expectations' Data Docs of this run.")
    ] = False,
    wait: Annotated[float, typer.Option(help="Seconds to wait for another run that is writing.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Load what has landed, once, now. Example: ontherecord ingest articles/."""
    from flows.settings import load_settings

    settings = load_settings(home=home, landing=landing, workers=workers, batch_size=batch_size, model=model)
    if settings.landing is None:
        raise SettingsError(
            "No landing folder is named: ontherecord ingest FOLDER, or set ONTHERECORD_LANDING."
        )
    if prefect or _prefect_server():
        facts = _ingest_as_flow(settings, data_docs, wait)
    else:
        from flows.directly import Directly
        from flows.ingest import ingest as run
        from flows.show import report_facts

        print("No Prefect server is configured: running directly.", file=sys.stderr)
        with Directly() as conduct:
            report = run(settings.landing, settings, conduct, data_docs=data_docs, wait_seconds=wait)
        facts = report_facts(report)
    from flows.show import print_json, summary

    if as_json:
        print_json(facts)
    else:
        print(summary(facts))


@app.command()
def status(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Say what the published warehouse holds, the last runs, and who is writing now."""
    from flows.settings import load_settings
    from flows.show import print_json, print_table
    from warehouse.status import read_status

    facts = read_status(load_settings(home=home).paths)
    if as_json:
        print_json(facts)
        return
    for name, value in facts.items():
        if name != "runs":
            print(f"{name.replace('_', ' '):16} {'' if value is None else value}")
    if runs := facts["runs"]:
        shown = [column for column in runs[0] if any(run[column] is not None for run in runs)]
        print()
        print_table(shown, [[run[column] for column in shown] for run in runs], "Newest runs (UTC)")


@app.command()
def check(home: HomeOption = None, as_json: JsonOption = False) -> None:
    """Run the checks in sql/checks on the published warehouse; exit 1 if one does not hold."""
    from flows.settings import load_settings
    from flows.show import print_json, print_table
    from warehouse.publish import check as run_checks

    results = run_checks(load_settings(home=home).paths)
    if as_json:
        print_json([{"check": r.name, "rows": r.row_count, "examples": r.examples} for r in results])
    else:
        print_table(
            ("check", "rows that break it", "such as"),
            [(r.name, r.row_count, r.examples[0] if r.examples else "") for r in results],
        )
    if any(result.row_count for result in results):
        sys.exit(1)


@app.command()
def publish(
    home: HomeOption = None,
    wait: Annotated[float, typer.Option(help="Seconds to wait for a run that is writing.")] = 0,
    as_json: JsonOption = False,
) -> None:
    """Rebuild the marts and publish, whether or not anything changed."""
    from flows.ingest import open_writer
    from flows.settings import load_settings
    from flows.show import print_json
    from warehouse.marts import build_marts
    from warehouse.publish import publish as put_in_place

    paths = load_settings(home=home).paths
    if not paths.writer.exists():
        raise WarehouseError(
            f"There is no warehouse in {paths.folder} yet. Run `ontherecord ingest LANDING` first, or name "
            "the right folder with --home."
        )
    with open_writer(paths, "publish", wait) as engine:
        build_marts(engine)
        put_in_place(engine, paths)
    facts = {"published": str(paths.published), "bytes": paths.published.stat().st_size}
    if as_json:
        print_json(facts)
    else:
        print(f"Published {facts['published']} ({facts['bytes']:,} bytes).")


@app.command()
def sql(
    query: Annotated[str | None, typer.Argument(help="A query; without one a prompt opens.")] = None,
    home: HomeOption = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print rows as JSON.")] = False,
    as_csv: Annotated[bool, typer.Option("--csv", help="Print rows as CSV.")] = False,
) -> None:
    """Ask the published warehouse, read-only. Example: ontherecord sql "from quotes limit 5"."""
    from flows.settings import load_settings
    from warehouse.status import greeting

    paths = load_settings(home=home).paths
    hello = greeting(paths)
    client = shutil.which("duckdb", path=str(Path(sys.executable).parent)) or shutil.which("duckdb")
    if client is None:
        raise WarehouseError(
            "The duckdb command line client is missing. Run `pip install duckdb-cli==1.5.5`."
        )
    command = [client, "-readonly", *(["-json"] if as_json else []), *(["-csv"] if as_csv else [])]
    if query is None:
        print(hello)
    else:
        command += ["-bail", "-c", query]
    sys.stdout.flush()
    os.execv(client, [*command, str(paths.published)])


@quarantine.command("list")
def quarantine_list(
    home: HomeOption = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Also rows of files delivered well since.")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """List the files held back, with the rule each failed."""
    from flows.settings import load_settings
    from flows.show import held_back_list, print_json
    from warehouse.status import read_quarantine

    rows = read_quarantine(load_settings(home=home).paths, everything=everything)
    if as_json:
        print_json(rows)
    elif not rows:
        print("No file is held back.")
    else:
        print(held_back_list(rows))


@quarantine.command("show")
def quarantine_show(
    source_path: Annotated[str, typer.Argument(help="Path as `quarantine list` shows it.")],
    home: HomeOption = None,
    raw: Annotated[bool, typer.Option("--raw", help="Write the file's bytes as they came.")] = False,
    as_json: JsonOption = False,
) -> None:
    """Show why a file is held back, and its text as it was delivered."""
    from flows.settings import load_settings
    from flows.show import harmless, print_json
    from warehouse.status import read_held_back

    paths = load_settings(home=home).paths
    rows, content = read_held_back(paths, source_path)
    if raw:
        sys.stdout.buffer.write(content or b"")
        return
    if as_json:
        print_json(rows)
        return
    for row in rows:
        print(f"{row['rule']}: {harmless(row['message'])}")
        if row["value"] is not None:
            print(f"  found: {harmless(row['value'])}")
    print()
    if content is None:
        print("Its bytes could not be read, so none are kept.")
    else:
        for line in content.decode("utf-8", "backslashreplace").split("\n"):
            print(harmless(line.rstrip("\r")))


def _prefect_server() -> bool:
    """Say whether a Prefect server is configured, without Prefect's import of two seconds."""
    if os.environ.get("PREFECT_API_URL"):
        return True
    import tomllib

    profiles = Path(os.environ.get("PREFECT_HOME", "~/.prefect")).expanduser() / "profiles.toml"
    try:
        found = tomllib.loads(profiles.read_text(encoding="utf-8"))
        return bool(found["profiles"][found["active"]].get("PREFECT_API_URL"))
    except (OSError, ValueError, KeyError):
        return False


def _ingest_as_flow(settings: Any, data_docs: bool, wait: float) -> dict[str, Any]:
    # Prefect reads these when it is imported. What it keeps goes into the home folder with the rest.
    os.environ.setdefault("PREFECT_SERVER_ANALYTICS_ENABLED", "false")
    os.environ.setdefault("DO_NOT_TRACK", "1")
    if not _prefect_server():
        settings.paths.prefect.mkdir(parents=True, exist_ok=True)
        os.environ.setdefault("PREFECT_HOME", str(settings.paths.prefect.absolute()))
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_ENABLED", "true")
        # Its first start makes a database, which on a busy machine takes longer than the usual 20 s.
        os.environ.setdefault("PREFECT_SERVER_EPHEMERAL_STARTUP_TIMEOUT_SECONDS", "180")
        print("Starting Prefect's embedded server, which takes some seconds …", file=sys.stderr)
    from flows.prefect_flows import ingest as ingest_flow

    facts: dict[str, Any] = ingest_flow(
        landing=settings.landing,
        home=settings.home,
        batch_size=settings.batch_size,
        workers=settings.workers,
        model=settings.model,
        data_docs=data_docs,
        wait_seconds=wait,
    )
    return facts
