-- What happened to the files, and what was wrong with them? A file with two warnings counts under both.

with outcomes as (
    select
        'quarantined' as outcome,
        rule,
        source_path,
    from ops.quarantine
    where released_at is null
    union all
    select
        'loaded' as outcome,
        unnest(if(len(warnings) = 0, ['no warning'], warnings)) as rule,
        source_path,
    from articles
    union all
    select
        'duplicate' as outcome,
        'same bytes as another file' as rule,
        source_path,
    from ops.deliveries
    where is_current and status = 'duplicate'
)

select
    outcome,
    rule,
    count(*) as files,
    min(source_path) as example,
from outcomes
group by outcome, rule
order by outcome, files desc, rule
limit 15;
