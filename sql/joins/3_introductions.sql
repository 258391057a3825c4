-- Where the sampled articles have the names: before these places, texts introduce them.

select
    sampled_mentions.article_id,
    sampled_mentions.name,
    sampled_mentions.field,
    sampled_mentions.char_start,
from sampled_mentions
inner join sampled_articles
    on
        sampled_mentions.article_id = sampled_articles.article_id
        and sampled_mentions.name = sampled_articles.name
where sampled_mentions.entity_id in (select entity_id from compared_entities)
