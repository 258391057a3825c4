-- The tables to copy: schema and name. Without marts, which are rebuilt, and without the record of what was done to
-- this warehouse.

select
    schema_name,
    table_name,
from duckdb_tables()
where
    database_name = current_database()
    and schema_name in ('main', 'ops', 'search')
    and (schema_name, table_name) not in (('ops', 'migrations'), ('ops', 'marts'), ('ops', 'published'))
order by schema_name, table_name
