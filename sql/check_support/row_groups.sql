-- The row groups of a table in both files, and whether one has a block in which the files differ: $blocks. DuckDB keeps a
-- table in row groups, and each column of one in segments, in blocks. `row_count` counts deleted rows too.

create or replace temp table row_groups as
with segments as (
    select
        false as is_before,
        *,
    from pragma_storage_info($table_name)
    union all
    select
        true as is_before,
        *,
    from pragma_storage_info('checked.main.' || $table_name)
)

select
    is_before,
    row_group_id,
    sum(count) filter (where column_path = '[0]') as row_count,
    list(
        struct_pack(
            column_path := column_path,
            segment_id := segment_id,
            segment_type := segment_type,
            start := start,
            count := count,
            compression := compression,
            stats := stats,
            segment_info := segment_info,
            block_id := block_id,
            block_offset := block_offset,
            additional_block_ids := additional_block_ids
        )
        order by column_path, segment_id, segment_type
    ) as segments,
    bool_or(
        has_updates
        or not persistent
        or list_has_any(list_append(additional_block_ids, block_id), $blocks::bigint[])
    ) as is_changed,
from segments
where $table_name != 'articles' or column_name in ('article_id', 'title', 'body')
group by is_before, row_group_id
