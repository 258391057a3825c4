-- One row per source with far fewer articles on a day of publication than on the same weekday of the weeks before. The
-- day is the last one that ended at least 12 hours ago. Usual is the median; far fewer means volume_deviations
-- deviations below it. A deviation is the larger of 1.4826 times the median absolute deviation (the standard deviation
-- of normally distributed counts) and the square root of the median (the standard deviation of Poisson counts). Only
-- for sources that usually deliver: see freshness.sql.

with sources as (
    select
        'everything' as subject,
        published_on,
        loaded_at,
    from articles
    union all
    select
        'section ' || section as subject,
        published_on,
        loaded_at,
    from articles
    where section is not null
    union all
    select
        'agency ' || agency as subject,
        published_on,
        loaded_at,
    from articles
    where agency is not null
),

delivering as (
    select subject
    from sources
    where
        loaded_at > $now - to_days($baseline_days)
        and loaded_at <= $now
    group by subject
    having count(distinct loaded_at::date) >= $baseline_min_days
),

counted as (
    select
        sources.subject,
        sources.published_on,
        count(*) as article_count,
    from sources
    semi join delivering on sources.subject = delivering.subject
    group by sources.subject, sources.published_on
),

days as (
    select
        subject,
        min(published_on) as first_on,
        ($now - to_hours(12))::date - 1 as checked_on,
        unnest(range(0, $volume_weeks + 1)) as weeks_ago,
    from counted
    group by subject
),

compared as (
    select
        days.subject,
        any_value(days.checked_on) as checked_on,
        coalesce(any_value(counted.article_count) filter (where days.weeks_ago = 0), 0) as value,
        median(coalesce(counted.article_count, 0)) filter (where days.weeks_ago > 0) as usual,
        mad(coalesce(counted.article_count, 0)) filter (where days.weeks_ago > 0) as spread,
        count_if(days.weeks_ago > 0) as week_count,
    from days
    left join counted
        on
            days.subject = counted.subject
            and days.checked_on - (7 * days.weeks_ago)::integer = counted.published_on
    where days.checked_on - (7 * days.weeks_ago)::integer >= days.first_on
    group by days.subject
),

few as (
    select
        *,
        usual - $volume_deviations * greatest(1.4826 * spread, sqrt(usual)) as threshold,
    from compared
    where
        week_count >= 4
        and usual >= $volume_min_articles
        and value < threshold
)

select
    subject,
    value,
    threshold,
    format(
        'Only {} published on {}, where {:.0f} are usual on a {} (median of {} weeks). '
        'Ask the provider whether something is missing.',
        value || if(value = 1, ' article', ' articles'),
        strftime(checked_on, '%Y-%m-%d'),
        usual,
        dayname(checked_on),
        week_count
    ) as message,
    subject = 'everything' or not exists (from few where subject = 'everything') as raises,
from few
