"""Commands that show the archive without SQL: show, browse."""

from __future__ import annotations

import webbrowser
from pathlib import Path
from typing import Annotated

import typer

from ontherecord.flows.browse.article_page import render_article
from ontherecord.flows.cli.options import Options, with_options
from ontherecord.flows.cli.tables import print_json, print_table
from ontherecord.flows.pages.files import write_page
from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.database import Row
from ontherecord.warehouse.errors import WarehouseError
from ontherecord.warehouse.published_reader import ArticleRead, PublishedReader

# Articles that are listed where several match.
_LISTED = 30


@with_options("home", "as_json")
def show(
    options: Options,
    article: Annotated[
        list[str],
        typer.Argument(metavar="ARTICLE", help="Its id, path, URL or headline, or words of the headline."),
    ],
    out: Annotated[
        Path | None, typer.Option("--out", help="The HTML file (default: article-ID.html in this folder).")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the page in the browser.")] = False,
) -> None:
    """Write an article as an HTML page, with its quotes marked.

    The page needs no network. If several articles match, they are listed and nothing is written.

    Example: ontherecord show first tram --open
    """
    wanted = " ".join(article)
    reader = PublishedReader(options.settings().paths)
    with reader.pages() as reading:
        found = reading.find(wanted)
        if not found:
            raise WarehouseError(_unknown(wanted, reading.closest_paths(wanted)))
        read = reading.article(found[0]["article_id"]) if len(found) == 1 else None
    reader.close()
    if read is None:
        _print_several(found, options.as_json)
        return
    page = _write(read, out)
    if options.as_json:
        print_json(
            {"page": str(page), "bytes": page.stat().st_size, "article_id": read.article["article_id"]}
        )
    else:
        print(f"Wrote {page}: {sanitize(read.article['title'])}, {counted(len(read.quotes), 'quote')}.")
    if open_:
        webbrowser.open(page.absolute().as_uri())


def _write(read: ArticleRead, out: Path | None) -> Path:
    page = out or Path(f"article-{read.article['article_id']}.html")
    write_page(render_article(read), page)
    return page


def _print_several(found: tuple[Row, ...], as_json: bool) -> None:
    if as_json:
        print_json({"page": None, "matching": found})
        return
    columns = ("article", "published on", "outlet", "headline", "path")
    keys = ("article_id", "published_on", "outlet", "title", "source_path")
    print_table(columns, [[row[key] for key in keys] for row in found[:_LISTED]])
    more = f" These are the newest {_LISTED}." if len(found) > _LISTED else ""
    print(f"{counted(len(found), 'article')} match.{more} Name one by its id or path.")


def _unknown(wanted: str, closest: list[str]) -> str:
    near = "".join(f"\n  {path!r}" for path in closest)
    return (
        f"No article has the id, path, URL or headline {wanted!r}, nor a headline with all these words. "
        f"Search the texts with `ontherecord browse`. Most similar paths:{near or ' none'}"
    )


@with_options("home")
def browse(
    options: Options,
    port: Annotated[
        int | None, typer.Option(min=1, max=65535, help="The port (default: the first free one from 4280).")
    ] = None,
    open_: Annotated[bool, typer.Option("--open", help="Open the start page in the browser.")] = False,
) -> None:
    """Read the archive in the browser until Ctrl-C.

    The pages show what is published, even while a run is writing. Only this machine can open them.

    Example: ontherecord browse --open
    """
    from ontherecord.flows.browse.server import serve_archive

    def say(address: str) -> None:
        print(f"Browse: {address}  Press Ctrl-C to stop.", flush=True)
        if open_:
            webbrowser.open(address)

    serve_archive(options.settings().paths, port, say)
    print("Stopped.")
