-- The mentions of the target articles.

select
    mentions.article_id,
    mentions.mention_no,
    mentions.entity_id,
    mentions.text,
    mentions.kind,
    mentions.name,
    entities.name as current_name,
from mentions
semi join target_articles on mentions.article_id = target_articles.article_id
inner join entities on mentions.entity_id = entities.entity_id
order by mentions.article_id, mentions.mention_no
