"""The tables as SQLAlchemy declares them; `sql/migrations` creates them, and a test compares the two.

They are written out, not reflected, although duckdb-sqlalchemy can reflect them: reflection needs an open
warehouse, but statements and Arrow schemas are built from these tables at import, before there is one.
Foreign keys are not declared, because DuckDB checks them row by row, which would break merges.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import pyarrow as pa
from duckdb_sqlalchemy.datatypes import Map
from sqlalchemy import (
    ARRAY,
    BigInteger,
    Boolean,
    Column,
    Connection,
    Date,
    DateTime,
    Double,
    Float,
    Integer,
    MetaData,
    String,
    Table,
    update,
)
from sqlalchemy.types import TypeEngine

metadata = MetaData()


def _columns(**types: TypeEngine[Any] | type[TypeEngine[Any]]) -> list[Column[Any]]:
    return [Column(name, type_) for name, type_ in types.items()]


_ARTICLE: dict[str, Any] = {
    "article_id": BigInteger,
    "source_path": String,
    "version": Integer,
    "title": String,
    "supertitle": String,
    "section": String,
    "published_at": DateTime,
    "published_on": Date,
    "dateline": String,
    "agency": String,
    "body": String,
    "word_count": Integer,
    "content_sha256": String,
    "text_sha256": String,
    "duplicate_of": BigInteger,
    "cluster_id": BigInteger,
    "warnings": ARRAY(String),
    "extractor_version": String,
    "run_id": String,
    "loaded_at": DateTime,
}
_FROM_HEADERS: dict[str, Any] = {
    "outlet": String,
    "url": String,
    "authors": ARRAY(String),
    "byline": String,
    "language": String,
    "headers": Map(String, String),
    "form": String,
    "article_key": String,
    "published_at_utc": DateTime,
}
articles = Table("articles", metadata, *_columns(**_ARTICLE, **_FROM_HEADERS))
article_versions = Table(
    "article_versions", metadata, *_columns(**_ARTICLE, superseded_at=DateTime, **_FROM_HEADERS)
)
entities = Table(
    "entities",
    metadata,
    *_columns(
        entity_id=BigInteger,
        name=String,
        kind=String,
        aliases=ARRAY(String),
        country_code=String,
        first_seen_on=Date,
        last_seen_on=Date,
        external_id=String,
        gender=String,
        gender_evidence=String,
        gender_for=Integer,
        gender_against=Integer,
    ),
)
entity_joins = Table(
    "entity_joins",
    metadata,
    *_columns(
        entity_id=BigInteger,
        name=String,
        joined_entity_id=BigInteger,
        joined_name=String,
        reason=String,
    ),
)
mentions = Table(
    "mentions",
    metadata,
    *_columns(
        article_id=BigInteger,
        mention_no=Integer,
        entity_id=BigInteger,
        field=String,
        char_start=Integer,
        char_end=Integer,
        text=String,
        kind=String,
        name=String,
    ),
)
quotes = Table(
    "quotes",
    metadata,
    *_columns(
        article_id=BigInteger,
        quote_no=Integer,
        utterance_no=Integer,
        kind=String,
        text=String,
        char_start=Integer,
        char_end=Integer,
        cue=String,
        cue_start=Integer,
        cue_end=Integer,
        speaker_text=String,
        speaker_start=Integer,
        speaker_end=Integer,
        speaker_entity_id=BigInteger,
        speaker=String,
        confidence=Float,
        speaker_name=String,
        rule=String,
        speaker_type=String,
        speaker_count=Integer,
        speaker_role=String,
        role_start=Integer,
        role_end=Integer,
        is_corrected=Boolean,
    ),
)
quote_speakers = Table(
    "quote_speakers",
    metadata,
    *_columns(
        article_id=BigInteger,
        quote_no=Integer,
        speaker_no=Integer,
        speaker_entity_id=BigInteger,
        speaker=String,
        speaker_name=String,
        speaker_role=String,
        role_start=Integer,
        role_end=Integer,
    ),
)
gender_counts = Table(
    "gender_counts",
    metadata,
    *_columns(article_id=BigInteger, name=String, evidence=String, gender=String, times=Integer),
    schema="ops",
)
runs = Table(
    "runs",
    metadata,
    *_columns(
        run_id=String,
        flow=String,
        landing=String,
        started_at=DateTime,
        ended_at=DateTime,
        state=String,
        landed_count=Integer,
        loaded_count=Integer,
        unchanged_count=Integer,
        duplicate_count=Integer,
        quarantined_count=Integer,
        postponed_count=Integer,
        mention_count=Integer,
        quote_count=Integer,
        message=String,
        extractor_version=String,
        version=String,
        prefect_flow_run_id=String,
        article_landed_count=Integer,
        article_loaded_count=Integer,
        article_unchanged_count=Integer,
        article_duplicate_count=Integer,
        article_quarantined_count=Integer,
        settings=String,
        confidence_sha256=String,
    ),
    schema="ops",
)
deliveries = Table(
    "deliveries",
    metadata,
    *_columns(
        delivery_id=BigInteger,
        source_path=String,
        content_sha256=String,
        bytes=BigInteger,
        modified_ns=BigInteger,
        status=String,
        is_current=Boolean,
        article_id=BigInteger,
        run_id=String,
        seen_at=DateTime,
        file_path=String,
        article_key=String,
        row_no=BigInteger,
        row_digest=BigInteger,
        missing_since=DateTime,
    ),
    schema="ops",
)
quarantine = Table(
    "quarantine",
    metadata,
    *_columns(
        delivery_id=BigInteger,
        source_path=String,
        rule=String,
        column_name=String,
        value=String,
        message=String,
        run_id=String,
        quarantined_at=DateTime,
        released_at=DateTime,
        file_path=String,
        article_key=String,
        row_no=BigInteger,
        held_until=DateTime,
        dismissed_why=String,
    ),
    schema="ops",
)
tombstones = Table(
    "tombstones",
    metadata,
    *_columns(
        tombstone_id=String,
        forgotten_at=DateTime,
        why=String,
        contents=ARRAY(String),
        texts=ARRAY(String),
        headlines=ARRAY(String),
        places=ARRAY(String),
        sequences=ARRAY(String),
    ),
    schema="ops",
)
kept_out = Table(
    "kept_out",
    metadata,
    *_columns(tombstone_id=String, place=String, bytes=BigInteger, modified_ns=BigInteger),
    schema="ops",
)
passed_over = Table(
    "passed_over",
    metadata,
    *_columns(run_id=String, kind=String, file_count=Integer, example=String),
    schema="ops",
)
aliases = Table(
    "aliases",
    metadata,
    *_columns(alias=String, name=String, kind=String, external_id=String, gender=String),
    schema="ops",
)
corrections = Table(
    "corrections",
    metadata,
    *_columns(
        line_no=Integer,
        what=String,
        article=String,
        place=Integer,
        words=String,
        becomes=String,
        note=String,
        problem=String,
    ),
    schema="ops",
)
# What the machine found where corrections changed it.
machine_quotes, machine_quote_speakers, machine_mentions, machine_entities = (
    Table(f"machine_{table.name}", metadata, *(Column(c.name, c.type) for c in table.columns), schema="ops")
    for table in (quotes, quote_speakers, mentions, entities)
)
near_pairs = Table(
    "near_pairs",
    metadata,
    *_columns(article_id=BigInteger, other_id=BigInteger, overlap=Float),
    schema="ops",
)
dedup_queue = Table("dedup_queue", metadata, *_columns(article_id=BigInteger), schema="ops")
alerts = Table(
    "alerts",
    metadata,
    *_columns(
        alert_id=BigInteger,
        rule=String,
        subject=String,
        message=String,
        value=Double,
        threshold=Double,
        raised_at=DateTime,
        last_seen_at=DateTime,
        resolved_at=DateTime,
        sent_at=DateTime,
    ),
    schema="ops",
)
dirty_days = Table("dirty_days", metadata, *_columns(published_on=Date), schema="ops")
dirty_entities = Table("dirty_entities", metadata, *_columns(entity_id=BigInteger), schema="ops")
new_articles = Table("new_articles", metadata, *_columns(article_id=BigInteger), schema="ops")
dirty_names = Table("dirty_names", metadata, *_columns(name=String), schema="ops")
marts = Table("marts", metadata, *_columns(name=String, sha256=String, built_at=DateTime), schema="ops")
warehouse = Table(
    "warehouse",
    metadata,
    *_columns(change_no=BigInteger, version=String, published_at=DateTime),
    schema="ops",
)
migrations = Table(
    "migrations",
    metadata,
    *_columns(number=Integer, name=String, sha256=String, applied_at=DateTime),
    schema="ops",
)

_ARROW: dict[type[TypeEngine[Any]], pa.DataType] = {
    BigInteger: pa.int64(),
    Integer: pa.int32(),
    String: pa.string(),
    Boolean: pa.bool_(),
    Date: pa.date32(),
    DateTime: pa.timestamp("us"),
    Float: pa.float32(),
    Double: pa.float64(),
    ARRAY: pa.list_(pa.string()),
    Map: pa.map_(pa.string(), pa.string()),
}


def arrow_schema(table: Table) -> pa.Schema:
    """Return the Arrow schema of a table's rows, columns in the table's order."""
    return pa.schema([(c.name, _ARROW[type(c.type)]) for c in table.columns])


def arrow_table(schema: pa.Schema, rows: Iterable[Sequence[Any]]) -> pa.Table:
    """Return rows as an Arrow table; values are in the order of the schema's columns."""
    values = list(rows)
    return pa.table(
        # zip(*rows) would create an iterator for each row.
        [pa.array([row[n] for row in values], type=field.type) for n, field in enumerate(schema)],
        schema=schema,
    )


def count_change(connection: Connection) -> None:
    """Record, in this transaction, that the warehouse changed: the next publish compares the count."""
    connection.execute(update(warehouse).values(change_no=warehouse.c.change_no + 1))
