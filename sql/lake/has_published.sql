-- One row: whether the lake has its tables; another process may be creating them.

select exists (
    from duckdb_tables()
    where database_name = current_database() and schema_name = 'ops' and table_name = 'published'
)
