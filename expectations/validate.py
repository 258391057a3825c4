"""Validate: hold a batch of deliveries against the header suite. Between parse and extract.

The only file that imports Great Expectations. Its import takes seconds, so it waits until there is
a batch, and a batch is validated in one go: a run of the suite costs about 0.1 s for one row as
for ten thousand.
"""

from __future__ import annotations

import html
import json
import logging
import os
import warnings
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.records import Delivery, Failure

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_SHOWN = 200


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the suite says of one delivery: it is quarantined if there is any failure."""

    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]


class HeaderSuite:
    """The header suite, `headers.json` unless another file is named.

    Each expectation carries in its `meta` the rule id and the message for whoever fixes the file.
    Severity `critical` quarantines a file, any other lets it load with the rule as a warning.
    `docs` is the folder Data Docs are built into on demand.
    """

    def __init__(self, suite: Path | None = None, docs: Path | None = None) -> None:
        self._suite = suite
        self._docs = docs

    def validate(self, deliveries: Sequence[Delivery], now: datetime | None = None) -> list[Verdict]:
        """Return a verdict for each delivery, in order. `now` (UTC) is what dates are held against.

        Raises PipelineError if the suite cannot be read or an expectation could not be evaluated.
        """
        if not deliveries:
            return []
        frame = _frame(deliveries, now or datetime.now(UTC).replace(tzinfo=None))
        failures: list[list[Failure]] = [[] for _ in deliveries]
        warned: list[list[str]] = [[] for _ in deliveries]
        for result in self._run(frame).results:
            config = result.expectation_config
            meta, column = config.meta or {}, config.kwargs.get("column")
            rule, message = meta.get("rule"), meta.get("message")
            if not (rule and message and column):
                raise PipelineError(
                    f"An expectation of the header suite ({config.type}) lacks a column, or a rule or "
                    "message in its meta. Add them: they say which file is quarantined, and why."
                )
            if result.exception_info.get("raised_exception", True):
                raise PipelineError(
                    f"Rule {rule} of the header suite could not be evaluated: "
                    f"{_exception(result.exception_info)}. Fix it in expectations/headers.json."
                )
            rows = result.result.get("unexpected_index_list") or ()
            if not result.success and not rows:
                raise PipelineError(
                    f"Rule {rule} of the header suite fails without naming a file. Take an expectation about "
                    "each value of a column instead of one about the column as a whole."
                )
            for found in rows:
                row = int(found["row"])
                if config.severity == "critical":
                    failures[row].append(
                        Failure(rule, column, _shown(deliveries[row], column, found), message)
                    )
                else:
                    warned[row].append(rule)
        return [Verdict(tuple(f), tuple(w)) for f, w in zip(failures, warned, strict=True)]

    def build_docs(self) -> Path:
        """Write Data Docs of all batches validated so far; return their first page."""
        assert self._docs is not None, "a HeaderSuite without a docs folder builds none"
        self._escape_what_was_found()
        self._context.build_data_docs()
        return self._docs / "index.html"

    def _escape_what_was_found(self) -> None:
        """Make text of what Great Expectations would write into its pages as markup: values of files."""
        store = self._context.validation_results_store
        for key in store.list_keys():
            found: Any = store.get(key)
            for result in found.results:
                result.result = _escaped(result.result)
            store.add_or_update(key, found)

    def _run(self, frame: pd.DataFrame) -> Any:
        formatted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]}
        if self._docs is None:
            batch = self._batches.get_batch({"dataframe": frame})
            return batch.validate(self._expectations, result_format=formatted)
        import great_expectations as gx

        definition = gx.ValidationDefinition(
            name=f"headers-{len(list(self._context.validation_definitions.all())) + 1}",
            data=self._batches,
            suite=self._expectations,
        )
        definition = self._context.validation_definitions.add(definition)
        return definition.run(batch_parameters={"dataframe": frame}, result_format=formatted)

    @cached_property
    def _context(self) -> EphemeralDataContext:
        os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import great_expectations as gx
            from great_expectations.data_context.types.base import ProgressBarsConfig
        # Its import sets this one to INFO, which in a run's log says nothing to anybody.
        logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.ERROR)
        context = gx.get_context(mode="ephemeral")
        context.variables.progress_bars = ProgressBarsConfig(globally=False)
        for name in list(context.get_site_names()):
            context.delete_data_docs_site(name)
        if self._docs is not None:
            context.add_data_docs_site(
                "local",
                {
                    "class_name": "SiteBuilder",
                    "site_index_builder": {"class_name": "DefaultSiteIndexBuilder"},
                    "store_backend": {
                        "class_name": "TupleFilesystemStoreBackend",
                        "base_directory": str(self._docs),
                    },
                },
            )
        return context

    @cached_property
    def _expectations(self) -> Any:
        import great_expectations as gx

        where = self._suite or files("ontherecord.expectations").joinpath("headers.json")
        try:
            suite = gx.ExpectationSuite(**json.loads(where.read_text(encoding="utf-8")))
        except (OSError, ValueError, TypeError) as error:
            raise PipelineError(
                f"The header suite {where} cannot be read: {error}. Fix the file, or name another one."
            ) from error
        return self._context.suites.add(suite)

    @cached_property
    def _batches(self) -> Any:
        source = self._context.data_sources.add_pandas("deliveries")
        return source.add_dataframe_asset("headers").add_batch_definition_whole_dataframe("batch")


def _frame(deliveries: Sequence[Delivery], now: datetime) -> pd.DataFrame:
    """Return one row a delivery: the columns that the suite's rules speak of."""
    import pandas as pd

    def conflict(header: str) -> pd.Series[str]:
        found = [dict(d.conflicts).get(header) for d in deliveries]
        return pd.Series([" | ".join(values) if values else None for values in found], dtype="str")

    published = [d.published_at for d in deliveries]
    return pd.DataFrame(
        {
            "row": range(len(deliveries)),
            "title": pd.Series([d.title for d in deliveries], dtype="str"),
            "supertitle": pd.Series([d.supertitle for d in deliveries], dtype="str"),
            "section": pd.Series([d.section for d in deliveries], dtype="str"),
            "date_text": pd.Series([d.date_text for d in deliveries], dtype="str"),
            "published_at": pd.Series(published, dtype="datetime64[us]"),
            "date_problem": pd.Series([d.date_problem for d in deliveries], dtype="str"),
            "days_ahead": [None if p is None else (p - now).total_seconds() / 86_400 for p in published],
            "word_count": [d.word_count for d in deliveries],
            "title_conflict": conflict("title"),
            "section_conflict": conflict("section"),
            "date_conflict": conflict("date"),
        }
    )


def _shown(delivery: Delivery, column: str, found: dict[str, Any]) -> str | None:
    """Return the value that failed, as it was delivered where it is a date, in words where it is a count."""
    if column in ("published_at", "days_ahead", "date_problem"):
        return _cut(delivery.date_text)
    if column == "word_count":
        return f"{delivery.word_count} words"
    value = found.get(column)
    if value is None or value != value:  # GX gives a missing value as NaN
        return None
    return _cut(str(value))


def _cut(text: str | None) -> str | None:
    return text if text is None or len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"


def _escaped(found: Any) -> Any:
    if isinstance(found, str):
        return html.escape(found)
    if isinstance(found, dict):
        return {name: _escaped(value) for name, value in found.items()}
    return [_escaped(value) for value in found] if isinstance(found, list | tuple) else found


def _exception(info: dict[str, Any]) -> str:
    if "exception_message" in info:
        return str(info["exception_message"])
    return "; ".join(str(part.get("exception_message")) for part in info.values() if isinstance(part, dict))
