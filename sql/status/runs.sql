-- The newest runs first, by order of insertion: clocks can be set back.

select
    strftime(started_at, '%Y-%m-%d %H:%M:%S') as started_at,
    flow,
    state,
    round(epoch(ended_at - started_at), 1) as seconds,
    landed_count as landed,
    loaded_count as loaded,
    duplicate_count as duplicate,
    quarantined_count as quarantined,
    quote_count as quotes,
    message,
from ops.runs
order by rowid desc
limit 5
