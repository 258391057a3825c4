-- One row: the unused bytes of the file, and their share of it. The share is 1 if the file has another storage version,
-- so that it is rewritten.

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
