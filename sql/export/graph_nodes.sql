-- The names at the ends of the edges, with counts over the whole archive.

with ends as (
    select source_id as entity_id
    from edges
    union
    select target_id as entity_id
    from edges
),

mentioned as (
    select
        entity_id,
        sum(article_count)::integer as article_count,
        sum(mention_count)::integer as mention_count
    from mart.entities_by_day
    where entity_id in (select entity_id from ends)
    group by entity_id
)

select
    entities.entity_id::varchar as entity_id,
    entities.name,
    entities.kind,
    coalesce(mentioned.article_count, 0) as article_count,
    coalesce(mentioned.mention_count, 0) as mention_count,
    coalesce(speakers.quote_count, 0)::integer as quote_count,
    entities.gender,
    entities.country_code,
    entities.first_seen_on::varchar as first_seen_on,
    entities.last_seen_on::varchar as last_seen_on
from ends
inner join entities on ends.entity_id = entities.entity_id
left join mentioned on ends.entity_id = mentioned.entity_id
left join mart.speakers as speakers on ends.entity_id = speakers.entity_id
order by entities.name, entities.entity_id
