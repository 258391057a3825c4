-- What became of the files, and what was wrong with them? A file with two warnings counts under both.

with fates as (
    select
        'quarantined' as fate,
        rule,
        source_path,
    from ops.quarantine
    where released_at is null
    union all
    select
        'loaded' as fate,
        unnest(if(len(warnings) = 0, ['no warning'], warnings)) as rule,
        source_path,
    from articles
    union all
    select
        'duplicate' as fate,
        'same bytes as another file' as rule,
        source_path,
    from ops.deliveries
    where is_current and status = 'duplicate'
)

select
    fate,
    rule,
    count(*) as files,
    min(source_path) as such_as,
from fates
group by fate, rule
order by fate, files desc, rule
limit 15;
