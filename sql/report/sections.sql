-- Articles by section over time, in days, weeks, months or years, depending on the span of the archive. The largest
-- sections by name, the others together. The rank is null for articles without a section.

with span as (
    select
        case
            when max(published_on) - min(published_on) <= 45 then 'day'
            when max(published_on) - min(published_on) <= 420 then 'week'
            when max(published_on) - min(published_on) <= 4400 then 'month'
            else 'year'
        end as unit,
    from mart.daily_articles
),

ranked as (
    select
        section,
        row_number() over (order by sum(article_count) desc, section asc) as rank,
    from mart.daily_articles
    where section is not null
    group by section
)

select
    span.unit,
    cast(date_trunc(span.unit, daily.published_on) as date) as begins_on,
    cast(
        date_trunc(span.unit, daily.published_on) + case span.unit
            when 'day' then interval 1 day
            when 'week' then interval 7 days
            when 'month' then interval 1 month
            else interval 1 year
        end as date
    ) as ends_on,
    if(ranked.rank <= $sections, ranked.rank, if(daily.section is null, null, $sections + 1)) as rank,
    any_value(if(ranked.rank <= $sections, daily.section, null)) as section,
    cast(sum(daily.article_count) as bigint) as articles,
    cast(sum(daily.quote_count) as bigint) as quotes,
from mart.daily_articles as daily
cross join span
left join ranked on daily.section = ranked.section
group by all
order by begins_on, rank nulls last
