-- Macros and their parameters.

select distinct
    function_name,
    function_type = 'table_macro' as gives_rows,
    array_to_string(parameters, ', ') as parameters,
    comment,
from duckdb_functions()
where
    function_type in ('macro', 'table_macro')
    and not internal
    and database_name = current_database()
order by function_name
