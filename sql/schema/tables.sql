-- Tables and views with their comments, schema main first.

with relations as (
    select
        schema_name,
        table_name as name,
        'table' as type,
        comment,
    from duckdb_tables()
    where not internal and database_name = current_database()
    union all
    select
        schema_name,
        view_name as name,
        'view' as type,
        comment,
    from duckdb_views()
    where not internal and database_name = current_database()
)

select
    schema_name,
    name,
    type,
    comment,
from relations
order by list_position(['main', 'mart', 'ops', 'search'], schema_name), name
