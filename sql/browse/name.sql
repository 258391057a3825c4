-- The entity of an id, with how often it is quoted and in how many articles it is named.

select
    entities.*,
    coalesce(speakers.quote_count, 0) as quote_count,
    speakers.direct_share,
    speakers.first_quoted_on,
    speakers.last_quoted_on,
    (
        select coalesce(sum(article_count), 0)::bigint
        from mart.entities_by_day
        where mart.entities_by_day.entity_id = entities.entity_id
    ) as article_count,
from entities
left join mart.speakers as speakers on entities.entity_id = speakers.entity_id
where entities.entity_id = $entity_id
