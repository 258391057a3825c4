-- Who is mentioned again and again but never quoted?

with mentioned as (
    select
        entity_id,
        sum(article_count)::bigint as article_count,
        sum(mention_count)::bigint as mention_count,
    from mart.entities_by_day
    where
        entity_id in (
            select entities.entity_id
            from entities
            anti join mart.speakers on entities.entity_id = speakers.entity_id
            where entities.kind = 'person'
        )
    group by entity_id
)

select
    entities.name,
    mentioned.article_count as articles,
    mentioned.mention_count as mentions,
    entities.first_seen_on as first_on,
    entities.last_seen_on as last_on,
from mentioned
inner join entities on mentioned.entity_id = entities.entity_id
order by mentioned.article_count desc, mentioned.mention_count desc, entities.name, entities.entity_id
limit 10;
