-- The articles that $name means: an article_id, a path, or a URL; of a duplicate, the article whose bytes it has. Up to
-- migration 14, ids had ten bits more at their end.

select article_id
from articles
where
    article_id = try_cast($name as bigint)
    or article_id = try_cast($name as bigint) >> 10
    or source_path = $name
    or rtrim(url, '/') = rtrim($name, '/')
union
select article_id
from ops.deliveries
where source_path = $name and is_current and article_id is not null
order by article_id
