-- The tables with rows of articles: schema and name. Marts follow by themselves; the search index and the ledger have
-- statements of their own.

select
    columns.schema_name,
    columns.table_name,
from duckdb_columns() as columns
inner join duckdb_tables() as tables
    on
        columns.table_oid = tables.table_oid
        and columns.database_name = tables.database_name
        and columns.schema_name = tables.schema_name
where
    columns.database_name = current_database()
    and columns.schema_name in ('main', 'ops')
    and columns.column_name = 'article_id'
    and not tables.temporary
    and (columns.schema_name, columns.table_name) != ('ops', 'deliveries')
order by columns.schema_name, columns.table_name
