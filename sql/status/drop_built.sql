-- Statements that drop all marts and macros, views first.

select format('drop view mart."{}"', view_name)
from duckdb_views()
where schema_name = 'mart' and database_name = current_database()
union all
select format('drop table mart."{}"', table_name)
from duckdb_tables()
where schema_name = 'mart' and database_name = current_database()
union all
select distinct
    format(
        'drop {} "{}"', if(function_type = 'table_macro', 'macro table', 'macro'), function_name
    )
from duckdb_functions()
where function_type in ('macro', 'table_macro') and not internal and database_name = current_database()
