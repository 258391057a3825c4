"""The two warehouse files: whole, of this code's schema, and in step with each other."""

from __future__ import annotations

import stat
from datetime import datetime

from ontherecord.flows.pipeline.runner import opened
from ontherecord.flows.recovery.doctor.finding import Finding, Findings, Patient
from ontherecord.warehouse.damage import is_lost, name_aside
from ontherecord.warehouse.errors import OnTheRecordError, WarehouseError
from ontherecord.warehouse.health import Health, look_into, wal_of, what_is_known
from ontherecord.warehouse.marts import build_marts
from ontherecord.warehouse.migrate import newest_migration
from ontherecord.warehouse.publish import MODE, publish
from ontherecord.warehouse.runs import mark_lost_runs


def look_at_writer(patient: Patient) -> Findings:
    """Read the writer's file to its end, if nobody writes it now."""
    home = patient.home
    if is_lost(home):
        if home.published.exists():
            yield Finding("writer", "finding", f"{home.writer.name} is gone.", _rebuild(patient))
        elif wal_of(home.writer).exists():
            what = f"{home.writer.name} is gone, but its WAL is there."
            yield Finding("writer", "finding", what, _rebuild(patient))
        else:
            yield Finding(
                "writer", "note", "Nothing is loaded yet.", f"ontherecord ingest LANDING{patient.option}"
            )
        return
    if not patient.has_lock:
        yield Finding(
            "writer", "waits", f"{patient.holder} is writing: not looked at.", "Look again when it is done."
        )
        return
    try:
        patient.writer = look_into(home.writer)
    except WarehouseError as error:
        yield Finding("writer", "finding", f"{home.writer.name} is damaged: {error}.", _rebuild(patient))
        return
    yield _judged("writer", home.writer.name, patient.writer, _rebuild(patient))
    yield from _look_at_traces(patient, patient.writer)


def look_at_published(patient: Patient) -> Findings:
    """Read the published file to its end, and hold it against the writer's."""
    home = patient.home
    may_publish = patient.fix and patient.writer is not None and not patient.writer.broken
    publish_it = f"ontherecord publish{patient.option}"
    if not home.published.exists():
        if patient.writer is not None:
            yield (
                _publish(patient, "is missing")
                if may_publish
                else Finding("published", "finding", f"{home.published.name} is missing.", publish_it)
            )
        return
    wal = wal_of(home.published)
    if wal.exists() and may_publish:
        wal.rename(name_aside(wal, datetime.now()))
        yield _publish(patient, "was changed by somebody: their WAL is moved aside")
        return
    if wal.exists():
        yield Finding(
            "published",
            "finding",
            f"Somebody opened {home.published.name} for writing: there is {wal.name}.",
            f"Have them close it and open it with -readonly; then ontherecord doctor --fix{patient.option}",
        )
        return
    yield from _look_at_mode(patient)
    try:
        published = look_into(home.published)
    except WarehouseError as error:
        if "could not set lock" in str(error).lower():
            yield Finding(
                "published",
                "finding",
                f"Somebody has {home.published.name} open for writing: {error}.",
                "Have them close it, and use `duckdb -readonly` or `ontherecord sql`.",
            )
        elif may_publish:
            yield _publish(patient, "was damaged")
        else:
            what = f"{home.published.name} is damaged: {error}."
            yield Finding("published", "finding", what, publish_it if patient.writer else _rebuild(patient))
        return
    yield _in_step(patient, published, publish_it, may_publish)


def _in_step(patient: Patient, published: Health, publish_it: str, may_publish: bool) -> Finding:
    """Hold the published file's count of changes against the writer's."""
    name, writer = patient.home.published.name, patient.writer
    if writer is None or published.change_no == writer.change_no:
        return _judged("published", name, published, publish_it)
    if published.change_no > writer.change_no:
        return Finding(
            "published",
            "finding",
            f"{name} knows more (change {published.change_no}) than {patient.home.writer.name} "
            f"(change {writer.change_no}), which lost its last changes.",
            _rebuild(patient),
        )
    if may_publish:
        return _publish(patient, "was behind")
    return Finding(
        "published",
        "note",
        f"{name} is behind: change {published.change_no} of {writer.change_no}.",
        f"The next run publishes, or {publish_it}",
    )


def learn(patient: Patient) -> None:
    """Ask the writer's file, or the published one, what it says of things outside it."""
    home = patient.home
    for file in (home.writer,) * (patient.writer is not None) + (home.published,):
        try:
            patient.known = what_is_known(file)
        except WarehouseError:
            continue
        return


def _look_at_mode(patient: Patient) -> Findings:
    mode = stat.S_IMODE(patient.home.published.stat().st_mode)
    if mode == MODE:
        return
    name = patient.home.published.name
    if patient.fix:
        patient.home.published.chmod(MODE)
        yield Finding("published", "fixed", f"{name} had mode {mode:04o}, now {MODE:04o}.")
    else:
        what = f"{name} has mode {mode:04o}: a plain `duckdb` would open it for writing and lock others out."
        yield Finding("published", "finding", what, f"ontherecord doctor --fix{patient.option}")


def _look_at_traces(patient: Patient, writer: Health) -> Findings:
    """Say what a killed run left in the writer's file and its WAL; the next run, or --fix, takes it in."""
    wal = wal_of(patient.home.writer)
    size = wal.stat().st_size if wal.exists() else 0
    if not size and not writer.running_count:
        return
    what = []
    if writer.running_count:
        what.append(f"Runs that were killed and still count as running: {writer.running_count}")
    if size:
        what.append(f"Bytes in the WAL: {size:,}")
    if not patient.fix or writer.migration > newest_migration():
        yield Finding("killed run", "note", "; ".join(what) + ".", "The next run mends that by itself.")
        return
    with opened(patient.home) as engine:
        mark_lost_runs(engine)
    yield Finding("killed run", "fixed", "; ".join(what) + ". Recorded and taken in.")


def _judged(check: str, name: str, health: Health, mend: str) -> Finding:
    """Judge a file that could be read."""
    newest = newest_migration()
    if health.migration > newest:
        what = f"{name} has migration {health.migration}, this code's last is {newest}."
        return Finding(check, "finding", what, "Update ontherecord, or use the version that wrote it.")
    if health.broken:
        worst = health.broken[0]
        what = f"{name} breaks {len(health.broken)} checks: {worst.name}, such as {worst.examples[0]}."
        return Finding(check, "finding", what, mend)
    if health.migration < newest:
        what = f"{name} has migration {health.migration} of {newest}: of an earlier version."
        return Finding(check, "note", what, "The next run brings it up to date.")
    what = f"{name}: {health.article_count:,} articles, change {health.change_no}"
    return Finding(check, "ok", f"{what}; every row read, all checks hold.")


def _publish(patient: Patient, why: str) -> Finding:
    name = patient.home.published.name
    try:
        with opened(patient.home) as engine:
            build_marts(engine)
            publish(engine, patient.home)
    except OnTheRecordError as error:
        return Finding(
            "published", "finding", f"{name} {why}. {error}", f"ontherecord publish{patient.option}"
        )
    return Finding("published", "fixed", f"{name} {why}: published anew.")


def _rebuild(patient: Patient) -> str:
    return f"ontherecord rebuild {patient.landing or 'LANDING'}{patient.option}"
