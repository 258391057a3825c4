"""The report page: one HTML file about the warehouse, made after each publish or by command.

It loads nothing and runs no scripts.
"""

from __future__ import annotations

from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path

from markupsafe import Markup

from ontherecord.flows.citation import in_one_line
from ontherecord.flows.pages.environment import page_environment
from ontherecord.flows.pages.files import write_page
from ontherecord.flows.report.charts import section_totals, sections_over_time, who_speaks_on_whom
from ontherecord.warehouse.data_dir import DataDir
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
    write_page(page, target, modified_ns=published_ns if target == home.report else None)
    return target


def render(data: ReportData) -> str:
    """Render the page as HTML."""
    environment = page_environment("ontherecord.flows.report")
    return environment.get_template("page.html.j2").render(
        {field.name: getattr(data, field.name) for field in fields(data)},
        sections_chart=sections_over_time(data.sections),
        sections_legend=section_totals(data.sections),
        speaks_on_chart=who_speaks_on_whom(data.speaker_topics),
        svg=Markup,
        cited=in_one_line(data.about),
        letters=_QUOTATION_CHARACTERS,
        made_at=datetime.now(UTC),
    )
