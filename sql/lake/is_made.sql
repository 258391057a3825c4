-- Whether the lake has its tables yet: whoever makes it is at it for a second.

select exists (
    from duckdb_tables()
    where database_name = current_database() and schema_name = 'ops' and table_name = 'published'
)
