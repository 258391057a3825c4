-- One row per speaker of one page of those that match, most quoted first, with how many match in all.

select
    speakers.*,
    count(*) over () as matching_count,
from mart.speakers as speakers
where
    ($who is null or speakers.entity_id in (select entity_id from entities_named($who)))
    and ($kind is null or speakers.kind = $kind)
order by speakers.quote_count desc, speakers.speaker, speakers.entity_id
limit $row_limit offset $row_offset
