-- Whether a table has deleted rows in one of the two files: without any, its row ids are those from 0 on.

select
    (select count(*) from query_table($table_name || '_now'))
    + (select count(*) from query_table($table_name || '_before'))
    < (select sum(row_count) from row_groups) as has_deleted
