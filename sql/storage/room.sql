-- One row: how many bytes of the file are free, and which share of it; all of it where the rest would be written
-- otherwise now.

select
    sizes.free_blocks * sizes.block_size as free_bytes,
    if(
        databases.tags['storage_version'] = $version || '+',
        sizes.free_blocks / greatest(sizes.total_blocks, 1),
        1
    ) as free_share,
from pragma_database_size() as sizes
inner join duckdb_databases() as databases on sizes.database_name = databases.database_name
where sizes.database_name = current_database()
