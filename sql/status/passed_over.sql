-- What the newest ingest found and did not take, the most frequent kind first.

select
    kind,
    file_count,
    example,
from ops.passed_over
where run_id = (
    select run_id
    from ops.runs
    where flow = 'ingest'
    order by rowid desc
    limit 1
)
order by file_count desc, kind
