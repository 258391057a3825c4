"""How to cite an archive: in a line, as a paragraph for a methods section, and as BibTeX."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable

from ontherecord.flows.pages.environment import format_day
from ontherecord.flows.plural import counted
from ontherecord.warehouse.about import About

# As in LICENSE and CITATION.cff.
AUTHOR = "On the Record contributors"
YEAR = 2026


def in_one_line(about: About) -> str:
    """Return version, rules, model, articles and day: "On the Record 2.0.0, rules 6, …"."""
    how = f", {_extracted_by(about, 'rules {}, {}')}" if about.methods else ""
    return (
        f"On the Record {about.version}{how}; {counted(about.article_count, 'article')}{_days(about)}; "
        f"published on {format_day(about.published_at)}"
    )


def paragraph(about: About) -> str:
    """Return how the quotes were found, for the methods section of a paper."""
    how = f" ({_extracted_by(about)})" if about.methods else ""
    run = f" (run {about.run_id})" if about.run_id else ""
    sentences = [
        f"Quotes and their speakers were found with On the Record {about.version}{how}.",
        f"The archive has {counted(about.article_count, 'article')}{_days(about)} and "
        f"{counted(about.quote_count, 'quote')}, as of {format_day(about.published_at)}{run}.",
        *_confidence(about),
        *_settings(about),
        *_by_hand(about),
    ]
    return " ".join(sentences)


def bibtex(about: About) -> str:
    """Return the BibTeX entry of the version that published the archive, with rules and model as a note."""
    how = _extracted_by(about)
    entry = {
        "author": f"{{{AUTHOR}}}",
        "title": "On the Record: who said what about whom in news articles",
        "version": about.version,
        "year": str(YEAR),
        "note": (how[:1].upper() + how[1:]).replace("_", r"\_"),
    }
    lines = (f"  {name:7} = {{{value}}}," for name, value in entry.items() if value)
    return "\n".join(["@software{ontherecord,", *lines, "}"])


def extractors(about: About) -> Counter[tuple[str, str]]:
    """Return how many articles were extracted by which rules and which model with its version."""
    counts: Counter[tuple[str, str]] = Counter()
    for method in about.methods:
        counts[method.rules_version, f"{method.model} {method.model_version}"] += method.article_count
    return counts


def _extracted_by(about: About, form: str = "extraction rules {}, spaCy model {}") -> str:
    """Return rules and model; if there are several, with the number of articles of each."""
    counts = extractors(about)
    return " and ".join(
        form.format(rules, model) + (f" in {counted(count, 'article')}" if len(counts) > 1 else "")
        for (rules, model), count in counts.most_common()
    )


def _days(about: About) -> str:
    if about.first_on is None or about.last_on is None:
        return ""
    if about.first_on == about.last_on:
        return f" of {format_day(about.last_on)}"
    return f" from {format_day(about.first_on)} to {format_day(about.last_on)}"


def _confidence(about: About) -> Iterable[str]:
    tables = sorted({m.confidence_sha256[:12] for m in about.methods if m.confidence_sha256})
    if tables:
        yield (
            "The confidence of a quote is the chance, measured on labelled articles, that its words and "
            f"speaker are right (table {' and '.join(tables)})."
        )


def _settings(about: About) -> Iterable[str]:
    """Say with which settings articles were read, if they are not the defaults."""
    counts: Counter[str | None] = Counter()
    for method in about.methods:
        counts[method.settings] += method.article_count
    for settings, count in counts.most_common():
        if settings is None:
            of = counted(count, "article")
            yield f"The settings with which {of} {'was' if count == 1 else 'were'} read are not recorded."
        elif given := json.loads(settings):
            values = (f"{name} = {json.dumps(value, ensure_ascii=False)}" for name, value in given.items())
            what = counted(count, "article was", "articles were")
            yield f"{what} read with the settings {', '.join(values)}."


def _by_hand(about: About) -> Iterable[str]:
    """Say how many lines that people wrote are applied."""
    lines = [
        f"{counted(count, 'line')} of {file}"
        for count, file in ((about.alias_count, "aliases.csv"), (about.correction_count, "corrections.csv"))
        if count
    ]
    if lines:
        yield f"Names and quotes were put right by hand ({' and '.join(lines)})."
