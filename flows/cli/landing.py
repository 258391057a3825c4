"""Commands on what has landed: describe, and the preview of an ingest."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.landing.access import list_location, open_reader
from ontherecord.flows.landing.describe import Description
from ontherecord.flows.landing.describe import describe as describe_file
from ontherecord.flows.landing.location import Location
from ontherecord.flows.pipeline.preview import FilePreview
from ontherecord.flows.pipeline.preview import preview as preview_files
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.flows.settings import Settings
from ontherecord.warehouse.errors import BadDelivery, LandingError

_SHOWN = 60
# A row of the preview fits a terminal of 80 columns.
_SHOWN_TITLE = 24
_SHOWN_BODY = 300


@with_options("home", "as_json")
def describe(
    options: Options,
    file: Annotated[Path, typer.Argument(help="A landed file.")],
    form: Annotated[str | None, typer.Option("--form", help="Read it in this form.")] = None,
) -> None:
    """Show how a file is read, and its first article.

    Example: ontherecord landing describe articles/week.csv
    """
    settings = options.settings(form=form)
    if not file.is_file():
        raise LandingError(f"There is no file {file}. Name a file, not a folder.")
    [landed] = list_location(file)
    copies = settings.paths.copies if settings.paths.folder.is_dir() else None
    with open_reader(file, copies) as reader:
        try:
            raw = reader.read(landed)
        except BadDelivery as error:
            raise LandingError(f"{file} cannot be read: {error}") from error
        try:
            found = describe_file(raw, settings.reading)
        finally:
            raw.discard()
    if options.as_json:
        print_json(_as_dict(found))
    else:
        _print(found)


def print_preview(location: Location, settings: Settings, *, as_json: bool) -> None:
    """Print what an ingest would make of each file."""
    found, passed_over = preview_files(location, settings)
    not_taken = passed_over.kinds()
    if as_json:
        facts = [{"kind": kind, "count": count, "example": example} for kind, count, example in not_taken]
        print_json({"files": [file.to_dict() for file in found], "not_taken": facts})
        return
    print_table(
        ("file", "form", "articles", "first title", "date", "quarantined"),
        [_preview_row(file) for file in found],
    )
    for rule in sorted({rule for file in found for rule in file.rules}):
        path, first = next(file.examples[rule] for file in found if rule in file.rules)
        value = f" [{first.value}]" if first.value else ""
        print(sanitize(f"{rule}: {path}{value}. {first.message}"))
    articles, held = sum(file.article_count for file in found), sum(file.held_count for file in found)
    print(
        f"{counted(len(found), 'file')}: {counted(articles, 'article')} valid, {held:,} to be quarantined. "
        "Nothing was written."
    )
    if not_taken:
        kinds = ", ".join(f"{count:,} {kind} ({sanitize(example)})" for kind, count, example in not_taken)
        print(f"Not taken: {kinds}. docs/landing.md has the forms that are taken.")


def _preview_row(file: FilePreview) -> tuple[object, ...]:
    rules = ", ".join(f"{count:,} {rule}" for rule, count in file.rules.most_common())
    at = f"{file.published_at:%Y-%m-%d}" if file.published_at else None
    title = _shorten(file.title or "", _SHOWN_TITLE)
    return file.source_path, file.form, f"{file.article_count:,}", title, at, rules


def _as_dict(found: Description) -> dict[str, object]:
    first = found.first
    return {
        "form": found.form,
        "many_articles": found.holds_many,
        "headers": [{"name": h.name, "column": h.column, "example": h.example} for h in found.headers],
        "first_article": first
        and {
            "path": found.first_path,
            "title": first.title,
            "published_at": first.published_at,
            "section": first.section,
            "outlet": first.outlet,
            "url": first.url,
            "authors": first.authors,
            "language": first.language,
            "words": first.word_count,
            "warnings": first.warnings,
        },
        "failures": [{"rule": f.rule, "value": f.value, "message": f.message} for f in found.failures],
    }


def _print(found: Description) -> None:
    many = "It has many articles; each gets a path of its own." if found.holds_many else "It has one article."
    print(f"Form: {found.form}. {many}")
    if found.headers:
        rows = [(h.name, h.column or "headers", _shorten(h.example)) for h in found.headers]
        print_table(("header", "column", "first value"), rows)
        print(
            'To map other names to columns, write `[columns]` in ontherecord.toml, then `title = "Kop"`, say.'
        )
    if first := found.first:
        print(f"\n{sanitize(found.first_path)}")
        print(f"{sanitize(first.title or 'No title')}, {first.published_at or first.date_text or 'no date'}")
        body = sanitize(first.body[:_SHOWN_BODY].replace("\n", " "))
        print(f"{body}{'…' if len(first.body) > _SHOWN_BODY else ''}\n({counted(first.word_count, 'word')})")
        if first.warnings:
            print(f"Warnings: {', '.join(first.warnings)}.")
    for failure in found.failures[:5]:
        value = f" [{sanitize(failure.value)}]" if failure.value else ""
        print(f"{failure.rule}{value}: {sanitize(failure.message)}")


def _shorten(text: str, most: int = _SHOWN) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"
