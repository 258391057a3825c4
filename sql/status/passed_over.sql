-- What the newest ingest found and did not take, the most frequent kind first.

with newest as (
    select run_id
    from ops.runs
    where flow = 'ingest'
    order by rowid desc
    limit 1
)

select
    passed_over.kind,
    passed_over.file_count,
    passed_over.example,
from ops.passed_over
inner join newest on passed_over.run_id = newest.run_id
order by passed_over.file_count desc, passed_over.kind
