-- Counts of the articles or quotes that match, by facet and value; an empty value stands for none. Months are as $span
-- says, a format of strftime.

with days as (
    select
        published_on,
        count(*) as row_count,
    from matching
    group by published_on
)

select
    'outlet' as facet,
    coalesce(outlet, '') as value,
    count(*) as row_count,
from matching
group by all
union all
select
    'section' as facet,
    coalesce(section, '') as value,
    count(*) as row_count,
from matching
group by all
union all
select
    'kind' as facet,
    kind as value,
    count(*) as row_count,
from matching
where kind is not null
group by all
union all
select
    'sure' as facet,
    'yes' as value,
    count(*) as row_count,
from matching
where is_sure
having count(*) > 0
union all
select
    'month' as facet,
    strftime(published_on, $span) as value,
    sum(row_count)::bigint as row_count,
from days
group by all
order by facet, row_count desc, value
