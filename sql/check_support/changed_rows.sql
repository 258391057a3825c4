-- Ranges of the row ids of a table outside which both files have the same rows: $blocks are the blocks in which the
-- files differ. DuckDB keeps a table in row groups, and each column of one in segments, in blocks. A row group is the
-- same if its segments lie in the same places of blocks that do not differ. Which of its rows were deleted is kept
-- elsewhere, so row ids are compared too, in pieces of 2,048.

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
),

row_groups as (
    select
        is_before,
        row_group_id,
        sum(count) filter (where column_path = '[0]') as row_count,
        list(
            (
                column_path, segment_id, segment_type, start, count, compression, stats, segment_info,
                block_id, block_offset, additional_block_ids
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
),

placed as (
    select
        *,
        coalesce(
            sum(row_count) over (
                partition by is_before
                order by row_group_id rows between unbounded preceding and 1 preceding
            ),
            0
        )::bigint as first_row,
    from row_groups
),

changed_groups as (
    select
        first_row,
        row_count::bigint as row_count,
    from placed
    where is_changed
    union all
    select
        first_row,
        row_count::bigint as row_count,
    from placed
    group by first_row, row_count, segments
    having count(*) < 2
),

row_ids_now as (
    select
        row_id // 2048 as piece,
        count(*) as row_count,
        sum(hash(row_id)) as fingerprint,
    from query_table($table_name || '_now')
    group by piece
),

row_ids_before as (
    select
        row_id // 2048 as piece,
        count(*) as row_count,
        sum(hash(row_id)) as fingerprint,
    from query_table($table_name || '_before')
    group by piece
),

pieces as (
    select unnest(range(first_row // 2048, (first_row + row_count - 1) // 2048 + 1)) as piece
    from changed_groups
    union
    select coalesce(row_ids_now.piece, row_ids_before.piece) as piece
    from row_ids_now
    full join row_ids_before on row_ids_now.piece = row_ids_before.piece
    where
        (row_ids_now.row_count, row_ids_now.fingerprint)
        is distinct from (row_ids_before.row_count, row_ids_before.fingerprint)
),

islands as (
    select
        piece,
        piece - row_number() over (order by piece) as island,
    from pieces
)

select
    min(piece) * 2048 as first_row,
    (max(piece) + 1) * 2048 as end_row,
from islands
group by island
order by first_row
