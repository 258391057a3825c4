-- Columns of one table or view ($schema, $name), in order.

select
    column_name,
    lower(data_type) as type,
    comment,
from duckdb_columns()
where
    not internal
    and database_name = current_database()
    and schema_name = $schema
    and table_name = $name
order by column_index
