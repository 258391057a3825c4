"""Validate a batch of deliveries with the header suite. Runs between parsing and extraction.

This is the only file that imports Great Expectations. The import takes seconds, so it is done when there is a
batch. A batch is validated at once, because a run of the suite takes about 0.1 s for one row or for ten
thousand.
"""

from __future__ import annotations

import html
import json
import logging
import os
import warnings
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cached_property, lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ontherecord.flows.plural import counted
from ontherecord.warehouse.errors import PipelineError
from ontherecord.warehouse.records import DOCUMENT_CREATED, Delivery, Failure

if TYPE_CHECKING:
    import pandas as pd
    from great_expectations.data_context.data_context.ephemeral_data_context import EphemeralDataContext

_MAX_VALUE_LENGTH = 200
# Twelve hours after a time in UTC it has come everywhere.
_LAST_ZONE = timedelta(hours=12)
# The beginning of a column of the frame for a header that fills no column of ours.
_HEADER = "headers."


@dataclass(frozen=True, slots=True)
class Verdict:
    """The result for one delivery, which is quarantined if there are failures."""

    failures: tuple[Failure, ...]
    warnings: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class BatchRule:
    """A rule on a batch as a whole that did not hold: for how many batches, and what the last one had."""

    count: int
    observed: str | None
    message: str


class HeaderSuite:
    """The header suite, by default `headers.json`.

    The `meta` of each expectation has the rule id and a message that says how to fix the file. With severity
    `critical` a failure quarantines the file, with any other it adds a warning. `held_until` in the `meta`
    makes the rule an embargo: `published_at` or `embargo_until`, the time after which a run tries again. A
    rule on two or more columns judges each file too; one on a column as a whole, or on the table, names no
    file: `of_batches` has those that did not hold, by rule. Data Docs are built in the folder `docs`, on
    demand.
    """

    def __init__(self, suite: Path | None = None, docs: Path | None = None) -> None:
        self._suite = suite
        self._docs = docs
        self.of_batches: dict[str, BatchRule] = {}
        self._earlier: frozenset[Any] = frozenset()  # results of other runs, which have their pages

    def validate(self, deliveries: Sequence[Delivery], now: datetime | None = None) -> list[Verdict]:
        """Return a verdict for each delivery, in order. Dates are compared with `now`, in UTC.

        Raises PipelineError if the suite cannot be read, or an expectation cannot be evaluated.
        """
        if not deliveries:
            return []
        at = now or datetime.now(UTC).replace(tzinfo=None)
        frame = _frame(deliveries, at, self._headers)
        failures: list[list[Failure]] = [[] for _ in deliveries]
        warned: list[list[str]] = [[] for _ in deliveries]
        for result in self._run(frame).results:
            config = result.expectation_config
            meta, column = config.meta or {}, _column(config.kwargs)
            rule, message = meta.get("rule"), meta.get("message")
            if not (rule and message):
                raise PipelineError(
                    f"An expectation of the header suite ({config.type}) has no rule or no message in its "
                    f"meta. Add them in {self._file}."
                )
            if result.exception_info.get("raised_exception", True):
                raise PipelineError(
                    f"Rule {rule} of the header suite could not be evaluated: "
                    f"{_exception(result.exception_info)}. Fix it in {self._file}."
                )
            rows = result.result.get("unexpected_index_list") or ()
            if not result.success and not rows:
                before = self.of_batches.get(rule)
                observed = _truncate(str(result.result.get("observed_value")))
                self.of_batches[rule] = BatchRule(before.count + 1 if before else 1, observed, message)
            for found in rows:
                row = int(found["row"])
                if config.severity == "critical":
                    value = _invalid_value(deliveries[row], column, found)
                    until = _held_until(deliveries[row], meta.get("held_until"), at)
                    failures[row].append(Failure(rule, column, value, message, until))
                else:
                    warned[row].append(rule)
        return [Verdict(tuple(f), tuple(w)) for f, w in zip(failures, warned, strict=True)]

    def build_docs(self) -> Path:
        """Write Data Docs for all batches so far, beside those of earlier runs; return the index page."""
        assert self._docs is not None, "build_docs needs a docs folder"
        store = self._context.validation_results_store
        new = [key for key in store.list_keys() if key not in self._earlier]
        self._escape(new)
        pages: Any = [*new, *self._context.expectations_store.list_keys()]
        self._context.build_data_docs(resource_identifiers=pages)
        return self._docs / "index.html"

    def _escape(self, keys: Sequence[Any]) -> None:
        """Escape values from files, which Great Expectations would write into its pages as markup."""
        store = self._context.validation_results_store
        for key in keys:
            found: Any = store.get(key)
            for result in found.results:
                result.result = _escaped(result.result)
            store.add_or_update(key, found)

    def _run(self, frame: pd.DataFrame) -> Any:
        formatted = {"result_format": "COMPLETE", "unexpected_index_column_names": ["row"]}
        if self._docs is None:
            expectations, batches = _prepared(self._text, str(self._file))
            return batches.get_batch({"dataframe": frame}).validate(expectations, result_format=formatted)
        import great_expectations as gx

        expectations, batches = self._of_docs
        definition = gx.ValidationDefinition(
            name=f"headers-{len(list(self._context.validation_definitions.all())) + 1}",
            data=batches,
            suite=expectations,
        )
        definition = self._context.validation_definitions.add(definition)
        return definition.run(batch_parameters={"dataframe": frame}, result_format=formatted)

    @property
    def _file(self) -> Traversable:
        return self._suite or files("ontherecord.expectations").joinpath("headers.json")

    @cached_property
    def _text(self) -> str:
        try:
            return self._file.read_text(encoding="utf-8")
        except (OSError, ValueError) as error:
            raise _unreadable(str(self._file), error) from error

    @cached_property
    def _headers(self) -> list[str]:
        """Return the columns of the suite that are headers without a column of ours."""
        with suppress(
            ValueError, AttributeError, TypeError, KeyError
        ):  # an invalid suite is reported where it is run
            kwargs = [e.get("kwargs", {}) for e in json.loads(self._text)["expectations"]]
            columns = [name for found in kwargs for name in _columns(found)]
            return sorted({c for c in columns if isinstance(c, str) and c.startswith(_HEADER)})
        return []

    @cached_property
    def _context(self) -> EphemeralDataContext:
        """Return the context of the Data Docs, which keeps every batch, those of earlier runs too."""
        from great_expectations.data_context.store.validation_results_store import ValidationResultsStore

        assert self._docs is not None, "Data Docs need a folder"
        context = _new_context()
        name = context.validation_results_store_name
        assert name
        backend = {
            "class_name": "TupleFilesystemStoreBackend",
            "base_directory": str(self._docs / "results"),
            "filepath_suffix": ".json",
        }
        store = ValidationResultsStore(store_backend=backend, store_name=name)
        context.stores[name] = store
        self._earlier = frozenset(store.list_keys())
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
    def _of_docs(self) -> tuple[Any, Any]:
        return _prepare(self._context, self._text, str(self._file))


@lru_cache(maxsize=4)
def _prepared(suite: str, name: str) -> tuple[Any, Any]:
    """Return what `_prepare` does, once per suite: a process may do many runs."""
    return _prepare(_new_context(), suite, name)


def _prepare(context: EphemeralDataContext, suite: str, name: str) -> tuple[Any, Any]:
    """Return the expectations of a suite, and the definition that makes a batch of a frame.

    Raises PipelineError, naming the suite, if it is invalid.
    """
    import great_expectations as gx

    try:
        expectations = gx.ExpectationSuite(**json.loads(suite))
    except (ValueError, TypeError) as error:
        raise _unreadable(name, error) from error
    source = context.data_sources.add_pandas("deliveries")
    batches = source.add_dataframe_asset("headers").add_batch_definition_whole_dataframe("batch")
    return context.suites.add(expectations), batches


def _new_context() -> EphemeralDataContext:
    os.environ.setdefault("GX_ANALYTICS_ENABLED", "false")
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import great_expectations as gx
        from great_expectations.data_context.types.base import ProgressBarsConfig
    # The import sets this logger to INFO, which only adds noise to the log.
    logging.getLogger("great_expectations.data_context.types.base").setLevel(logging.ERROR)
    context = gx.get_context(mode="ephemeral")
    context.variables.progress_bars = ProgressBarsConfig(globally=False)
    for name in list(context.get_site_names()):
        context.delete_data_docs_site(name)
    return context


def _unreadable(suite: str, error: Exception) -> PipelineError:
    return PipelineError(
        f"The header suite {suite} cannot be read: {error}. Fix the file, or name another one."
    )


def _frame(deliveries: Sequence[Delivery], now: datetime, headers: Sequence[str] = ()) -> pd.DataFrame:
    """Return one row per delivery, with the columns that a suite can check.

    `headers` are columns for other headers that the suite checks, `headers.NAME`: null where a file has none
    of that name.
    """
    import pandas as pd

    def conflict(header: str) -> pd.Series[str]:
        found = [dict(d.conflicts).get(header) for d in deliveries]
        return pd.Series([" | ".join(values) if values else None for values in found], dtype="str")

    def header(name: str) -> pd.Series[str]:
        return pd.Series([dict(d.headers).get(name) for d in deliveries], dtype="str")

    published = [d.published_at for d in deliveries]
    places = [d.raw.landed.in_file for d in deliveries]
    return pd.DataFrame(
        {
            "row": range(len(deliveries)),
            "title": pd.Series([d.title for d in deliveries], dtype="str"),
            "supertitle": pd.Series([d.supertitle for d in deliveries], dtype="str"),
            "section": pd.Series([d.section for d in deliveries], dtype="str"),
            "date_text": pd.Series([d.date_text for d in deliveries], dtype="str"),
            "published_at": pd.Series(published, dtype="datetime64[us]"),
            "embargo_until": pd.Series([d.embargo_until for d in deliveries], dtype="datetime64[us]"),
            "published_at_utc": pd.Series([d.published_at_utc for d in deliveries], dtype="datetime64[us]"),
            "date_problem": pd.Series([d.date_problem for d in deliveries], dtype="str"),
            "days_ahead": [None if p is None else (p - now).total_seconds() / 86_400 for p in published],
            "word_count": [d.word_count for d in deliveries],
            "outlet": pd.Series([d.outlet for d in deliveries], dtype="str"),
            "url": pd.Series([d.url for d in deliveries], dtype="str"),
            "authors": pd.Series(["; ".join(d.authors) or None for d in deliveries], dtype="str"),
            "byline": pd.Series([d.byline for d in deliveries], dtype="str"),
            "language": pd.Series([d.language for d in deliveries], dtype="str"),
            "form": pd.Series([d.form for d in deliveries], dtype="str"),
            "article_key": pd.Series([place and place.key for place in places], dtype="str"),
            "title_conflict": conflict("title"),
            "section_conflict": conflict("section"),
            "date_conflict": conflict("date"),
            **{name: header(name.removeprefix(_HEADER)) for name in headers},
        }
    )


def _column(kwargs: dict[str, Any]) -> str | None:
    """Return the column that a rule judges, several joined by commas; None for a rule on the table."""
    return ", ".join(map(str, _columns(kwargs))) or None


def _columns(kwargs: dict[str, Any]) -> list[Any]:
    named = [kwargs.get(name) for name in ("column", "column_A", "column_B")]
    return [column for column in (*named, *kwargs.get("column_list", ())) if column]


def _invalid_value(delivery: Delivery, column: str | None, found: dict[str, Any]) -> str | None:
    """Return the invalid value for display: dates as delivered, counts with a unit."""
    if column in ("published_at", "days_ahead", "date_problem"):
        readings = (
            f" ({delivery.date_readings})" if column == "date_problem" and delivery.date_readings else ""
        )
        return _truncate(f"{delivery.date_text}{readings}" if delivery.date_text else None)
    created = dict(delivery.headers).get(DOCUMENT_CREATED)
    if column == "date_text" and not delivery.date_text and created:
        return f"none; the document was created {created.partition('T')[0]}"
    if column == "word_count":
        return counted(delivery.word_count, "word")
    values = [found.get(name) for name in (column or "").split(", ")]
    # GX returns NaN for a missing value.
    shown = [str(value) for value in values if value is not None and value == value]
    return _truncate(" | ".join(shown)) if shown else None


def _held_until(delivery: Delivery, column: str | None, now: datetime) -> datetime | None:
    """Return when a file is tried again by itself; None if its rule holds for good or the time has come.

    Without a zone, a time has come when it has come everywhere.
    """
    until = delivery.embargo_until if column == "embargo_until" else None
    if column in ("published_at", "published_at_utc"):
        at = delivery.published_at
        until = delivery.published_at_utc or (min(at, datetime.max - _LAST_ZONE) + _LAST_ZONE if at else None)
    return until if until and until > now else None


def _truncate(text: str | None) -> str | None:
    return text if text is None or len(text) <= _MAX_VALUE_LENGTH else text[: _MAX_VALUE_LENGTH - 1] + "…"


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
