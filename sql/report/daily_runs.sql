-- One row per day with runs, newest first: their outcome.

select
    cast(started_at as date) as day,
    count(*) as runs,
    count_if(state in ('failed', 'crashed')) as failed,
    coalesce(sum(loaded_count), 0) as loaded,
    coalesce(sum(duplicate_count), 0) as duplicate,
    coalesce(sum(quarantined_count), 0) as quarantined,
    coalesce(sum(quote_count), 0) as quotes,
    arg_max(message, rowid) filter (where state in ('failed', 'crashed')) as message,
from ops.runs
group by day
order by day desc
limit $days
