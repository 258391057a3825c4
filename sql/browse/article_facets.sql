-- Counts of the articles that match, by facet and value; an empty value stands for none. Months are as $span says, a
-- format of strftime.

select
    'outlet' as facet,
    coalesce(outlet, '') as value,
    count(*) as row_count,
from matching_articles
group by all
union all
select
    'section' as facet,
    coalesce(section, '') as value,
    count(*) as row_count,
from matching_articles
group by all
union all
select
    'month' as facet,
    strftime(published_on, $span) as value,
    count(*) as row_count,
from matching_articles
group by all
order by facet, row_count desc, value
