-- One row per section or agency that usually delivers and has been silent for too long, by time of loading. A source
-- usually delivers if it did on baseline_min_days of the last baseline_days days: an archive that was loaded once
-- never counts, and a source that ended stops counting. It may be silent for freshness_hours more than its usual
-- pause, the 90th percentile of its pauses. If nothing at all arrives, that is one alert, not one per section.

with arrivals as (
    select
        section,
        agency,
        loaded_at,
    from articles
    union all
    select
        section,
        agency,
        loaded_at,
    from article_versions
),

sources as (
    select
        'everything' as subject,
        loaded_at,
    from arrivals
    union all
    select
        'section ' || section as subject,
        loaded_at,
    from arrivals
    where section is not null
    union all
    select
        'agency ' || agency as subject,
        loaded_at,
    from arrivals
    where agency is not null
),

days as (
    select
        subject,
        loaded_at::date as loaded_on,
        max(loaded_at) as last_at,
    from sources
    where
        loaded_at > $now - to_days($baseline_days)
        and loaded_at <= $now
    group by subject, loaded_on
),

pauses as (
    select
        subject,
        last_at,
        loaded_on - lag(loaded_on) over (partition by subject order by loaded_on) as pause_days,
    from days
),

usual as (
    select
        subject,
        count(*) as day_count,
        max(last_at) as last_at,
        date_diff('second', max(last_at), $now) / 3600.0 as silent_hours,
        $freshness_hours + 24.0 * (quantile_disc(pause_days, 0.9) - 1) as limit_hours,
    from pauses
    group by subject
    having day_count >= $baseline_min_days
),

silent as (from usual where silent_hours > limit_hours)

select
    subject,
    silent_hours as value,
    limit_hours as threshold,
    format(
        'No new articles for {:.0f} hours, where up to {:.0f} hours are usual; the last was loaded {} UTC. '
        'Ask the provider, and check that files still arrive in the landing folder.',
        silent_hours,
        limit_hours,
        strftime(last_at, '%Y-%m-%d %H:%M')
    ) as message,
    subject = 'everything' or not exists (from silent where subject = 'everything') as raises,
from silent
