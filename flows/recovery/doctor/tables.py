"""Check the two warehouse files: intact, of this code's schema, and at the same change."""

from __future__ import annotations

import stat

from ontherecord.flows.pipeline.runner import open_warehouse
from ontherecord.flows.plural import counted
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding, Findings
from ontherecord.warehouse.corruption import writer_missing
from ontherecord.warehouse.database import wal_of
from ontherecord.warehouse.errors import OnTheRecordError, WarehouseError
from ontherecord.warehouse.foreign_wal import foreign_wal
from ontherecord.warehouse.health import Health, external_refs, inspect
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.publish import MODE, publish
from ontherecord.warehouse.runs import mark_crashed_runs
from ontherecord.warehouse.schema_number import newest_migration
from ontherecord.warehouse.torn_block import mend_torn_block


def check_writer(context: CheckContext) -> Findings:
    """Read the whole of the writer's file, unless a run is writing it."""
    home = context.home
    if writer_missing(home):
        if home.published.exists():
            yield Finding("writer", "problem", f"{home.writer.name} is missing.", _rebuild_command(context))
        elif wal_of(home.writer).exists():
            what = f"{home.writer.name} is missing, but its WAL exists."
            yield Finding("writer", "problem", what, _rebuild_command(context))
        else:
            yield Finding(
                "writer", "note", "Nothing is loaded yet.", f"ontherecord ingest LANDING{context.option}"
            )
        return
    if not context.has_lock:
        yield Finding("writer", "skipped", f"{context.holder} is writing.", "Check again when it is done.")
        return
    if (number := mend_torn_block(home.writer, only_look=not context.fix)) is not None:
        what = f"A killed process had written block {number} of {home.writer.name} half."
        if not context.fix:
            yield Finding("killed run", "note", what, "The next run fixes that by itself.")
            return
        yield Finding("killed run", "fixed", what)
    try:
        context.writer = inspect(home.writer)
    except WarehouseError as error:
        yield Finding(
            "writer", "problem", f"{home.writer.name} is damaged: {error}.", _rebuild_command(context)
        )
        return
    yield _judge("writer", home.writer.name, context.writer, _rebuild_command(context))
    yield from _check_killed_run(context, context.writer)


def check_published(context: CheckContext) -> Findings:
    """Read the whole of the published file, and compare its change number with the writer's."""
    home = context.home
    may_publish = context.fix and context.writer is not None and not context.writer.failed_checks
    publish_command = f"ontherecord publish{context.option}"
    if not home.published.exists():
        if context.writer is not None:
            yield (
                _publish(context, "is missing")
                if may_publish
                else Finding("published", "problem", f"{home.published.name} is missing.", publish_command)
            )
        return
    wal = foreign_wal(home.published)
    if wal and may_publish:
        yield _publish(context, "had been opened for writing, its WAL was moved aside")
        return
    if wal:
        yield Finding(
            "published",
            "problem",
            f"{home.published.name} was opened for writing: {wal.name} exists.",
            f"Close it there, reopen it with -readonly, then run ontherecord doctor --fix{context.option}",
        )
        return
    yield from _check_mode(context)
    try:
        published = inspect(home.published)
    except WarehouseError as error:
        if "could not set lock" in str(error).lower() and may_publish:
            yield _publish(context, "was open for writing in another program, which shut readers out")
        elif "could not set lock" in str(error).lower():
            yield Finding(
                "published",
                "problem",
                f"A program has {home.published.name} open for writing, which shuts readers out: {error}.",
                "Close it, and use `duckdb -readonly` or `ontherecord sql`. The next run puts a new file in "
                f"its place, as ontherecord doctor --fix{context.option} does at once.",
            )
        elif may_publish:
            yield _publish(context, "was damaged")
        else:
            what = f"{home.published.name} is damaged: {error}."
            yield Finding(
                "published", "problem", what, publish_command if context.writer else _rebuild_command(context)
            )
        return
    yield _compare_changes(context, published, publish_command, may_publish)


def _compare_changes(
    context: CheckContext, published: Health, publish_command: str, may_publish: bool
) -> Finding:
    """Compare the change numbers of the published file and the writer's."""
    name, writer = context.home.published.name, context.writer
    if writer is None or published.change_no == writer.change_no:
        return _judge("published", name, published, publish_command)
    if published.change_no > writer.change_no:
        return Finding(
            "published",
            "problem",
            f"{name} is ahead (change {published.change_no}) of {context.home.writer.name} "
            f"(change {writer.change_no}), which lost its last changes.",
            _rebuild_command(context),
        )
    if may_publish:
        return _publish(context, "was behind")
    return Finding(
        "published",
        "note",
        f"{name} is behind: change {published.change_no} of {writer.change_no}.",
        f"The next run publishes; or: {publish_command}",
    )


def load_state(context: CheckContext) -> None:
    """Read from the writer's file, or the published one, which outside files it refers to."""
    home = context.home
    for file in (home.writer,) * (context.writer is not None) + (home.published,):
        try:
            context.known = external_refs(file)
        except WarehouseError:
            continue
        return


def _check_mode(context: CheckContext) -> Findings:
    mode = stat.S_IMODE(context.home.published.stat().st_mode)
    if mode == MODE:
        return
    name = context.home.published.name
    if context.fix:
        context.home.published.chmod(MODE)
        yield Finding("published", "fixed", f"{name} had mode {mode:04o}, now {MODE:04o}.")
    else:
        what = f"{name} has mode {mode:04o}: plain `duckdb` would open it for writing and lock it."
        yield Finding("published", "problem", what, f"ontherecord doctor --fix{context.option}")


def _check_killed_run(context: CheckContext, writer: Health) -> Findings:
    """Report what a killed run left in the writer's file and its WAL; the next run, or --fix, recovers it."""
    wal = wal_of(context.home.writer)
    size = wal.stat().st_size if wal.exists() else 0
    if not size and not writer.running_count:
        return
    traces = []
    if writer.running_count:
        traces.append(f"{counted(writer.running_count, 'killed run')} recorded as running")
    if size:
        traces.append(f"{counted(size, 'byte')} in the WAL")
    what = "; ".join(traces)
    if not context.fix or writer.migration > newest_migration():
        yield Finding("killed run", "note", f"{what}.", "The next run fixes that by itself.")
        return
    with open_warehouse(context.home) as engine:
        mark_crashed_runs(engine)
    yield Finding("killed run", "fixed", f"{what}: recorded as crashed, WAL applied.")


def _judge(check: str, name: str, health: Health, fix: str) -> Finding:
    """Judge a file that could be read whole."""
    newest = newest_migration()
    if health.migration > newest:
        what = f"{name} has migration {health.migration}, but the newest of this version is {newest}."
        return Finding(check, "problem", what, "Update ontherecord to the version that wrote it.")
    if health.failed_checks:
        worst = health.failed_checks[0]
        failed = counted(len(health.failed_checks), "check")
        what = f"{name} fails {failed}: {worst.name}, e.g. {worst.examples[0]}."
        return Finding(check, "problem", what, fix)
    if health.migration < newest:
        what = f"{name} has migration {health.migration} of {newest}: an earlier version wrote it."
        return Finding(check, "note", what, "The next run migrates it.")
    what = f"{name}: {counted(health.article_count, 'article')}, change {health.change_no}"
    return Finding(check, "ok", f"{what}; all rows readable, all checks passed.")


def _publish(context: CheckContext, why: str) -> Finding:
    name = context.home.published.name
    try:
        with open_warehouse(context.home) as engine:
            build_marts(engine)
            publish(engine, context.home)
    except OnTheRecordError as error:
        return Finding(
            "published", "problem", f"{name} {why}. {error}", f"ontherecord publish{context.option}"
        )
    return Finding("published", "fixed", f"{name} {why}: published again.")


def _rebuild_command(context: CheckContext) -> str:
    return f"ontherecord rebuild {context.landing or 'LANDING'}{context.option}"
