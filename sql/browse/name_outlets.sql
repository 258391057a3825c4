-- Quotes of a speaker by outlet, most first.

select
    outlet,
    quote_count,
    article_count,
from mart.speakers_by_outlet
where entity_id = $entity_id
order by quote_count desc, outlet
