-- The names in an article in reading order.

select
    field,
    char_start,
    char_end,
    entity_id,
from mentions
where article_id = $article_id
order by field desc, char_start, mention_no
