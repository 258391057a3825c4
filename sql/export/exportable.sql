-- What can be exported as one file: the tables of main, the tables and views of mart.

select if(schema_name = 'main', table_name, schema_name || '.' || table_name) as name
from duckdb_tables()
where schema_name in ('main', 'mart') and not internal
union all
select schema_name || '.' || view_name as name
from duckdb_views()
where schema_name = 'mart' and not internal
order by all
