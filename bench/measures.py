"""The measures of bench/run.py that need thousands of articles: extraction, the whole pipeline, load."""

from __future__ import annotations

import json
import sys
from pathlib import Path

from machine import Taken
from workshop import BENCH, Row, Workshop, say

OURS, NAMES, TEXTACY = "on the record", "spaCy names alone", "textacy direct_quotations"
WORKERS = 2
PEAK = "pipeline"


def extraction(workshop: Workshop) -> list[Row]:
    """Hold one thread's processor time against textacy's and the stock pass for names, set by set."""
    gold, news = workshop.shared / "gold", workshop.shared / "articles" / "senate_web"
    rounds = ("--rounds", str(workshop.rounds), "--json")
    taken = workshop.run(sys.executable, BENCH / "speed.py", "--gold", gold, "--news", news, *rounds)
    sets = json.loads(taken.output)["sets"]
    if not any(TEXTACY in found["seconds"] for found in sets.values()):
        say("textacy is not installed, so nothing is held against it")
    rows = []
    for name, found in sets.items():
        ours = found["seconds"][OURS]
        rate = f"{found['articles'] * len(ours) / sum(ours):.0f} articles a processor second"
        if TEXTACY in found["seconds"]:
            times = [theirs / own for theirs, own in zip(found["seconds"][TEXTACY], ours, strict=True)]
            rows.append(Row(f"{name}: speed, times textacy's", rate, times, 2.2, at_least=True))
        shares = [own / theirs for theirs, own in zip(found["seconds"][NAMES], ours, strict=True)]
        rows.append(Row(f"{name}: processor time, to that of names alone", rate, shares, 1.0))
    return rows


def pipeline(workshop: Workshop) -> list[Row]:
    """Hold ingest against extraction alone, and two workers against one."""
    landing = workshop.landing(workshop.articles)
    alone, whole, used = {}, {}, {}
    for workers in (WORKERS, 1):
        say(f"extraction alone, workers: {workers}")
        alone[workers], used[workers] = _alone(workshop, landing, workers)
        say(f"ingest, workers: {workers}")
        whole[workers] = workshop.ingest(landing, workshop.fresh("home"), "--workers", str(workers))
    rows = [
        Row(
            f"ingest to extraction alone, workers: {workers}",
            f"{whole[workers].wall:.1f} to {alone[workers]:.1f} s for {workshop.articles:,} files",
            [whole[workers].wall / alone[workers]],
            1.15,
        )
        for workers in (WORKERS, 1)
    ]
    rows += [
        Row(
            f"ingest to processor time of extraction alone, workers: {workers}",
            f"{whole[workers].wall:.1f} to {used[workers]:.1f} s; ingest used {whole[workers].cpu:.1f} s",
            [whole[workers].wall / used[workers]],
        )
        for workers in (WORKERS, 1)
    ]
    rows.append(
        Row(
            "ingest: speed of two workers, times one's",
            f"{whole[1].wall:.1f} to {whole[WORKERS].wall:.1f} s",
            [whole[1].wall / whole[WORKERS].wall],
            1.8,
            at_least=True,
        )
    )
    workshop.peaks[PEAK] = whole[WORKERS].resident
    return [*rows, *memory_rows(f"ingest of {workshop.articles:,}", whole[WORKERS])]


def _alone(workshop: Workshop, landing: Path, workers: int) -> tuple[float, float]:
    """Return the wall and the processor seconds that extraction takes, the workers' start with it."""
    taken = workshop.run(sys.executable, BENCH / "alone.py", landing, str(workers))
    found = json.loads(taken.output)
    return found["wall"], found["cpu"] + taken.cpu - taken.own_cpu


def memory_rows(what: str, taken: Taken) -> list[Row]:
    """Return rows of a run's peak memory."""
    return [
        Row(
            f"{what}: peak memory of all processes",
            "what they share counted in each, ten looks a second",
            [taken.resident / 1e9],
            1.5,
            unit=" GB",
        ),
        Row(
            f"{what}: peak memory of all processes, shared once",
            "what they share counted once",
            [taken.proportional / 1e9],
            1.5,
            unit=" GB",
        ),
    ]


def load(workshop: Workshop) -> list[Row]:
    """Hold load into the core tables against a bare insert of the same Arrow tables, batch by batch."""
    home = workshop.fresh("home", workshop.kept(workshop.articles))
    say("load beside bare inserts")
    _, found = workshop.clocked(
        workshop.landing(workshop.articles), home, "--workers", "1", bare=home / "bare.duckdb"
    )
    batches = [
        (loaded, tables, bare)
        for loaded, tables, bare in zip(
            *(found["seconds"][n] for n in ("load", "tables", "bare")), strict=True
        )
    ]
    rows, seconds = sum(found["rows"]), [sum(column) for column in zip(*batches, strict=True)]
    records, tables, bare = seconds
    return [
        Row(
            "rows a second, to a bare insert's, from Arrow tables",
            f"{rows / (records - tables):,.0f} to {rows / bare:,.0f} rows a second",
            [bare / (loaded - tables) for loaded, tables, bare in batches],
            0.5,
            at_least=True,
        ),
        Row(
            "rows a second, to a bare insert's, from records",
            f"{rows / records:,.0f} to {rows / bare:,.0f} rows a second",
            [bare / loaded for loaded, _, bare in batches],
            0.5,
            at_least=True,
        ),
    ]
