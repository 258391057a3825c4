-- Checks that kept the last run of a flow from publishing, by the message that publish raised. Prefect itself
-- tells of runs that failed under it.

-- By rowid, the order in which runs were recorded: a clock may go back.
with last_runs as (
    select *
    from ops.runs
    where state != 'running'
    qualify row_number() over (partition by flow order by rowid desc) = 1
),

broken as (
    select
        unnest(regexp_extract_all(message, '\n  (\w+: \d+) rows', 1)) as check_and_rows,
        prefect_flow_run_id is not null as is_told,
    from last_runs
    where
        state = 'failed'
        and starts_with(message, 'Nothing was published')
)

select
    split_part(check_and_rows, ': ', 1) as subject,
    max(split_part(check_and_rows, ': ', 2)::bigint) as value,
    0 as threshold,
    'This check of sql/checks does not hold, so nothing is published until it does. '
    || '`ontherecord doctor` shows rows that break it.' as message,
    bool_or(is_told) as is_told,
from broken
group by subject
