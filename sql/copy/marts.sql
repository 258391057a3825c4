-- Marts: schema and name of each table and view.

select
    schema_name,
    table_name,
from duckdb_tables()
where database_name = current_database() and schema_name = 'mart'
union all
select
    schema_name,
    view_name as table_name,
from duckdb_views()
where database_name = current_database() and schema_name = 'mart'
order by schema_name, table_name
