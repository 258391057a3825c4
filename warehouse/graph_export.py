"""Export names and what ties them as a graph in GEXF 1.3, which Gephi opens: https://gexf.net.

Nodes are people, and with `speaks-about` organizations too, as speakers or spoken of. Edges are pairs of
people mentioned together, or lead from a speaker to the person or organization in the speaker's quotes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args
from xml.sax.saxutils import XMLGenerator
from xml.sax.xmlreader import AttributesImpl

import duckdb

from ontherecord import sql
from ontherecord.warehouse.data_dir import DataDir
from ontherecord.warehouse.exported_file import exported_file
from ontherecord.warehouse.flat_rows import rows_of
from ontherecord.warehouse.publish import open_published
from ontherecord.warehouse.whole_file import WholeFile
from ontherecord.warehouse.xml_text import xml_text

Edges = Literal["mentioned-together", "speaks-about"]
EDGES: tuple[Edges, ...] = get_args(Edges)
# Names in one article are often a list: weaker edges than this are left out unless asked for.
AT_LEAST = 2
_NAMESPACE = "http://gexf.net/1.3"
_SCHEMA = f"{_NAMESPACE} {_NAMESPACE}/gexf.xsd"


@dataclass(frozen=True, slots=True)
class _Graph:
    """What edges of a kind are: their direction, their weight, and words for it."""

    statement: str
    direction: Literal["directed", "undirected"]
    weight: str
    unit: str
    description: str


_GRAPHS: dict[Edges, _Graph] = {
    "mentioned-together": _Graph(
        "edges_mentioned_together",
        "undirected",
        "article_count",
        "articles",
        "People mentioned within 200 characters of each other. An edge weighs as many articles.",
    ),
    "speaks-about": _Graph(
        "edges_speaks_about",
        "directed",
        "quote_count",
        "quotes",
        "Who speaks about whom: from a speaker to a person or organization in the speaker's quotes. An edge "
        "weighs as many quotes.",
    ),
}


def write_graph(
    home: DataDir, file: Path, edges: Edges = "mentioned-together", at_least: int = AT_LEAST
) -> WholeFile:
    """Write a graph to a GEXF file, atomically: edges of at least so many articles or quotes, and their ends.

    Raises ExportError if the file cannot be written, WarehouseError if nothing is published.
    """
    graph = _GRAPHS[edges]
    with closing(open_published(home)) as connection, exported_file(file) as draft:
        connection.execute(sql.statement("export", graph.statement), {"at_least": at_least})
        [(edge_count, pairs, topics)] = connection.execute(
            sql.statement("export", "edges_left_out")
        ).fetchall()
        with open(draft, "wb") as out:
            node_count = _write(connection, out, graph, at_least)
    left_out = (pairs if edges == "mentioned-together" else topics) - edge_count
    what = f"An edge has at least {at_least:,} {graph.unit}"
    note = f"{what}: {left_out:,} weaker ones are left out. --at-least 1 takes all." if left_out else ""
    counts = {"nodes": node_count, "edges": edge_count}
    return WholeFile(file, counts, file.stat().st_size, (note,) if note else ())


def _write(connection: duckdb.DuckDBPyConnection, out: Any, graph: _Graph, at_least: int) -> int:
    """Write the graph; return its number of nodes."""
    xml = _Xml(out)
    head = {
        "xmlns": _NAMESPACE,
        "xmlns:xsi": "http://www.w3.org/2001/XMLSchema-instance",
        "xsi:schemaLocation": _SCHEMA,
        "version": "1.3",
    }
    with xml.element("gexf", head):
        with xml.element("meta"):
            xml.text("creator", "On the Record")
            xml.text("description", f"{graph.description} Edges of at least {at_least} {graph.unit}.")
        with xml.element("graph", {"defaultedgetype": graph.direction, "mode": "static"}):
            nodes = connection.sql(sql.statement("export", "graph_nodes"))
            edges = connection.sql(sql.statement("export", "graph_edges"))
            node_columns, edge_columns = _columns(nodes)[2:], _columns(edges)[2:]
            xml.attributes("node", node_columns)
            xml.attributes("edge", edge_columns)
            count = 0
            with xml.element("nodes"):
                for id_, name, *values in rows_of(nodes):
                    count += 1
                    with xml.element("node", {"id": id_, "label": name}):
                        xml.values(node_columns, values)
            with xml.element("edges"):
                at = [name for name, _ in edge_columns].index(graph.weight)
                for number, (source, target, *values) in enumerate(rows_of(edges)):
                    ends = {"id": str(number), "source": source, "target": target, "weight": str(values[at])}
                    with xml.element("edge", ends):
                        xml.values(edge_columns, values)
    xml.end()
    return count


def _columns(rows: duckdb.DuckDBPyRelation) -> list[tuple[str, str]]:
    """Return the columns of rows with their types in GEXF."""
    types = zip(rows.columns, rows.types, strict=True)
    return [(name, "string" if str(type_) == "VARCHAR" else "long") for name, type_ in types]


class _Xml:
    """Writes elements one after the other."""

    def __init__(self, out: Any) -> None:
        self._generator = XMLGenerator(out, encoding="utf-8", short_empty_elements=True)
        self._generator.startDocument()

    @contextmanager
    def element(self, name: str, attributes: Mapping[str, str] | None = None) -> Iterator[None]:
        given = {key: xml_text(value) for key, value in (attributes or {}).items()}
        self._generator.startElement(name, AttributesImpl(given))
        yield
        self._generator.endElement(name)
        self._generator.ignorableWhitespace("\n")

    def text(self, name: str, text: str) -> None:
        with self.element(name):
            self._generator.characters(xml_text(text))

    def attributes(self, class_: str, columns: Sequence[tuple[str, str]]) -> None:
        """Declare the attributes of nodes or edges."""
        with self.element("attributes", {"class": class_, "mode": "static"}):
            for name, type_ in columns:
                with self.element("attribute", {"id": name, "title": name, "type": type_}):
                    pass

    def values(self, columns: Sequence[tuple[str, str]], values: Sequence[Any]) -> None:
        """Write the attributes of a node or edge; those that are null are left out."""
        with self.element("attvalues"):
            for (name, _), value in zip(columns, values, strict=True):
                if value is not None:
                    with self.element("attvalue", {"for": name, "value": str(value)}):
                        pass

    def end(self) -> None:
        self._generator.endDocument()
