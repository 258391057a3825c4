-- The newest runs first.

select
    strftime(started_at, '%Y-%m-%d %H:%M:%S') as started_at,
    flow,
    state,
    round(epoch(ended_at - started_at), 1) as seconds,
    landed_count as landed,
    loaded_count as loaded,
    duplicate_count as duplicate,
    quarantined_count as held_back,
    quote_count as quotes,
    message,
from ops.runs
order by run_id desc
limit 5
