-- Counts of the quotes that match, by facet and value; an empty value stands for none. Months are as $span says, a format
-- of strftime.

select
    'outlet' as facet,
    coalesce(outlet, '') as value,
    count(*) as row_count,
from matching_quotes
group by all
union all
select
    'section' as facet,
    coalesce(section, '') as value,
    count(*) as row_count,
from matching_quotes
group by all
union all
select
    'kind' as facet,
    kind as value,
    count(*) as row_count,
from matching_quotes
group by all
union all
select
    'sure' as facet,
    'yes' as value,
    count(*) as row_count,
from matching_quotes
where is_sure
union all
select
    'month' as facet,
    strftime(published_on, $span) as value,
    count(*) as row_count,
from matching_quotes
group by all
order by facet, row_count desc, value
