"""On the Record: who said what about whom in news articles, queried in SQL.

The public API, for notebooks and scripts. All else is reached by the command line (`ontherecord --help`) and
by SQL on the published warehouse; modules below this one may change in any release.

>>> import ontherecord
>>> found = ontherecord.extract('"We are open again," harbour master Ida Brandt said. Few ships came.')
>>> [(quote.speaker, quote.text) for quote in found.quotes]
[('Ida Brandt', 'We are open again,')]
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

# Subpackages import this package first: whatever it needs of them is imported when a function is called.
if TYPE_CHECKING:
    import duckdb

    from ontherecord.flows.pipeline.results import RunResult
    from ontherecord.warehouse.records import Extract

__all__ = ["extract", "ingest", "open"]


def extract(text: str, title: str | None = None, *, model: str | None = None) -> Extract:
    """Find the names and quotes of one article.

    Args:
        text: The article's body, a paragraph a line.
        title: Its headline, in which names are found too.
        model: An installed spaCy model (default: the one that the pipeline uses). The first call loads it,
            which takes a second or two.

    Returns:
        Entities, mentions and quotes. Offsets are half-open, in code points into `text` (`title` for mentions
        in it). `quote.speaker` is None where the text does not say who speaks.

    Raises:
        PipelineError: The model is not installed.
    """
    from ontherecord.flows.settings import Settings
    from ontherecord.warehouse.records import ArticleText

    content = hashlib.sha256(f"{title or ''}\n{text}".encode("utf-8", "surrogatepass")).hexdigest()
    extractor = _extractor(model or Settings.model_fields["model"].default)
    found: Extract
    [found] = extractor.extract([ArticleText(content, title or "", text)])
    return found


def open(home: str | Path = "data") -> duckdb.DuckDBPyConnection:
    """Open the published warehouse of a home folder, read-only, whichever version published it.

    Runs that publish meanwhile are not seen by this connection; open another one for those.

    Raises:
        WarehouseError: Nothing is published there.
    """
    from ontherecord.flows.settings import load_settings
    from ontherecord.warehouse.publish import open_published

    return open_published(load_settings(home=Path(home)).paths, any_schema=True)


def ingest(
    landing: str | Path, home: str | Path = "data", *, workers: int | None = None, model: str | None = None
) -> RunResult:
    """Load new article files from a folder, archive or URL, and publish: `ontherecord ingest` as a function.

    Progress goes to stderr. Processes are spawned, so a script calls this below `if __name__ == "__main__":`.

    Args:
        landing: Where the article files are.
        home: The folder of the warehouse; created if it does not exist.
        workers: Processes that extract (default: as many as there are processors).
        model: An installed spaCy model.

    Returns:
        What became of the files: `result.counts`, `result.rejected` with the rule that each failed,
        `result.summary()`.

    Raises:
        PipelineError: The run cannot go on. What earlier batches loaded stays.
    """
    from ontherecord.flows.cli.run_flow import cluster_extraction
    from ontherecord.flows.ingest import ingest as run
    from ontherecord.flows.landing.location import parse_location
    from ontherecord.flows.pipeline.terminal_runner import TerminalRunner
    from ontherecord.flows.settings import load_settings

    settings = load_settings(home=Path(home), workers=workers, model=model)
    with TerminalRunner() as runner:
        return run(parse_location(str(landing)), settings, runner, cluster=cluster_extraction(settings))


@cache
def _extractor(model: str) -> Any:
    from ontherecord.flows.extract.extractor import Extractor

    return Extractor(model)
