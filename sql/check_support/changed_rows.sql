-- Ranges of the row ids of a table outside which both files have the same rows. A row group is the same if its segments
-- lie in the same places of blocks that do not differ. Which of its rows were deleted is kept elsewhere, so row ids are
-- compared too, in pieces of 2,048, if $has_deleted.

with placed as (
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

-- Each row id stands once in a file, so that none cancel out in its fingerprint.
row_ids as (
    select
        false as is_before,
        row_id // 2048 as piece,
        count(*) as row_count,
        bit_xor(hash(row_id)) as fingerprint,
    from query_table($table_name || '_now')
    where $has_deleted
    group by piece
    union all
    select
        true as is_before,
        row_id // 2048 as piece,
        count(*) as row_count,
        bit_xor(hash(row_id)) as fingerprint,
    from query_table($table_name || '_before')
    where $has_deleted
    group by piece
),

pieces as (
    select unnest(range(first_row // 2048, (first_row + row_count - 1) // 2048 + 1)) as piece
    from changed_groups
    union
    select piece
    from row_ids
    group by piece, row_count, fingerprint
    having count(*) < 2
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
