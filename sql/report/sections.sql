-- Articles by section over time, in days, weeks, months or years, depending on the span of the archive. The largest
-- sections by name, the others together. The rank is null for articles without a section. Articles far from all others (a
-- wrong year) are left out if they are very few, or they would turn days into years; outside_count counts them.

with middle as (
    select
        quantile_disc(published_on, 0.1) as first_on,
        quantile_disc(published_on, 0.9) as last_on,
        60 + 4 * (last_on - first_on) as margin,
        count(*) as article_count,
    from articles
),

outside as (
    select count(*) as article_count,
    from articles
    cross join middle
    where
        articles.published_on < middle.first_on - middle.margin::integer
        or articles.published_on > middle.last_on + middle.margin::integer
),

bounds as (
    select
        outside.article_count <= greatest(1, 0.02 * middle.article_count) as is_few,
        if(is_few, middle.first_on - middle.margin::integer, '0001-01-01'::date) as first_on,
        if(is_few, middle.last_on + middle.margin::integer, '9999-12-31'::date) as last_on,
        if(is_few, outside.article_count, 0) as outside_count,
    from middle
    cross join outside
),

drawn as (
    select
        daily.*,
        bounds.outside_count,
    from mart.daily_articles as daily
    inner join bounds on daily.published_on between bounds.first_on and bounds.last_on
),

span as (
    select
        case
            when max(published_on) - min(published_on) <= 45 then 'day'
            when max(published_on) - min(published_on) <= 420 then 'week'
            when max(published_on) - min(published_on) <= 4400 then 'month'
            else 'year'
        end as unit,
    from drawn
),

ranked as (
    select
        section,
        row_number() over (order by sum(article_count) desc, section asc) as rank,
    from drawn
    where section is not null
    group by section
)

select
    span.unit,
    date_trunc(span.unit, daily.published_on)::date as begins_on,
    (
        date_trunc(span.unit, daily.published_on) + case span.unit
            when 'day' then interval 1 day
            when 'week' then interval 7 days
            when 'month' then interval 1 month
            else interval 1 year
        end
    )::date as ends_on,
    if(ranked.rank <= $sections, ranked.rank, if(daily.section is null, null, $sections + 1)) as rank,
    any_value(if(ranked.rank <= $sections, daily.section, null)) as section,
    sum(daily.article_count)::bigint as articles,
    sum(daily.quote_count)::bigint as quotes,
    any_value(daily.outside_count) as outside_count,
from drawn as daily
cross join span
left join ranked on daily.section = ranked.section
group by all
order by begins_on, rank nulls last
