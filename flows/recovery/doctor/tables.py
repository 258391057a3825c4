"""The two warehouse files: whole, of this code's schema, and in step with each other."""

from __future__ import annotations

import stat
from datetime import datetime

from ontherecord.flows.pipeline.runner import open_warehouse
from ontherecord.flows.recovery.doctor.finding import CheckContext, Finding, Findings
from ontherecord.warehouse.corruption import is_lost, name_aside
from ontherecord.warehouse.errors import OnTheRecordError, WarehouseError
from ontherecord.warehouse.health import Health, external_refs, inspect, wal_of
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.migrate import newest_migration
from ontherecord.warehouse.publish import MODE, publish
from ontherecord.warehouse.runs import mark_lost_runs


def check_writer(context: CheckContext) -> Findings:
    """Read the writer's file to its end, if nobody writes it now."""
    home = context.home
    if is_lost(home):
        if home.published.exists():
            yield Finding("writer", "problem", f"{home.writer.name} is gone.", _rebuild(context))
        elif wal_of(home.writer).exists():
            what = f"{home.writer.name} is gone, but its WAL is there."
            yield Finding("writer", "problem", what, _rebuild(context))
        else:
            yield Finding(
                "writer", "note", "Nothing is loaded yet.", f"ontherecord ingest LANDING{context.option}"
            )
        return
    if not context.has_lock:
        yield Finding(
            "writer", "skipped", f"{context.holder} is writing: not looked at.", "Look again when it is done."
        )
        return
    try:
        context.writer = inspect(home.writer)
    except WarehouseError as error:
        yield Finding("writer", "problem", f"{home.writer.name} is damaged: {error}.", _rebuild(context))
        return
    yield _judged("writer", home.writer.name, context.writer, _rebuild(context))
    yield from _check_traces(context, context.writer)


def check_published(context: CheckContext) -> Findings:
    """Read the published file to its end, and hold it against the writer's."""
    home = context.home
    may_publish = context.fix and context.writer is not None and not context.writer.broken
    publish_it = f"ontherecord publish{context.option}"
    if not home.published.exists():
        if context.writer is not None:
            yield (
                _publish(context, "is missing")
                if may_publish
                else Finding("published", "problem", f"{home.published.name} is missing.", publish_it)
            )
        return
    wal = wal_of(home.published)
    if wal.exists() and may_publish:
        wal.rename(name_aside(wal, datetime.now()))
        yield _publish(context, "was changed by somebody: their WAL is moved aside")
        return
    if wal.exists():
        yield Finding(
            "published",
            "problem",
            f"Somebody opened {home.published.name} for writing: there is {wal.name}.",
            f"Have them close it and open it with -readonly; then ontherecord doctor --fix{context.option}",
        )
        return
    yield from _check_mode(context)
    try:
        published = inspect(home.published)
    except WarehouseError as error:
        if "could not set lock" in str(error).lower():
            yield Finding(
                "published",
                "problem",
                f"Somebody has {home.published.name} open for writing: {error}.",
                "Have them close it, and use `duckdb -readonly` or `ontherecord sql`.",
            )
        elif may_publish:
            yield _publish(context, "was damaged")
        else:
            what = f"{home.published.name} is damaged: {error}."
            yield Finding("published", "problem", what, publish_it if context.writer else _rebuild(context))
        return
    yield _in_step(context, published, publish_it, may_publish)


def _in_step(context: CheckContext, published: Health, publish_it: str, may_publish: bool) -> Finding:
    """Hold the published file's count of changes against the writer's."""
    name, writer = context.home.published.name, context.writer
    if writer is None or published.change_no == writer.change_no:
        return _judged("published", name, published, publish_it)
    if published.change_no > writer.change_no:
        return Finding(
            "published",
            "problem",
            f"{name} knows more (change {published.change_no}) than {context.home.writer.name} "
            f"(change {writer.change_no}), which lost its last changes.",
            _rebuild(context),
        )
    if may_publish:
        return _publish(context, "was behind")
    return Finding(
        "published",
        "note",
        f"{name} is behind: change {published.change_no} of {writer.change_no}.",
        f"The next run publishes, or {publish_it}",
    )


def load_state(context: CheckContext) -> None:
    """Ask the writer's file, or the published one, what it says of things outside it."""
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
        what = f"{name} has mode {mode:04o}: a plain `duckdb` would open it for writing and lock others out."
        yield Finding("published", "problem", what, f"ontherecord doctor --fix{context.option}")


def _check_traces(context: CheckContext, writer: Health) -> Findings:
    """Say what a killed run left in the writer's file and its WAL; the next run, or --fix, takes it in."""
    wal = wal_of(context.home.writer)
    size = wal.stat().st_size if wal.exists() else 0
    if not size and not writer.running_count:
        return
    what = []
    if writer.running_count:
        what.append(f"Runs that were killed and still count as running: {writer.running_count}")
    if size:
        what.append(f"Bytes in the WAL: {size:,}")
    if not context.fix or writer.migration > newest_migration():
        yield Finding("killed run", "note", "; ".join(what) + ".", "The next run fixes that by itself.")
        return
    with open_warehouse(context.home) as engine:
        mark_lost_runs(engine)
    yield Finding("killed run", "fixed", "; ".join(what) + ". Recorded and taken in.")


def _judged(check: str, name: str, health: Health, fix: str) -> Finding:
    """Judge a file that could be read."""
    newest = newest_migration()
    if health.migration > newest:
        what = f"{name} has migration {health.migration}, this code's last is {newest}."
        return Finding(check, "problem", what, "Update ontherecord, or use the version that wrote it.")
    if health.broken:
        worst = health.broken[0]
        what = f"{name} breaks {len(health.broken)} checks: {worst.name}, such as {worst.examples[0]}."
        return Finding(check, "problem", what, fix)
    if health.migration < newest:
        what = f"{name} has migration {health.migration} of {newest}: of an earlier version."
        return Finding(check, "note", what, "The next run brings it up to date.")
    what = f"{name}: {health.article_count:,} articles, change {health.change_no}"
    return Finding(check, "ok", f"{what}; every row read, all checks hold.")


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
    return Finding("published", "fixed", f"{name} {why}: published anew.")


def _rebuild(context: CheckContext) -> str:
    return f"ontherecord rebuild {context.landing or 'LANDING'}{context.option}"
