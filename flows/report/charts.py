"""Charts of the report: rows in, inline SVG with alternative text out.

Each is drawn twice, for a wide page and for a phone, because shrunk letters are unreadable. The page's style
sheet maps the colours below to their dark counterparts, by value.
"""

from __future__ import annotations

import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from math import ceil
from typing import Any

from ontherecord.flows.plural import counted
from ontherecord.flows.sanitize import sanitize

Row = dict[str, Any]

# As in page.css; the last is for whatever has no colour of its own.
COLOURS = ("#2f5d8a", "#b5543a", "#6b8e4e", "#c29a3b", "#7a5c8e", "#9a9a94")
_RULE = "#d8d5cd"
_SVG = "{http://www.w3.org/2000/svg}"
_UNUSED = {"aria-hidden", "aria-roledescription", "class", "font-family", "pointer-events", "role"}
_NO_SECTION = 99
# By unit: date format of a period, date format on the axis, days.
_UNITS = {
    "day": ("%-d %b %Y", "%-d %b", 1),
    "week": ("%-d %b %Y", "%-d %b %Y", 7),
    "month": ("%b %Y", "%b %Y", 30),
    "year": ("%Y", "%Y", 365),
}


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart in two widths, with its data as a table; `legend` has colour, name and total of each series."""

    wide: str
    narrow: str
    columns: tuple[str, ...]
    rows: tuple[tuple[object, ...], ...]
    legend: tuple[tuple[str, str, int], ...] = ()


def section_totals(rows: Sequence[Row]) -> list[tuple[str, str, int]]:
    """Return colour, name and number of articles of each section, in stacking order."""
    totals: dict[int, int] = {}
    for row in rows:
        totals[_stacked(row)] = totals.get(_stacked(row), 0) + row["articles"]
    names = {_stacked(row): row["section"] for row in rows if row["section"] is not None}
    return [
        (
            COLOURS[min(place, len(COLOURS)) - 1],
            names.get(place, "without a section" if place == _NO_SECTION else "other sections"),
            totals[place],
        )
        for place in sorted(totals)
    ]


def sections_over_time(rows: Sequence[Row]) -> Chart | None:
    """Draw articles by section over time; None if there is only one section or period."""
    legend = section_totals(rows)
    periods = sorted({row["begins_on"] for row in rows})
    if len(legend) < 2 or len(periods) < 2:
        return None
    unit = rows[0]["unit"]
    cells = {(row["begins_on"], _stacked(row)): row["articles"] for row in rows}
    places = sorted({place for _, place in cells})
    sums = {day: sum(cells.get((day, place), 0) for place in places) for day in periods}
    most = max(periods, key=lambda day: sums[day])
    shown = {day: f"{day:{_UNITS[unit][0]}}" for day in periods}
    alternative = (
        f"Stacked bars: articles of each {unit} by section, {shown[periods[0]]} to {shown[periods[-1]]}. "
        f"Most: {shown[most]}, {sums[most]:,}. Largest section: {legend[0][1]}, {legend[0][2]:,}."
    )
    values = [
        {
            "begins": str(row["begins_on"]),
            "ends": str(row["ends_on"]),
            "place": _stacked(row),
            "colour": COLOURS[min(_stacked(row), len(COLOURS)) - 1],
            "articles": int(row["articles"]),
        }
        for row in rows
    ]
    return Chart(
        _svg(_bars(values, unit, sums[most], 620, 230, 8), alternative, "wide"),
        _svg(_bars(values, unit, sums[most], 300, 190, 4), alternative, "narrow"),
        (unit, *(name for _, name, _ in legend)),
        tuple((shown[day], *(cells.get((day, place), 0) for place in places)) for day in periods),
        tuple(legend),
    )


def who_speaks_on_whom(rows: Sequence[Row]) -> Chart | None:
    """Draw speakers against the names in their quotes; None if there is only one of either."""
    speakers = _labels(rows, "speaker")
    named = _labels(rows, "named")
    if len(speakers) < 2 or len(named) < 2:
        return None
    quotes = {(row["speaker_rank"], row["named_rank"]): int(row["quotes"]) for row in rows}
    (by, on), most = max(quotes.items(), key=lambda item: (item[1], item[0]))
    alternative = (
        f"Grid of {len(speakers)} speakers and {len(named)} people and organizations that their quotes name. "
        f"Strongest: {speakers[by]} on {named[on]}, {counted(most, 'quote')}."
    )
    values = [
        {"by": sanitize(speaker), "on": sanitize(name), "quotes": quotes.get((i, k), 0)}
        for i, speaker in speakers.items()
        for k, name in named.items()
    ]
    return Chart(
        _svg(_grid(values, 48, 30, -40, 170), alternative, "wide"),
        _svg(_grid(values, 23, 23, -90, 104), alternative, "narrow"),
        ("speaker", "names", "in quotes"),
        tuple((speakers[i], named[k], n) for (i, k), n in quotes.items()),
    )


def _stacked(row: Row) -> int:
    return _NO_SECTION if row["rank"] is None else int(row["rank"])


def _labels(rows: Sequence[Row], what: str) -> dict[int, str]:
    """Return names by rank; a name of both a person and an organization gets its kind."""
    labels = {row[f"{what}_rank"]: (row[what], row[f"{what}_kind"]) for row in rows}
    names = [name for name, _ in labels.values()]
    return {
        place: f"{name} ({kind})" if names.count(name) > 1 else name
        for place, (name, kind) in sorted(labels.items())
    }


def _bars(values: list[Row], unit: str, most: int, width: int, height: int, ticks: int) -> Any:
    import altair as alt

    _, form, days = _UNITS[unit]
    first = date.fromisoformat(min(value["begins"] for value in values))
    periods = (date.fromisoformat(max(value["ends"] for value in values)) - first).days / days
    at: Any = alt.Undefined
    if unit == "week":  # by default, ticks are at Sundays
        marked = [first + timedelta(week * 7) for week in range(0, round(periods), ceil(periods / ticks))]
        at = [alt.DateTime(year=day.year, month=day.month, date=day.day, utc=True) for day in marked]
    return (
        alt.Chart(alt.InlineData(values))
        .mark_bar(orient="vertical", x2Offset=-1 if width / periods > 3 else 0)
        .encode(
            x=alt.X("begins:T")
            .title(None)
            .scale(type="utc")
            .axis(format=form, tickCount=ticks, values=at, grid=False, labelOverlap=True, labelFlush=True),
            x2=alt.X2("ends:T"),
            y=alt.Y("articles:Q")
            .stack("zero")
            .title(None)
            .axis(format=",d", tickCount=min(4, most), domain=False),
            color=alt.Color("colour:N").scale(None),
            order=alt.Order("place:Q"),
        )
        .properties(width=width, height=height)
    )


def _grid(values: list[Row], step_x: int, step_y: int, angle: int, limit: int) -> Any:
    import altair as alt

    order_by = list(dict.fromkeys(value["by"] for value in values))
    order_on = list(dict.fromkeys(value["on"] for value in values))
    base = alt.Chart(alt.InlineData(values)).encode(
        x=alt.X("on:N").sort(order_on).title(None).axis(orient="top", labelAngle=angle, labelLimit=limit),
        y=alt.Y("by:N").sort(order_by).title(None).axis(labelLimit=limit),
    )
    cells = base.mark_rect(fill=COLOURS[0], cornerRadius=2).encode(
        opacity=alt.Opacity("quotes:Q").scale(type="sqrt", domainMin=0, range=[0.05, 0.55]).legend(None)
    )
    numbers = base.mark_text().encode(text=alt.Text("quotes:Q").format(",d"))
    return (cells + numbers.transform_filter("datum.quotes > 0")).properties(
        width=alt.Step(step_x), height=alt.Step(step_y)
    )


def _svg(chart: Any, alternative: str, width: str) -> str:
    """Render a chart as SVG without ids and classes, which would clash on one page."""
    import vl_convert

    plain = chart.configure(background="transparent", aria=False, font="Arial", padding=4)
    plain = plain.configure_view(stroke=None).configure_text(fontSize=11)
    plain = plain.configure_axis(
        labelFontSize=11, domainColor=_RULE, gridColor=_RULE, ticks=False, labelPadding=6
    ).configure_scale(bandPaddingInner=0.08, bandPaddingOuter=0)
    root = ET.fromstring(vl_convert.vegalite_to_svg(plain.to_dict(), allowed_base_urls=[]))
    for element in root.iter():
        element.tag = element.tag.removeprefix(_SVG)
        for name in [
            n for n in element.attrib if n.startswith("aria-") or n in ("role", "class", "font-family")
        ]:
            del element.attrib[name]
    root.set("class", width)
    root.set("role", "img")
    root.set("aria-label", sanitize(alternative))
    return ET.tostring(root, encoding="unicode")
