-- One row per day with runs, newest first: their outcome.

select
    cast(started_at as date) as day,
    count(*) as runs,
    cast(count_if(state in ('failed', 'crashed')) as bigint) as failed,
    cast(coalesce(sum(loaded_count), 0) as bigint) as loaded,
    cast(coalesce(sum(duplicate_count), 0) as bigint) as duplicate,
    cast(coalesce(sum(quarantined_count), 0) as bigint) as quarantined,
    cast(coalesce(sum(quote_count), 0) as bigint) as quotes,
    arg_max(message, rowid) filter (where state in ('failed', 'crashed')) as message,
from ops.runs
group by day
order by day desc
limit $days
