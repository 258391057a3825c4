-- Names that only the articles in `wanted_articles` have: their entities go with them.

with named as (
    select name, text, entity_id, article_id from mentions
)

select distinct unnest([entities.name] || entities.aliases) as name
from entities
semi join (
    select named.entity_id
    from named
    left join wanted_articles on named.article_id = wanted_articles.article_id
    group by named.entity_id
    having bool_and(wanted_articles.article_id is not null)
) as only_here
    on entities.entity_id = only_here.entity_id
order by name
