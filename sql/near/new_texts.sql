-- Texts that were not held against their neighbours' yet.

select
    articles.article_id,
    articles.body,
from articles
semi join ops.uncompared on articles.article_id = uncompared.article_id
