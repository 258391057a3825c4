-- The newest articles that mention an entity.

with mentioning as (
    select distinct article_id
    from mentions
    where entity_id = $entity_id
)

select
    articles.article_id,
    articles.published_on,
    articles.outlet,
    articles.section,
    articles.title,
from mentioning
inner join articles on mentioning.article_id = articles.article_id
order by articles.published_at desc, articles.article_id
limit $shown
