-- Statements that read every row of every table, so that they fail on any damage in the file.

select format('select bit_xor(hash(t)) from "{}"."{}" as t', schema_name, table_name)
from duckdb_tables()
where database_name = current_database()
order by schema_name, table_name
