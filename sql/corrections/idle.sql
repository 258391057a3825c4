-- Lines of corrections.csv that do not apply, or no longer, and why.

with wanted as (
    select lower(words) as name
    from ops.corrections
    where what in ('merge', 'rename', 'dismiss') and article is null
),

named as (
    select wanted.name
    from wanted
    semi join mentions on wanted.name = lower(mentions.name)
    union
    select wanted.name
    from wanted
    semi join ops.machine_mentions on wanted.name = lower(machine_mentions.name)
    union
    select wanted.name
    from wanted
    semi join quote_speakers on wanted.name = lower(quote_speakers.speaker_name)
    union
    select wanted.name
    from wanted
    semi join ops.machine_quote_speakers on wanted.name = lower(machine_quote_speakers.speaker_name)
    union
    select wanted.name
    from wanted
    semi join entities on wanted.name = lower(entities.name)
    union
    select wanted.name
    from wanted
    semi join ops.machine_entities on wanted.name = lower(machine_entities.name)
)

select
    corrections.line_no,
    corrections.what,
    corrections.article,
    corrections.words,
    coalesce(corrections.problem, 'no article has this name') as problem,
from ops.corrections
left join named on lower(corrections.words) = named.name
where
    corrections.problem is not null
    or (
        corrections.what in ('merge', 'rename', 'dismiss')
        and corrections.article is null
        and named.name is null
    )
order by corrections.line_no
