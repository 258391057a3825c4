-- Tables and views that can be exported as one file: those of main and mart.

select if(schema_name = 'main', table_name, schema_name || '.' || table_name) as name
from duckdb_tables()
where schema_name in ('main', 'mart') and not internal
union all
select schema_name || '.' || view_name as name
from duckdb_views()
where schema_name = 'mart' and not internal
order by all
