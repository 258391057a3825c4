-- The tables that are moved, all but those that are built from them and those that say what was done to this
-- warehouse: schema and name.

select
    schema_name,
    table_name,
from duckdb_tables()
where
    database_name = current_database()
    and schema_name in ('main', 'ops', 'search')
    and (schema_name, table_name) not in (('ops', 'migrations'), ('ops', 'marts'), ('ops', 'published'))
order by schema_name, table_name
