-- One row per kind of file that the last ingest found and did not take, if an earlier ingest of the same location within
-- $baseline_days found none: files in a new form, a link where files were, a folder that is empty all at once.

-- By rowid, the order of insertion: clocks can be set back.
with ingests as (
    select
        run_id,
        landing,
        started_at,
        rowid as run_no,
    from ops.runs
    where
        flow = 'ingest'
        and state = 'completed'
        and started_at > $now - to_days($baseline_days)
),

last_ingest as (
    select *
    from ingests
    qualify row_number() over (order by run_no desc) = 1
),

earlier as (
    select ingests.run_id
    from ingests
    inner join last_ingest on ingests.landing = last_ingest.landing
    where ingests.run_no < last_ingest.run_no
),

-- An alert stays open as long as the files are there, although later runs find that an earlier one had them too.
first_found as (
    select
        passed_over.kind,
        count(earlier.run_id) as earlier_count,
    from ops.passed_over
    inner join earlier on passed_over.run_id = earlier.run_id
    group by passed_over.kind
)

select
    passed_over.kind as subject,
    passed_over.file_count as value,
    0 as threshold,
    format(
        'The last ingest of {} found {} and did not take it: {}{}. '
        'docs/landing.md has the forms that are taken.',
        last_ingest.landing,
        passed_over.kind,
        passed_over.example,
        if(passed_over.file_count > 1, format(' and {} more', passed_over.file_count - 1), '')
    ) as message,
    (select count(*) from earlier) > coalesce(first_found.earlier_count, 0) as raises,
from ops.passed_over
inner join last_ingest on passed_over.run_id = last_ingest.run_id
left join first_found on passed_over.kind = first_found.kind
where passed_over.kind not in ('hidden or temporary', 'empty folder', 'taken down')
