-- One row: whether at most a fifth of the file is free, or less than $room bytes, and the rest written as it
-- would be now.

select
    (sizes.free_blocks * 5 <= sizes.total_blocks or sizes.free_blocks * sizes.block_size < $room)
    and databases.tags['storage_version'] = $version || '+' as is_compact,
from pragma_database_size() as sizes
inner join duckdb_databases() as databases on sizes.database_name = databases.database_name
where sizes.database_name = current_database()
