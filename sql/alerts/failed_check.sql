-- One row per check that kept the last run of a flow from publishing, parsed from the message of that run. Prefect
-- itself reports runs that failed under it.

-- By rowid, the order of insertion: clocks can be set back.
with last_runs as (
    select *
    from ops.runs
    where state != 'running'
    qualify row_number() over (partition by flow order by rowid desc) = 1
),

failed_checks as (
    select
        unnest(regexp_extract_all(message, '\n  (\w+: [\d,]+) rows?', 1)) as check_and_rows,
        prefect_flow_run_id is not null as is_notified,
    from last_runs
    where
        state = 'failed'
        and starts_with(message, 'Nothing was published')
)

select
    split_part(check_and_rows, ': ', 1) as subject,
    max(replace(split_part(check_and_rows, ': ', 2), ',', '')::bigint) as value,
    0 as threshold,
    'This check of sql/checks fails, so nothing is published. '
    || 'Run `ontherecord doctor` to see rows that violate it.' as message,
    bool_or(is_notified) as is_notified,
from failed_checks
group by subject
