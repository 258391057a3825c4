-- When runs went, in seconds since 1970; a killed one until a day later.

select
    epoch(started_at) as began,
    epoch(coalesce(ended_at, started_at + interval 1 day)) as ended,
from ops.runs
where run_id in (select unnest($runs::varchar[]))
