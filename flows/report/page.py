"""The page: one HTML file that says what is in the warehouse. Behind publish, and by hand.

It fetches nothing and runs nothing. Whatever came from a file is sanitized and escaped where it is
written, by the template's environment, so that no line of the template can forget it.
"""

from __future__ import annotations

import os
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ontherecord.flows.report.charts import section_totals, sections_over_time, who_speaks_on_whom
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ReportError
from ontherecord.warehouse.report_data import ReportData, read_report_data

# Letters of the longest quotation that the page gives; it may be a whole letter or speech.
_QUOTATION = 900


def make_report(home: DataDir, out: Path | None = None) -> Path:
    """Make the report on what is published, in the home folder unless told otherwise; return its path.

    Raises WarehouseError if nothing is published, ReportError if the page cannot be written.
    """
    published_ns = home.published_ns
    page = render(read_report_data(home))
    target = out or home.report
    draft = target.with_name(f".{target.name}.{os.getpid()}")
    try:
        draft.write_text(page, encoding="utf-8")
        if target == home.report and published_ns:
            os.utime(draft, ns=(published_ns, published_ns))
        draft.replace(target)
    except OSError as error:
        raise ReportError(
            f"The report cannot be written to {target}: {error.strerror or error}. Name a file in a folder "
            "that you can write to with --out."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def render(facts: ReportData) -> str:
    """Return the page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("ontherecord.flows.report", "."),
        autoescape=True,
        finalize=_inert,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _day, "counted": _counted, "cut": _cut}
    return environment.get_template("page.html.j2").render(
        {field.name: getattr(facts, field.name) for field in fields(facts)},
        sections_picture=sections_over_time(facts.sections),
        sections_legend=section_totals(facts.sections),
        speaks_on_picture=who_speaks_on_whom(facts.speaks_on),
        drawn=Markup,
        letters=_QUOTATION,
        made_at=datetime.now(UTC),
    )


def _inert(value: Any) -> Any:
    """Sanitize text; what is HTML by our own making stays."""
    return sanitize(value) if type(value) is str else value


def _day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _counted(count: int, one: str, many: str | None = None) -> str:
    return f"{count:,} {one if count == 1 else many or one + 's'}"


def _cut(text: str, letters: int) -> str:
    """Cut text behind a word."""
    text = " ".join(text.split())
    return text if len(text) <= letters else text[:letters].rpartition(" ")[0] + " …"
