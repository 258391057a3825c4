-- Flows whose last run failed, or was killed and found so by a later run; but for broken checks, which have a rule
-- of their own. Prefect itself tells of runs that failed under it.

-- By rowid, the order in which runs were recorded: a clock may go back.
with last_runs as (
    select *
    from ops.runs
    where state != 'running'
    qualify row_number() over (partition by flow order by rowid desc) = 1
)

select
    flow as subject,
    null as value,
    null as threshold,
    format(
        'The last run, {}, {}: {}',
        run_id,
        if(state = 'crashed', 'was killed', 'failed'),
        coalesce(message, 'no message')
    ) as message,
    prefect_flow_run_id is not null as is_told,
from last_runs
where
    state in ('failed', 'crashed')
    and not coalesce(starts_with(message, 'Nothing was published'), false)
