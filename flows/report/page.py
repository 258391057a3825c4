"""The report page: one HTML file about the warehouse, made after each publish or by command.

It loads nothing and runs no scripts. The template's environment sanitizes and escapes every value, so no line
of the template can forget to.
"""

from __future__ import annotations

import os
from dataclasses import fields
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from ontherecord.flows.plural import counted
from ontherecord.flows.report.charts import section_totals, sections_over_time, who_speaks_on_whom
from ontherecord.flows.sanitize import sanitize
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.errors import ReportError
from ontherecord.warehouse.report_data import ReportData, read_report_data

# Most characters shown of the longest quotation, which may be a whole letter or speech.
_QUOTATION_CHARACTERS = 900


def make_report(home: DataDir, out: Path | None = None) -> Path:
    """Write the report about the published warehouse, into the home folder by default; return its path.

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
            f"The report cannot be written to {target}: {error.strerror or error}. Name a writable file "
            "with --out."
        ) from error
    finally:
        draft.unlink(missing_ok=True)
    return target


def render(data: ReportData) -> str:
    """Render the page as HTML."""
    from jinja2 import Environment, PackageLoader, StrictUndefined
    from markupsafe import Markup

    environment = Environment(
        loader=PackageLoader("ontherecord.flows.report", "."),
        autoescape=True,
        finalize=_sanitize_text,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters |= {"day": _format_day, "counted": counted, "cut": _shorten}
    return environment.get_template("page.html.j2").render(
        {field.name: getattr(data, field.name) for field in fields(data)},
        sections_chart=sections_over_time(data.sections),
        sections_legend=section_totals(data.sections),
        speaks_on_chart=who_speaks_on_whom(data.speaker_topics),
        svg=Markup,
        letters=_QUOTATION_CHARACTERS,
        made_at=datetime.now(UTC),
    )


def _sanitize_text(value: Any) -> Any:
    """Sanitize text; markup that this code made is returned as it is."""
    return sanitize(value) if type(value) is str else value


def _format_day(value: date) -> str:
    return f"{value.day} {value:%B %Y}"


def _shorten(text: str, length: int) -> str:
    """Shorten text after a whole word."""
    text = " ".join(text.split())
    return text if len(text) <= length else text[:length].rpartition(" ")[0] + " …"
