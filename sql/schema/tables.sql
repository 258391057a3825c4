-- Tables and views, the analysts' first.

with found as (
    select
        schema_name,
        table_name as name,
        'table' as what,
        comment,
    from duckdb_tables()
    where not internal and database_name = current_database()
    union all
    select
        schema_name,
        view_name as name,
        'view' as what,
        comment,
    from duckdb_views()
    where not internal and database_name = current_database()
)

select
    schema_name,
    name,
    what,
    comment,
from found
order by list_position(['main', 'mart', 'ops', 'search'], schema_name), name
