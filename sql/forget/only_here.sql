-- Names that only the articles in `wanted_articles` have: their entities go with them.

with only_here as (
    select mentions.entity_id
    from mentions
    left join wanted_articles on mentions.article_id = wanted_articles.article_id
    group by mentions.entity_id
    having bool_and(wanted_articles.article_id is not null)
)

select distinct unnest(list_append(entities.aliases, entities.name)) as name
from entities
semi join only_here on entities.entity_id = only_here.entity_id
order by name
