-- The tables with rows of articles: schema and name. Marts follow by themselves; the search index and the ledger have
-- statements of their own.

select
    duckdb_tables.schema_name,
    duckdb_tables.table_name,
from duckdb_tables()
inner join duckdb_columns()
    on
        duckdb_tables.table_oid = duckdb_columns.table_oid
        and duckdb_tables.database_name = duckdb_columns.database_name
        and duckdb_tables.schema_name = duckdb_columns.schema_name
where
    duckdb_tables.database_name = current_database()
    and duckdb_tables.schema_name in ('main', 'ops')
    and duckdb_columns.column_name = 'article_id'
    and not duckdb_tables.temporary
    and (duckdb_tables.schema_name, duckdb_tables.table_name) != ('ops', 'deliveries')
order by duckdb_tables.schema_name, duckdb_tables.table_name
