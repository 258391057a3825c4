-- One row: the newest run, by order of insertion: clocks can be set back.

select
    flow,
    state,
    strftime(started_at, '%Y-%m-%d %H:%M:%S') as started_at,
    message,
from ops.runs
order by rowid desc
limit 1
