-- One row per flow whose last run failed, or was killed and marked as crashed by a later run. Failed checks have a
-- rule of their own. Prefect itself reports runs that failed under it.

-- By rowid, the order of insertion: clocks can be set back.
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
    prefect_flow_run_id is not null as is_notified,
from last_runs
where
    state in ('failed', 'crashed')
    and not coalesce(starts_with(message, 'Nothing was published'), false)
