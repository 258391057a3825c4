-- Who is named again and again, and never quoted?

with named as (
    select
        entity_id,
        sum(article_count)::bigint as article_count,
        sum(mention_count)::bigint as mention_count,
    from mart.entities_by_day
    group by entity_id
)

select
    entities.name,
    named.article_count as articles,
    named.mention_count as mentions,
    entities.first_seen_on as first_on,
    entities.last_seen_on as last_on,
from named
inner join entities on named.entity_id = entities.entity_id
anti join mart.speakers on named.entity_id = speakers.entity_id
where entities.kind = 'person'
order by named.article_count desc, named.mention_count desc, entities.name, entities.entity_id
limit 10;
