-- One row if too large a share of the files of the last 24 hours is quarantined, and one for the worst single run.
-- Files fixed since do not count, nor do quarantined files that were only retried, dismissed or are under embargo.

with held as (
    select delivery_id
    from ops.quarantine
    where released_at is null
    group by delivery_id
    having bool_and(held_until is not null)
),

decided as (
    select
        deliveries.run_id,
        deliveries.status = 'quarantined' and held.delivery_id is null as is_quarantined,
    from ops.deliveries
    inner join ops.runs on deliveries.run_id = runs.run_id
    left join held on deliveries.delivery_id = held.delivery_id
    where
        deliveries.is_current
        and deliveries.status not in ('split', 'withdrawn', 'dismissed')
        and deliveries.seen_at > $now - interval 24 hours
        and deliveries.seen_at <= $now
        and runs.flow != 'retry-quarantine'
),

counted as (
    select
        'last 24 hours' as subject,
        '' as run_label,
        count(*) as file_count,
        count_if(is_quarantined) as quarantined_count,
    from decided
    union all
    select
        'one run' as subject,
        ' of run ' || run_id as run_label,
        count(*) as file_count,
        count_if(is_quarantined) as quarantined_count,
    from decided
    group by run_id
),

too_many as (
    select
        *,
        quarantined_count / file_count as value,
    from counted
    where
        quarantined_count >= $quarantine_min_files
        and value > $quarantine_rate
)

select
    subject,
    value,
    $quarantine_rate as threshold,
    format(
        '{} of {} files{} are quarantined. Run `ontherecord quarantine list` to see why.',
        quarantined_count,
        file_count,
        run_label
    ) as message,
    subject = 'last 24 hours' or not exists (from too_many where subject = 'last 24 hours') as raises,
from too_many
qualify row_number() over (partition by subject order by value desc, run_label) = 1
