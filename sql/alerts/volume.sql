-- Days of publication with far fewer articles than the same weekday of the weeks before. Judged is the last day
-- that ended at least 12 hours ago. Usual is the median; far below is volume_deviations deviations, which are
-- the larger of 1.4826 times the median absolute deviation (a standard deviation, if counts were normal) and the
-- square root of the median (what mere chance makes of a count). Only for those that usually deliver: see
-- freshness.sql.

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
        ($now - to_hours(12))::date - 1 as judged_on,
        unnest(range(0, $volume_weeks + 1)) as weeks_ago,
    from counted
    group by subject
),

held_against as (
    select
        days.subject,
        any_value(days.judged_on) as judged_on,
        coalesce(any_value(counted.article_count) filter (where days.weeks_ago = 0), 0) as value,
        median(coalesce(counted.article_count, 0)) filter (where days.weeks_ago > 0) as usual,
        mad(coalesce(counted.article_count, 0)) filter (where days.weeks_ago > 0) as spread,
        count_if(days.weeks_ago > 0) as week_count,
    from days
    left join counted
        on
            days.subject = counted.subject
            and days.judged_on - (7 * days.weeks_ago)::integer = counted.published_on
    where days.judged_on - (7 * days.weeks_ago)::integer >= days.first_on
    group by days.subject
),

few as (
    select
        *,
        usual - $volume_deviations * greatest(1.4826 * spread, sqrt(usual)) as threshold,
    from held_against
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
        'Only {} articles of {}, where {:.0f} are usual on a {} (median of {} weeks). '
        'Ask whoever delivers whether something is missing.',
        value,
        strftime(judged_on, '%Y-%m-%d'),
        usual,
        dayname(judged_on),
        week_count
    ) as message,
    subject = 'everything' or not exists (from few where subject = 'everything') as raises,
from few
