-- The newest runs first.

select
    run_id,
    flow,
    state,
    date_trunc('second', started_at) as started_at,
    round(epoch(ended_at - started_at), 1) as seconds,
    loaded_count as loaded,
    unchanged_count as unchanged,
    duplicate_count as duplicate,
    quarantined_count as held_back,
    quote_count as quotes,
from ops.runs
order by started_at desc
limit 5
